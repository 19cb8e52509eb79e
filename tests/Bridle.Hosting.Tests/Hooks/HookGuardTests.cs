using Bridle.Tools;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>Hooks that say no whenever they fail.</summary>
public sealed class HookGuardTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("""{"matcher":"Bash(","hooks":[{"type":"command","command":"true","onFailure":"block"}]}""")]
    [InlineData("""{"hooks":[{"type":"agent","prompt":"Look.","onFailure":"block"}]}""")]
    [InlineData("""{"hooks":[{"type":"command","onFailure":"block"}]}""")]
    [InlineData("""{"hooks":[{"type":"http","url":"ftp://example.com/","onFailure":"block"}]}""")]
    public async Task A_guard_that_cannot_be_read_refuses_what_it_would_have_looked_at(string group)
    {
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{{{group}}}]}}""");
        Assert.Equal(Verdict.Deny, (await _rig.TryAsync("PreToolUse")).Together.Verdict);

        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{{{group.Replace("block", "continue", StringComparison.Ordinal)}}}]}}""");
        Assert.Null((await _rig.TryAsync("PreToolUse")).Together.Verdict);
    }
}
