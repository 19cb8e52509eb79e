using Bridle.Workspaces;

namespace Bridle.Testing;

/// <summary>
/// A workspace that touches nothing: files in memory, processes and pages as the test scripts them. Paths are written with <c>/</c> on every system.
/// Safe to use concurrently.
/// </summary>
public sealed class InMemoryWorkspace : IWorkspace
{
    /// <summary>An empty workspace below <paramref name="root"/>; <paramref name="time"/> dates what is written.</summary>
    public InMemoryWorkspace(string root = "/work", TimeProvider? time = null) => Files = new InMemoryFiles(root, time);

    /// <summary>The files, to fill and to look at.</summary>
    public InMemoryFiles Files { get; }

    /// <summary>The processes, to script.</summary>
    public ScriptedProcesses Processes { get; } = new();

    /// <summary>The pages, to script.</summary>
    public ScriptedNetwork Network { get; } = new();

    IFiles IWorkspace.Files => Files;

    IProcesses IWorkspace.Processes => Processes;

    INetwork IWorkspace.Network => Network;
}
