using Bridle.Messages;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>The program that confines runs unconfined itself, so it must not be one that a confined program can write.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly Confined _here = new();

    public LauncherTests() => Confined.SkipUnlessItWorks();

    private static string SearchPath => Environment.GetEnvironmentVariable("PATH")!;

    private string Escaped => Path.Combine(_here.Outer, "escaped");

    public void Dispose() => _here.Dispose();

    private string Plant(string folder)
    {
        Directory.CreateDirectory(folder);
        var planted = Path.Combine(folder, "bwrap");
        File.WriteAllText(planted, $"#!/bin/sh\ntouch {Escaped}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(planted, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }

    [Fact]
    public async Task A_launcher_that_lies_in_the_workspace_is_not_started_though_PATH_names_its_folder_first()
    {
        var spec = new ProcessSpec("true", [], _here.Workspace) { OnOutput = _ => { }, Environment = new Dictionary<string, string> { ["PATH"] = $"{Plant(_here.In(".venv/bin"))}:{SearchPath}" } };

        await using var process = BubblewrapSandbox.Shared.Confine(new LocalProcesses(), _here.Profile).Start(spec);

        Assert.Equal(0, await process.Exit.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.False(File.Exists(Escaped));
    }

    [Fact]
    public async Task What_the_dynamic_linker_obeys_reaches_the_program_and_not_the_launcher()
    {
        var output = new System.Text.StringBuilder();
        var written = Path.Combine(_here.Outer, "linker");
        var spec = new ProcessSpec("sh", ["-c", "echo \"=$LD_DEBUG_OUTPUT=\""], _here.Workspace)
        {
            OnOutput = chunk => output.Append(System.Text.Encoding.UTF8.GetString(chunk.Bytes.Span)),
            Environment = new Dictionary<string, string> { ["LD_DEBUG"] = "libs", ["LD_DEBUG_OUTPUT"] = written },
        };

        await using var process = BubblewrapSandbox.Shared.Confine(new LocalProcesses(), _here.Profile).Start(spec);

        Assert.Equal(0, await process.Exit.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Contains($"={written}=", output.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_here.Outer));
    }

    [Fact]
    public void It_is_looked_for_where_no_confined_program_may_write()
    {
        var (inside, other, cache) = (Plant(_here.In("bin")), Plant(Path.Combine(_here.Outer, "other/bin")), Plant(Path.Combine(_here.Outer, "cache/bin")));
        var link = Path.Combine(_here.Outer, "link");
        Directory.CreateSymbolicLink(link, inside);
        var linked = Directory.CreateDirectory(Path.Combine(_here.Outer, "linked")).FullName;
        File.CreateSymbolicLink(Path.Combine(linked, "bwrap"), Path.Combine(inside, "bwrap"));
        var profile = _here.Profile with { Writable = [Path.Combine(_here.Outer, "other")], Mounts = [new SandboxMount(Path.Combine(_here.Outer, "cache"), Path.Combine(_here.Outer, "cache"), Writable: true)] };
        var planted = $"{inside}:{link}:{linked}:{other}:{cache}:relative:";

        Assert.Equal(BubblewrapCommand.Launcher(_here.Profile, SearchPath), BubblewrapCommand.Launcher(profile, $"{planted}:{SearchPath}"));
        Assert.Contains("not found on PATH", Assert.Throws<ToolException>(() => BubblewrapCommand.Launcher(profile, planted)).Message, StringComparison.Ordinal);
        var safe = Plant(Path.Combine(_here.Outer, "safe"));
        Assert.Equal(Path.Combine(safe, "bwrap"), BubblewrapCommand.Launcher(profile, $"{planted}:{safe}:{SearchPath}"));
        Assert.Equal(Path.Combine(inside, "bwrap"), BubblewrapCommand.Launcher(_here.Profile with { WorkspaceReadOnly = true }, planted));
    }
}
