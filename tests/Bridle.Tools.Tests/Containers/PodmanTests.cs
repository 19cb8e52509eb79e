using System.Diagnostics;
using Bridle.Events;
using Bridle.Sandboxing;
using Bridle.Tools.Containers;
using Bridle.Workspaces;

namespace Bridle.Tools.Tests.Containers;

/// <summary>The tool against the real podman, with an image made of this machine's busybox. Skipped, and counted, where there is no podman or it cannot run.</summary>
public sealed class PodmanTests : IAsyncDisposable
{
    private const string Image = "localhost/bridle-test:1";
    private readonly Playground _place = new();
    private readonly string _volume = $"bridle-test-{Guid.NewGuid():N}";
    private readonly Dictionary<string, string> _variables = [];

    public PodmanTests()
    {
        // Where hard limits cannot be raised, as in many containers, podman needs them stated; an older crun does not take a mixed hierarchy of control groups.
        var settings = Path.Combine(_place.Top, "containers.conf");
        File.WriteAllText(settings, "[containers]\ndefault_ulimits=[\"nofile=4096:4096\",\"nproc=1024:1024\"]\n[engine]\nruntime=\"runc\"\n");
        _variables["CONTAINERS_CONF"] = settings;
        try
        {
            Prepare();
        }
        catch
        {
            // What is skipped in its constructor is not disposed of by anybody.
            DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    private void Prepare()
    {
        Assert.SkipUnless(Ask("podman", "--version").Code == 0 && File.Exists("/bin/busybox"), "podman or busybox-static is not installed");
        Assert.SkipUnless(MakeImage(), "podman cannot make an image here");
        Assert.Equal(0, Ask("podman", "volume", "create", _volume).Code);
        Assert.SkipUnless(Ask("podman", "run", "--rm", "--network", "none", Image, "true").Code == 0, $"podman cannot run here: {Ask("podman", "run", "--rm", Image, "true").Output}");
    }

    public async ValueTask DisposeAsync()
    {
        Ask("podman", "volume", "rm", "-f", _volume);
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task What_a_command_writes_outlives_the_container_and_can_be_read_by_the_user()
    {
        Assert.Equal(CallOutcome.Completed, (await RunAsync("echo kept > note; pwd")).Outcome);
        Assert.Equal("kept", (await RunAsync("cat note")).Text.Trim());
        var mount = Ask("podman", "volume", "inspect", "--format", "{{.Mountpoint}}", _volume).Output.Trim();
        Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(mount, "note")));
        Assert.DoesNotContain("bridle-", Ask("podman", "ps", "-a", "--format", "{{.Names}}").Output.Replace("bridle-test", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_else_can_be_written_reached_or_gained()
    {
        var result = await RunAsync("echo begun; touch /x && echo root-written; ls /proc/net/route >/dev/null && cat /proc/net/route | wc -l; grep -E 'CapEff|NoNewPrivs' /proc/self/status; echo done");
        Assert.DoesNotContain("root-written", result.Text, StringComparison.Ordinal);
        Assert.Matches(@"\n1\n", result.Text);
        Assert.Matches(@"CapEff:\s+0000000000000000", result.Text);
        Assert.Matches(@"NoNewPrivs:\s+1", result.Text);
        Assert.Contains("/x: Read-only file system", result.Text, StringComparison.Ordinal);
        Assert.Contains("\ndone", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_processes_is_limited()
    {
        var result = await RunAsync("echo begun; i=0; while [ $i -lt 700 ]; do sleep 20 & i=$((i+1)); done; echo all-started", timeout: 60);
        Assert.Contains("begun", result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("all-started", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_timeout_the_container_is_gone()
    {
        var result = await RunAsync("echo begun; sleep 300", timeout: 3);
        Assert.Equal(CallOutcome.TimedOut, result.Outcome);
        Assert.DoesNotContain("sleep 300", Ask("podman", "ps", "--no-trunc", "--format", "{{.Command}}").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_that_is_missing_is_not_made_in_passing()
    {
        var missing = new ContainerCommandTool(Options() with { Volume = _volume + "-missing" }, _variables);
        Assert.Contains($"podman volume create {_volume}-missing", await Playground.Failure(missing.RunAsync(_place.Scope, "true")), StringComparison.Ordinal);
        Assert.NotEqual(0, Ask("podman", "volume", "inspect", _volume + "-missing").Code);
    }

    private ValueTask<ToolResult> RunAsync(string command, int timeout = 60) => new ContainerCommandTool(Options(), _variables).RunAsync(_place.Scope, command, timeout);

    private ContainerOptions Options() => new("podman", Image, _volume) { User = $"{UserIds.OfThisProcess.User}:{UserIds.OfThisProcess.Group}" };

    private bool MakeImage()
    {
        if (Ask("podman", "image", "exists", Image).Code == 0)
        {
            return true;
        }

        var root = Directory.CreateDirectory(Path.Combine(_place.Top, "rootfs")).FullName;
        var script = $"cd '{root}' && mkdir -p bin etc tmp proc workspace && cp /bin/busybox bin/ && for n in sh cat ls touch grep wc sleep echo pwd true; do ln -s busybox bin/$n; done"
            + " && echo 'root:x:0:0:root:/:/bin/sh' > etc/passwd && echo 'root:x:0:' > etc/group && tar -cf ../rootfs.tar . && podman import ../rootfs.tar " + Image;
        return Ask("sh", "-c", script).Code == 0;
    }

    private (int Code, string Output) Ask(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _variables)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + (process.ExitCode == 0 ? "" : error.Result));
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }
}
