using Bridle.Hosting.DryRuns;
using Bridle.Hosting.Tests.Hooks;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.DryRuns;

public sealed class ResumedDryRunTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_session_that_goes_on_lists_the_tools_that_it_is_sent_and_a_new_one_those_of_today()
    {
        var model = new ScriptedModel(ScriptedReply.Text("done"), ScriptedReply.Text("done"));
        await RunAsync(model);
        _rig.UserSettings("""{ "permissions": { "deny": ["Bash"] } }""");
        var resumed = await DryRun.OfAsync(_rig.Request(model) with { SessionName = "s" }, "run a command", TestContext.Current.CancellationToken);
        var fresh = await DryRun.OfAsync(_rig.Request(model) with { SessionName = "t" }, "run a command", TestContext.Current.CancellationToken);
        await RunAsync(model);
        Assert.Equal(model.Requests[^1].Tools.Select(tool => tool.Name).Order(StringComparer.Ordinal), resumed.Tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.Contains(resumed.Tools, tool => tool.Name is "Bash");
        Assert.Equal("read", resumed.Tools.First(tool => tool.Name is "Read").Kind);
        Assert.DoesNotContain(fresh.Tools, tool => tool.Name is "Bash");
    }

    private async Task RunAsync(ScriptedModel model)
    {
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(model) with { SessionName = "s" }, TestContext.Current.CancellationToken)).Harness;
        await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
    }
}
