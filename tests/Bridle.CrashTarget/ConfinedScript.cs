using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.CrashTarget;

/// <summary>Runs a confined program in a workspace, says so, and waits for the end of its input; then it ends the program.</summary>
internal static class ConfinedScript
{
    public static async Task<int> RunAsync(string workspace)
    {
        var profile = new SandboxProfile { Workspace = workspace, Protected = ProtectedPlaces.Of(workspace, "/") };
        var sandbox = new SandboxInForce(BubblewrapSandbox.Shared, profile);
        await using var process = sandbox.Confine(new LocalProcesses(), sandbox.Plan).Start(new ProcessSpec("sleep", ["3600"], workspace) { OnOutput = _ => { } });
        Console.Out.WriteLine(string.Join(' ', ProcessCountOf(Environment.ProcessId)));
        Console.Out.Flush();
        _ = await Console.In.ReadToEndAsync();
        return 0;
    }

    // The control groups that are named after us.
    private static IEnumerable<string> ProcessCountOf(int id)
    {
        var pids = new[] { "/sys/fs/cgroup/pids", "/sys/fs/cgroup" }.Where(Directory.Exists);
        return pids.SelectMany(folder => Directory.EnumerateDirectories(folder, $"bridle-{id}-*")).Prepend("begun");
    }
}
