using System.Diagnostics;
using Bridle.Messages;
using Bridle.Sandboxing;
using Bridle.Tests.Workspaces;
using Bridle.Workspaces;
using Target = Bridle.Tests.Journal.CrashTarget;

namespace Bridle.Tests.Sandboxing;

/// <summary>Containers as a sandbox: the argument vector by an engine that only records, and the real podman with an image of this machine's busybox.</summary>
public sealed class ContainerSandboxTests : IDisposable
{
    private const string Image = "localhost/bridle-test:1";
    private readonly Confined _here = new();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task Each_program_gets_a_container_of_its_own_with_nothing_but_the_workspace()
    {
        _here.Git("init", "-q");
        File.WriteAllText(_here.In("key"), "hush");
        _here.Profile = new SandboxProfile
        {
            Workspace = _here.Workspace, Protected = ProtectedPlaces.Of(_here.Workspace, "/"), Masked = [_here.In("key")], Environment = new Dictionary<string, string> { ["A"] = "b" },
        };
        var engine = Recorder();

        var (code, _) = await RunAsync(new ContainerSandbox(new(engine, "img") { User = "7:8", MemoryMb = 99 }), "bash", "-c", "x y");

        var last = File.ReadAllLines(Path.Combine(_here.Outer, "calls"))[^1];
        Assert.Equal(0, code);
        Assert.EndsWith("img bash -c x y", last, StringComparison.Ordinal);
        foreach (var text in new[]
        {
            "run --rm --pull never --name bridle-", "-u 7:8", "--network none", "--cap-drop all", "--security-opt no-new-privileges", "--read-only", "--memory 99m", "--pids-limit 1024",
            "--tmpfs /tmp:rw,nosuid,nodev", $"-v {_here.Workspace}:{_here.Workspace}:rw", $"-v {_here.In(".git")}:{_here.In(".git")}:ro", $"-v {_here.In(".mcp.json")}:{_here.In(".mcp.json")}:ro",
            $"-v /dev/null:{_here.In("key")}:ro", $"-w {_here.Workspace}", "-e A=b", "-e HOME=/tmp",
        })
        {
            Assert.Contains(text, last, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(_here.In(".mcp.json")));
        Assert.DoesNotContain("keep-id", last, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_plan_is_what_it_does()
    {
        var sandbox = new ContainerSandbox(new("podman", "img") { User = "0:0" });

        Assert.Equal("container: changes only the workspace; the rest of the machine is not there, but the image img; no network; sees only its own processes, at most 1024 and 2048 MB, as far as podman enforces limits here", sandbox.Plan(_here.Profile).Text);
        Assert.True(sandbox.Plan(_here.Profile).KeepsToWorkspace);
        Assert.False(sandbox.Plan(_here.Profile with { Network = SandboxNetwork.Open }).KeepsToWorkspace);
    }

    [Fact]
    public async Task A_missing_engine_and_a_missing_image_are_told_and_nothing_runs()
    {
        Assert.Contains("the engine no-such-engine cannot be started", new ContainerSandbox(new("no-such-engine", "img") { User = "0:0" }).Probe().Detail, StringComparison.Ordinal);
        var sandbox = new ContainerSandbox(new(Recorder("image"), "img") { User = "0:0" });
        Assert.False(sandbox.Probe().Works);
        Assert.Contains("pull img", sandbox.Probe().Detail, StringComparison.Ordinal);

        var without = new ContainerSandbox(new(Recorder("run"), "img") { User = "0:0" });
        Assert.Contains("is not in the image img", (await Assert.ThrowsAsync<ToolException>(() => RunAsync(without, "rg", "x"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-v/:/host")]
    [InlineData("--privileged")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("img\n")]
    [InlineData("../img")]
    public void What_is_no_name_of_an_image_is_told_and_never_handed_to_the_engine(string image)
    {
        var probe = new ContainerSandbox(new(Recorder(), image) { User = "0:0" }).Probe();

        Assert.False(probe.Works);
        Assert.Contains("is no name of an image", probe.Detail, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_here.Outer, "calls")));
    }

    [Theory]
    [InlineData("alpine")]
    [InlineData("docker.io/library/alpine:3.20")]
    [InlineData("localhost:5000/a/b_c:1.2-x+y")]
    [InlineData("img@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Names_of_images_as_people_write_them_are_taken(string image) => Assert.Null(ContainerWords.WrongImage(image));

    [Fact]
    public void The_temporary_folder_of_a_container_is_in_its_memory_whatever_the_session_has()
    {
        using var protection = Protection.Of(_here.Profile);
        var mounts = ContainerMounts.Arguments(_here.Profile with { TemporaryFolder = Path.Combine(_here.Outer, "tmp") }, protection);

        Assert.Equal(["--tmpfs", "/tmp:rw,nosuid,nodev,mode=1777,size=256m"], mounts.Take(2));
        Assert.DoesNotContain(mounts, word => word.Contains($"{_here.Outer}/tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_podman_the_workspace_can_be_written_and_nothing_else()
    {
        var podman = Podman();
        _here.Git("init", "-q");
        var outside = Path.Combine(_here.Outer, "outside");
        File.WriteAllText(outside, "hush");
        _here.Profile = new SandboxProfile { Workspace = _here.Workspace, Protected = ProtectedPlaces.Of(_here.Workspace, "/") };

        var (code, output) = await RunAsync(podman, "sh", "-c", $"pwd; echo x > made; mkdir sub; cat {outside}; touch /x; echo x > .git/hooks/post-checkout; mv .git g; mkdir -p .vscode/x; echo x > .mcp.json; wc -l < /proc/net/route; grep CapEff /proc/self/status; exit 7");

        Assert.True(code == 7, output);
        Assert.StartsWith(_here.Workspace, output, StringComparison.Ordinal);
        Assert.Equal("x\n", File.ReadAllText(_here.In("made")));
        Assert.DoesNotContain("hush", output, StringComparison.Ordinal);
        Assert.Matches(@"\n1\n", output);
        Assert.Matches(@"CapEff:\s+0000000000000000", output);
        Assert.False(File.Exists(_here.In(".git/hooks/post-checkout")) || Directory.Exists(_here.In("g")) || Path.Exists(_here.In(".vscode")) || Path.Exists(_here.In(".mcp.json")));
        Assert.Equal(UserIds.OfThisProcess.User.ToString(), Ask("stat", "-c", "%u", _here.In("made")).Output.Trim());
    }

    [Fact]
    public async Task In_podman_a_killed_program_takes_its_container_along()
    {
        var podman = Podman();
        var process = podman.Confine(new LocalProcesses(), _here.Profile).Start(new ProcessSpec("sh", ["-c", "echo begun > begun; sleep 300"], _here.Workspace) { OnOutput = _ => { } });
        await using (process)
        {
            await Eventually.Async(() => File.Exists(_here.In("begun")) || process.Exit.IsCompleted, seconds: 60);
            Assert.False(process.Exit.IsCompleted);
            await process.KillAsync();
        }

        Assert.DoesNotContain(_here.Workspace, Mounts(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_podman_a_Bridle_that_is_killed_takes_its_container_along()
    {
        _ = Podman();
        using var other = Target.StartContained(_here.Workspace, "podman", Image, Path.Combine(_here.Outer, "containers.conf"));
        await Eventually.Async(() => File.Exists(_here.In("begun")) || other.HasExited, seconds: 60);
        Assert.Contains(_here.Workspace, Mounts(), StringComparison.Ordinal);

        other.Kill();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Eventually.Async(() => !Mounts().Contains(_here.Workspace, StringComparison.Ordinal), seconds: 60);
    }

    private static string Mounts() => Ask("podman", "ps", "-a", "--no-trunc", "--format", "{{.Mounts}}").Output;

    private async Task<(int Code, string Output)> RunAsync(ISandbox sandbox, params string[] command)
    {
        var output = new System.Text.StringBuilder();
        await using var process = sandbox.Confine(new LocalProcesses(), _here.Profile).Start(new ProcessSpec(command[0], command[1..], _here.Workspace) { OnOutput = chunk => output.Append(System.Text.Encoding.UTF8.GetString(chunk.Bytes.Span)) });
        return (await process.Exit.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), output.ToString());
    }

    // Writes down what it is called with; fails for one verb.
    private string Recorder(string fails = "none")
    {
        var file = Path.Combine(_here.Outer, $"engine-{fails}");
        File.WriteAllText(file, $"#!/bin/sh\necho \"$*\" >> {_here.Outer}/calls\n[ \"$1\" != {fails} ]\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return file;
    }

    private ContainerSandbox Podman()
    {
        var settings = Path.Combine(_here.Outer, "containers.conf");
        File.WriteAllText(settings, "[containers]\ndefault_ulimits=[\"nofile=4096:4096\",\"nproc=1024:1024\"]\n[engine]\nruntime=\"runc\"\n");
        var (user, group) = UserIds.OfThisProcess;
        var sandbox = new ContainerSandbox(new("podman", Image) { User = $"{user}:{group}", KeepUser = user != 0, Variables = new Dictionary<string, string> { ["CONTAINERS_CONF"] = settings } });
        Assert.SkipUnless(File.Exists("/bin/busybox") && MakeImage(), "podman or busybox-static is not installed");
        Assert.SkipUnless(sandbox.Probe().Works, sandbox.Probe().Detail);
        return sandbox;
    }

    private bool MakeImage()
    {
        if (Ask("sh", "-c", $"podman image exists {Image}").Code == 0)
        {
            return true;
        }

        var root = Directory.CreateDirectory(Path.Combine(_here.Outer, "image", "bin")).FullName;
        File.Copy("/bin/busybox", Path.Combine(root, "busybox"));
        foreach (var name in new[] { "sh", "cat", "touch", "mkdir", "mv", "wc", "grep", "sleep", "true", "ls" })
        {
            File.CreateSymbolicLink(Path.Combine(root, name), "busybox");
        }

        Directory.CreateDirectory(Path.Combine(_here.Outer, "image", "tmp"));
        return Ask("sh", "-c", $"tar -C {_here.Outer}/image -c . | podman import - {Image}").Code == 0;
    }

    private static (int Code, string Output) Ask(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
