using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.CrashTarget;

/// <summary>Runs a confined program in a workspace, says so, and waits for the end of its input; then it ends the program.</summary>
internal static class ConfinedScript
{
    /// <summary>In bubblewrap.</summary>
    public static Task<int> RunAsync(string workspace) => RunAsync(workspace, BubblewrapSandbox.Shared);

    /// <summary>In a container.</summary>
    public static Task<int> RunAsync(string workspace, string engine, string image, string settings) =>
        RunAsync(workspace, new ContainerSandbox(new(engine, image) { User = "0:0", Variables = new Dictionary<string, string> { ["CONTAINERS_CONF"] = settings } }));

    private static async Task<int> RunAsync(string workspace, ISandbox sandbox)
    {
        var profile = new SandboxProfile { Workspace = workspace, Protected = ProtectedPlaces.Of(workspace, "/") };
        var inForce = new SandboxInForce(sandbox, profile);
        await using var process = inForce.Confine(new LocalProcesses(), inForce.Plan).Start(new ProcessSpec("sh", ["-c", "echo begun > begun; exec sleep 3600"], workspace) { OnOutput = _ => { } });
        Console.Out.WriteLine(string.Join(' ', GroupsOf(Environment.ProcessId).Prepend("begun")));
        Console.Out.Flush();
        _ = await Console.In.ReadToEndAsync();
        return 0;
    }

    // The control groups that are named after us.
    private static IEnumerable<string> GroupsOf(int id) =>
        new[] { "/sys/fs/cgroup/pids", "/sys/fs/cgroup" }.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateDirectories(folder, $"bridle-{id}-*"));
}
