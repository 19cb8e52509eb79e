using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Settings;
using Bridle.Sandboxing;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.Tests.Sandboxes;

/// <summary>A backend is tried while the session is put together, unless the session may not start without it.</summary>
public sealed class SandboxDecidingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_backend_that_nobody_demands_is_tried_meanwhile()
    {
        using var trial = new SlowSandbox(works: true);

        var deciding = SandboxDecision.Deciding(null, Layers("{}"), [trial]);

        Assert.False(deciding.IsCompleted);
        trial.Finish();
        Assert.Same(trial, (await deciding).Sandbox);
    }

    [Fact]
    public async Task One_that_does_not_work_is_told_then_and_refuses_nothing()
    {
        using var trial = new SlowSandbox(works: false);
        trial.Finish();

        var decision = await SandboxDecision.Deciding("auto", Layers("{}"), [trial]);

        Assert.Null(decision.Refused);
        Assert.Equal("Commands are not confined: bubblewrap: broken", decision.Notice);
    }

    [Theory]
    [InlineData("required", "{}")]
    [InlineData(null, """{ "sandbox": { "required": true } }""")]
    [InlineData("auto", """{ "sandbox": { "backend": "bubblewrap" } }""")]
    public async Task One_that_is_demanded_is_known_before_anything_is_made(string? flag, string settings)
    {
        using var trial = new SlowSandbox(works: false);
        trial.Finish();

        var deciding = SandboxDecision.Deciding(flag, Layers(settings), [trial]);

        Assert.True(deciding.IsCompleted);
        Assert.NotNull((await deciding).Refused);
    }

    [Theory]
    [InlineData("off", "{}", true)]
    [InlineData(null, """{ "sandbox": { "backend": "none" } }""", false)]
    [InlineData(null, """{ "sandbox": { "enabled": false } }""", false)]
    public void What_the_administrator_turned_on_nothing_turns_off_and_a_flag_that_does_not_count_is_said(string? flag, string own, bool isSaid)
    {
        using var trial = new SlowSandbox(works: true);
        trial.Finish();
        _folder.Write("etc/managed-settings.json", """{ "sandbox": { "enabled": true } }""");
        _folder.Write(".config/bridle/settings.json", own);
        var layers = HostFiles.Read(new(_folder.Environment() with { ManagedFolder = Path.Combine(_folder.Path, "etc") }, _folder.Path)).Layers;

        var decision = SandboxDecision.Of(flag, layers, [trial]);

        Assert.Same(trial, decision.Sandbox);
        Assert.Equal(isSaid, decision.Notice?.Contains("--sandbox off does not count", StringComparison.Ordinal) is true);
    }

    private LayeredSettings Layers(string settings)
    {
        _folder.Write(".config/bridle/settings.json", settings);
        return HostFiles.Read(new(_folder.Environment(), _folder.Path)).Layers;
    }

    private sealed class SlowSandbox(bool works) : ISandbox, IDisposable
    {
        private readonly ManualResetEventSlim _finished = new();

        public string Name => "bubblewrap";

        public void Finish() => _finished.Set();

        public SandboxProbe Probe()
        {
            _finished.Wait();
            return new(works, works ? "bubblewrap" : "broken");
        }

        public IsolationPlan Plan(SandboxProfile profile) => throw new NotSupportedException();

        public IProcesses Confine(IProcesses processes, SandboxProfile profile) => throw new NotSupportedException();

        public void Dispose() => _finished.Dispose();
    }
}
