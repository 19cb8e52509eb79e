using System.Text.Json;
using Bridle.Hooks;
using Bridle.Hosting.Hooks;
using Bridle.Hosting.Settings;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>An answer that is JSON and says what no hook can say is a failure, and never silently no opinion.</summary>
public sealed class HookSchemaTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private static HookMeaning Understood(string name, string output, bool blocks = false, int code = 0)
    {
        using var hooks = JsonDocument.Parse($$"""{"{{name}}":[{"hooks":[{"command":"true","onFailure":"{{(blocks ? "block" : "continue")}}"}]}]}""");
        var hook = HookReader.Read(new HookFile(SettingsOrigin.User, "/s.json", hooks.RootElement)).Single().Hook!;
        return new HookOutput(hook, "Bash").Read(new HookRun(code, output, ""));
    }

    [Theory]
    [InlineData("PreToolUse", """{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"maybe"}}""", "'hookSpecificOutput.permissionDecision' is \"maybe\", which is not allow, deny, ask or defer")]
    [InlineData("PreToolUse", """{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"Deny"}}""", "is \"Deny\"")]
    [InlineData("PreToolUse", """{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"block"}}""", "is \"block\"")]
    [InlineData("PreToolUse", """{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":true}}""", "is true")]
    [InlineData("PreToolUse", """{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow","updatedInput":"rm"}}""", "'hookSpecificOutput.updatedInput' is \"rm\", which is not an object")]
    [InlineData("PreToolUse", """{"hookSpecificOutput":{"permissionDecision":"allow","permissionDecisionReason":5}}""", "is 5, which is not a text")]
    [InlineData("PreToolUse", """{"decision":"deny"}""", "'decision' is \"deny\", which is not approve or block")]
    [InlineData("PreToolUse", """{"decision":"ask"}""", "is \"ask\"")]
    [InlineData("PreToolUse", """{"decision":{"behavior":"deny"}}""", "'decision'")]
    [InlineData("PreToolUse", """{"continue":"false"}""", "'continue' is \"false\", which is not true or false")]
    [InlineData("PreToolUse", """{"hookSpecificOutput":"deny"}""", "which is not an object")]
    [InlineData("PreModelSwitch", """{"hookSpecificOutput":{"permissionDecision":"later"}}""", "which is not allow, deny or ask")]
    [InlineData("PermissionRequest", """{"hookSpecificOutput":{"decision":{"behavior":"no"}}}""", "'hookSpecificOutput.decision.behavior' is \"no\"")]
    [InlineData("PermissionRequest", """{"hookSpecificOutput":{"decision":"deny"}}""", "'hookSpecificOutput.decision' is")]
    [InlineData("PermissionRequest", """{"hookSpecificOutput":{"decision":{}}}""", "is missing")]
    [InlineData("PermissionRequest", """{"hookSpecificOutput":{"decision":{"behavior":"allow","updatedPermissions":{}}}}""", "which is not a list")]
    [InlineData("UserPromptSubmit", """{"decision":"Block"}""", "is \"Block\"")]
    [InlineData("UserPromptSubmit", """{"hookSpecificOutput":{"additionalContext":["x"]}}""", "additionalContext")]
    [InlineData("SessionStart", """{"hookSpecificOutput":{"watchPaths":"/x"}}""", "which is not a list of texts")]
    public void It_is_told_decides_nothing_and_refuses_where_a_failure_shall(string name, string output, string told)
    {
        foreach (var code in new[] { 0, 1 })
        {
            var open = Understood(name, output, code: code);
            Assert.Contains("failed: ", Assert.Single(open.Notices));
            Assert.Contains(told, open.Notices[0]);
            Assert.Null(open.Answer.Verdict);
            Assert.Equal(Verdict.Deny, Understood(name, output, blocks: true, code).Answer.Verdict);
        }
    }

    [Fact]
    public void What_a_wrong_answer_says_against_something_holds_all_the_same()
    {
        Assert.Equal((Verdict.Deny, "no"), Both(Understood("PreToolUse", """{"decision":"block","reason":"no","continue":"x"}""")));
        Assert.Equal((Verdict.Deny, "no"), Both(Understood("PreToolUse", """{"decision":"block","reason":"no","continue":"x"}""", blocks: true)));
        Assert.Equal(Verdict.Deny, Understood("PreToolUse", """{"decision":"block","hookSpecificOutput":{"permissionDecision":"maybe"}}""").Answer.Verdict);
        Assert.Equal(Verdict.Ask, Understood("PreToolUse", """{"reason":5,"hookSpecificOutput":{"permissionDecision":"ask"}}""").Answer.Verdict);
        Assert.Equal("enough", Understood("PreToolUse", """{"continue":false,"stopReason":"enough","decision":"deny"}""", blocks: true).Answer.StopReason);
        Assert.Equal("x", Understood("PreToolUse", """{"reason":5,"hookSpecificOutput":{"permissionDecision":"allow","updatedInput":{"command":"x"}}}""").Answer.UpdatedInput is { } input ? (string?)JsonDocument.Parse(input).RootElement.GetProperty("command").GetString() : null);
        Assert.Equal(Verdict.Deny, Understood("PreToolUse", """{"decision":"deny"}""", code: 2).Answer.Verdict);

        static (Verdict?, string?) Both(HookMeaning meaning) => (meaning.Answer.Verdict, meaning.Answer.Reason);
    }

    [Theory]
    [InlineData("PreToolUse", """{"decision":null,"continue":true,"suppressOutput":false,"reason":null,"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"defer","updatedInput":null}}""", Verdict.Ask)]
    [InlineData("PreToolUse", """{"decision":"approve","somethingElse":5}""", Verdict.Allow)]
    [InlineData("PostToolUse", """{"hookSpecificOutput":{"hookEventName":"PostToolUse","permissionDecision":"maybe","updatedToolOutput":["any"]}}""", null)]
    [InlineData("PermissionRequest", """{"hookSpecificOutput":{"decision":{"behavior":"allow","updatedPermissions":[]}}}""", Verdict.Allow)]
    [InlineData("PreToolUse", "{}", null)]
    public void What_a_hook_can_say_is_taken(string name, string output, Verdict? verdict)
    {
        var meaning = Understood(name, output, blocks: true);
        Assert.Empty(meaning.Notices);
        Assert.Equal(verdict, meaning.Answer.Verdict);
    }

    [Theory]
    [InlineData(".config/bridle/hooks.json", false, true)]
    [InlineData(".config/bridle/hooks.json", true, true)]
    [InlineData("work/.bridle/hooks.json", true, true)]
    [InlineData("work/.bridle/hooks.json", false, false)]
    public async Task A_file_of_hooks_that_cannot_be_read_stops_the_start_where_its_hooks_would_run(string file, bool trust, bool stops)
    {
        // The last brace is missing: a guard that somebody wrote would be gone.
        var path = _rig.File(file, """{"hooks":{"PreToolUse":[{"hooks":[{"command":"exit 2","onFailure":"block"}]}]}""");
        var outcome = await Composition.StartAsync(_rig.Request(new ScriptedModel()) with { TrustFolder = trust }, TestContext.Current.CancellationToken);
        if (stops)
        {
            var refused = Assert.IsType<HarnessRefused>(outcome);
            Assert.Contains($"{path}: line 1: it is no JSON.", refused.Message);
        }
        else
        {
            await using var harness = Assert.IsType<HarnessStarted>(outcome).Harness;
            Assert.Contains(harness.Notices, notice => notice.Contains("none of its hooks runs", StringComparison.Ordinal));
        }

        Assert.Contains("it is no JSON", _rig.Book(trust).Hooks.Single(one => one.File.Path == path).Reason);
    }

    [Fact]
    public void A_folder_in_the_place_of_a_file_of_hooks_stops_it_too_and_an_empty_file_or_a_byte_order_mark_does_not()
    {
        Directory.CreateDirectory(Path.Combine(_rig.Home, ".config/bridle/hooks.json"));
        Assert.Contains("no ordinary file", HostFiles.Read(_rig.Request(null)).Problem?.Message);
        Directory.Delete(Path.Combine(_rig.Home, ".config/bridle/hooks.json"));
        _rig.File(".config/bridle/hooks.json", "");
        Assert.Null(HostFiles.Read(_rig.Request(null)).Problem);
        _rig.File(".config/bridle/hooks.json", "\uFEFF{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"command\":\"true\"}]}]}}");
        Assert.Null(HostFiles.Read(_rig.Request(null)).Problem);
        Assert.Single(_rig.Book().Active);
    }
}
