using System.Diagnostics;
using System.Text;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>A scratch workspace and programs that run confined to it.</summary>
internal sealed class Confined : IDisposable
{
    public Confined()
    {
        // Not in the temporary folder of the machine, which is another one inside.
        Outer = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), $".bridle-sandbox-test-{Guid.NewGuid():N}");
        Workspace = Path.Combine(Outer, "ws");
        Directory.CreateDirectory(Workspace);
        Profile = new SandboxProfile { Workspace = Workspace };
    }

    public string Outer { get; }

    public string Workspace { get; }

    public SandboxProfile Profile { get; set; }

    public ISandbox Sandbox { get; init; } = BubblewrapSandbox.Shared;

    public static void SkipUnlessItWorks() => Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);

    public string In(string path) => Path.Combine(Workspace, path);

    public (IRunningProcess Process, StringBuilder Output) Start(params string[] command)
    {
        var output = new StringBuilder();
        var spec = new ProcessSpec(command[0], command[1..], Workspace)
        {
            OnOutput = chunk =>
            {
                lock (output)
                {
                    output.Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
                }
            },
        };
        return (Sandbox.Confine(new LocalProcesses(), Profile).Start(spec), output);
    }

    /// <summary>Starts a command and waits until it has said that word.</summary>
    public async Task<IRunningProcess> StartSayingAsync(string word, params string[] command)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new StringBuilder();
        var process = Sandbox.Confine(new LocalProcesses(), Profile).Start(new ProcessSpec(command[0], command[1..], Workspace)
        {
            OnOutput = chunk =>
            {
                // One chunk at a time.
                if (output.Append(Encoding.UTF8.GetString(chunk.Bytes.Span)).ToString().Contains(word, StringComparison.Ordinal))
                {
                    said.TrySetResult();
                }
            },
        });
        await Task.WhenAny(said.Task, process.Exit).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(said.Task.IsCompleted, output.ToString());
        return process;
    }

    public async Task<(int Code, string Output)> RunAsync(params string[] command)
    {
        var (process, output) = Start(command);
        await using (process)
        {
            var code = await process.Exit.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            return (code, output.ToString());
        }
    }

    public Task<(int Code, string Output)> BashAsync(string script) => RunAsync("bash", "-c", script);

    public void Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", "-C", Workspace, .. arguments]) { RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    /// <summary>Makes the workspace a repository, with another one inside of which there is only the configuration.</summary>
    public void RepositoryWith(string inner)
    {
        Git("init", "-q");
        Directory.CreateDirectory(In($"{inner}/.git"));
        File.WriteAllText(In($"{inner}/.git/config"), "nested");
    }

    public void Dispose() => Directory.Delete(Outer, recursive: true);
}
