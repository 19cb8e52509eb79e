namespace Bridle.Workspaces;

/// <summary>A folder of this machine with its processes and the network. Safe to use concurrently.</summary>
public sealed class LocalWorkspace : IWorkspace
{
    /// <summary>
    /// Opens <paramref name="root"/>; <paramref name="environmentNames"/> are the variables that programs get beside the usual ones.
    /// Throws <see cref="DirectoryNotFoundException"/> when the root is not a folder.
    /// </summary>
    public LocalWorkspace(string root, IEnumerable<string>? environmentNames = null, TimeProvider? time = null)
    {
        Files = new LocalFiles(root);
        Processes = new LocalProcesses(environmentNames);
        Network = new LocalNetwork(time);
    }

    /// <inheritdoc/>
    public IFiles Files { get; }

    /// <inheritdoc/>
    public IProcesses Processes { get; }

    /// <inheritdoc/>
    public INetwork Network { get; }
}
