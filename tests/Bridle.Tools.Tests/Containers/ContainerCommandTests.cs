using Bridle.Events;
using Bridle.Sandboxing;
using Bridle.Tools.Containers;

namespace Bridle.Tools.Tests.Containers;

/// <summary>The tool against an engine that writes down what it was asked.</summary>
public sealed class ContainerCommandTests : IAsyncDisposable
{
    private readonly Playground _place = new();

    public async ValueTask DisposeAsync() => await _place.DisposeAsync();

    [Fact]
    public async Task The_engine_is_asked_as_the_seed_asks_it_and_hardened()
    {
        var result = await Tool(Engine("echo ran; exit 0")).RunAsync(_place.Scope, "echo \"a b\" | wc");
        Assert.Equal((CallOutcome.Completed, "ran"), (result.Outcome, result.Text));
        var run = Asked().Last();
        Assert.Matches(
            "^run --rm --name bridle-[0-9a-f]{32} -u 1000:1000 -v vol:/workspace -w /workspace --network none --memory 2048m --pids-limit 512 --cpus 2 --ulimit nofile=4096:4096 --ulimit nproc=4096:4096 --ulimit core=0:0 "
            + "--cap-drop all --security-opt no-new-privileges --read-only --tmpfs /tmp:rw,nosuid,nodev,size=256m -e HOME=/workspace img:1 /bin/sh -c ", run);
        Assert.EndsWith(" sh echo \"a b\" | wc", run, StringComparison.Ordinal);
        Assert.Equal("volume inspect vol", Asked()[0]);
    }

    [Fact]
    public async Task The_network_is_there_only_when_a_person_switched_it_on()
    {
        var tool = new ContainerCommandTool(Options(Engine("exit 0")) with { HasNetwork = true }, new Dictionary<string, string>());
        await tool.RunAsync(_place.Scope, "true");
        Assert.DoesNotContain("--network", Asked().Last(), StringComparison.Ordinal);
        Assert.False(tool.Plan.KeepsToWorkspace);
        Assert.True(Tool(Engine("exit 0")).Plan.KeepsToWorkspace);
    }

    [Fact]
    public async Task The_user_of_a_rootless_engine_is_kept()
    {
        await new ContainerCommandTool(Options(Engine("exit 0")) with { KeepUser = true }, new Dictionary<string, string>()).RunAsync(_place.Scope, "true");
        Assert.Contains(" --userns=keep-id ", Asked().Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exit_code_is_the_command_s()
    {
        var result = await Tool(Engine("echo out; echo err >&2; exit 7")).RunAsync(_place.Scope, "x");
        Assert.Equal((CallOutcome.Failed, 7), (result.Outcome, result.ExitCode));
        Assert.Contains("out", result.Text, StringComparison.Ordinal);
        Assert.Contains("err", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_volume_nothing_runs_and_the_command_that_makes_it_is_told()
    {
        var told = await Playground.Failure(Tool(Engine("exit 0", volumeExists: false)).RunAsync(_place.Scope, "touch x"));
        Assert.Contains("volume create vol", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Asked(), line => line.StartsWith("run", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/etc", "img")]
    [InlineData("--mount", "img")]
    [InlineData("../up", "img")]
    [InlineData("vol:/workspace", "img")]
    [InlineData("", "img")]
    [InlineData("vol", "--privileged")]
    [InlineData("vol", "-v/:/host")]
    public async Task A_volume_or_an_image_that_the_engine_could_take_for_something_else_is_refused(string volume, string image)
    {
        var told = await Playground.Failure(new ContainerCommandTool(Options(Engine("exit 0")) with { Volume = volume, Image = image }, new Dictionary<string, string>()).RunAsync(_place.Scope, "x"));
        Assert.Matches("The command was not run: '.*' is no name of (a volume|an image)\\.", told);
        Assert.Empty(Asked());
    }

    [Fact]
    public async Task Without_the_engine_nothing_runs_on_this_machine_instead()
    {
        var told = await Playground.Failure(Tool(Path.Combine(_place.Top, "no-engine")).RunAsync(_place.Scope, $"touch {_place.Root}/ran"));
        Assert.Contains("volume create vol", told, StringComparison.Ordinal);
        Assert.Contains("no-engine", told, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_place.Root));
    }

    [Fact]
    public async Task At_the_timeout_the_container_itself_is_ended()
    {
        var result = await Tool(Engine("echo begun; exec sleep 60")).RunAsync(_place.Scope, "x", timeout: 1);
        Assert.Equal(CallOutcome.TimedOut, result.Outcome);
        Assert.Matches("^rm -f bridle-[0-9a-f]{32}$", Asked().Last());
    }

    [Fact]
    public void It_is_a_tool_of_its_own_with_a_plan_of_its_own()
    {
        var tool = Assert.Single(new ContainerTools(Options("podman"), new Dictionary<string, string>()).Tools);
        Assert.Equal("execute_sandboxed_command", tool.Definition.Name);
        Assert.Equal("container", tool.Definition.OwnIsolation!.Backend);
        Assert.Contains("volume vol", tool.Definition.OwnIsolation.Text, StringComparison.Ordinal);
        Assert.Contains("no network", tool.Definition.OwnIsolation.Text, StringComparison.Ordinal);
    }

    private ContainerCommandTool Tool(string engine) => new(Options(engine), new Dictionary<string, string>());

    private static ContainerOptions Options(string engine) => new(engine, "img:1", "vol") { User = "1000:1000" };

    private string Engine(string run, bool volumeExists = true)
    {
        var path = Path.Combine(_place.Top, "engine");
        File.WriteAllText(path, $"#!/bin/sh\necho \"$*\" >> '{_place.Top}/asked'\ncase \"$1\" in volume) exit {(volumeExists ? 0 : 1)};; run) {run};; esac\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private string[] Asked() => File.Exists(Path.Combine(_place.Top, "asked")) ? File.ReadAllLines(Path.Combine(_place.Top, "asked")) : [];
}
