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
    [InlineData("""{"hooks":[{"type":"mcp_tool","server":"s","tool":"t","onFailure":"block"}]}""")]
    [InlineData("""{"hooks":[{"type":"command","onFailure":"block"}]}""")]
    [InlineData("""{"hooks":[{"type":"http","url":"ftp://example.com/","onFailure":"block"}]}""")]
    public async Task A_guard_that_cannot_be_read_refuses_what_it_would_have_looked_at(string group)
    {
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{{{group}}}]}}""");
        Assert.Equal(Verdict.Deny, (await _rig.TryAsync("PreToolUse")).Together.Verdict);

        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{{{group.Replace("block", "continue", StringComparison.Ordinal)}}}]}}""");
        Assert.Null((await _rig.TryAsync("PreToolUse")).Together.Verdict);
    }

    [Theory]
    [InlineData("agent", "wait for subagents, which are not there yet; use command, http or prompt.")]
    [InlineData("mcp_tool", "wait for MCP servers, which are not there yet; use command, http or prompt.")]
    public void A_type_whose_part_is_not_there_is_rejected_with_the_reason(string type, string reason)
    {
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{"hooks":[{"type":"{{{type}}}","prompt":"x"}]}]}}""");
        Assert.Equal($"hooks of type '{type}' {reason}", Assert.Single(_rig.Book().Hooks).Reason);
        Assert.Empty(_rig.Book().Active);
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
