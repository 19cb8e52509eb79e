using Bridle.FakeVendors;
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

    [Fact]
    public async Task A_guard_whose_address_is_not_allowed_refuses_and_nothing_is_sent_there()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        _rig.UserSettings($$$"""{"allowedHttpHookUrls":["https://example.com/*"],"hooks":{"PreToolUse":[{"hooks":[{"type":"http","url":"{{{server.Url}}}","onFailure":"block"}]}]}}""");
        Assert.Equal(Verdict.Deny, (await _rig.TryAsync("PreToolUse")).Together.Verdict);
        Assert.Empty(server.Requests);
    }
}
