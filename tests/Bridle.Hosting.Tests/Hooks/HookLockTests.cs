using Bridle.Events;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>What an answer of a hook cannot change, because the administrator has fixed it.</summary>
public sealed class HookLockTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private async Task<int> DeniedAsync(string managed, string update, string tool, string input)
    {
        _rig.File("etc/managed-settings.json", managed);
        var answer = """{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow","updatedPermissions":[UPDATE]}}}""".Replace("UPDATE", update, StringComparison.Ordinal);
        _rig.UserSettings("""{"hooks":{"PermissionRequest":[{"matcher":"Write","hooks":[{"command":COMMAND}]}]}}""".Replace("COMMAND", HookRig.Quoted($"echo '{answer}'"), StringComparison.Ordinal));
        var model = new ScriptedModel(ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}""")), ScriptedReply.Calls((tool, input)), ScriptedReply.Text("done"));
        var request = _rig.Request(model, TestApprover.No());
        request = request with { Environment = request.Environment with { ManagedFolder = Path.Combine(_rig.Home, "etc") } };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        var result = await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
        Assert.True(_rig.Has("work/a.txt"));
        return result.Denied.Count;
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{ "allowManagedPermissionRulesOnly": true }""", 1)]
    public async Task A_hook_adds_no_allow_rule_where_only_the_administrators_rules_allow_anything(string managed, int denied) =>
        Assert.Equal(denied, await DeniedAsync(managed, """{"type":"addRules","behavior":"allow","rules":[{"toolName":"Bash","ruleContent":"touch b"}]}""", "Bash", """{"command":"touch b"}"""));

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{ "permissions": { "defaultMode": "default" } }""", 1)]
    public async Task A_hook_sets_no_looser_mode_than_the_administrator_has_fixed(string managed, int denied)
    {
        Assert.Equal(denied, await DeniedAsync(managed, """{"type":"setMode","mode":"acceptEdits"}""", "Edit", """{"file_path":"a.txt","old_string":"x","new_string":"y"}"""));
        Assert.Equal(denied == 0, _rig.Records.OfType<ModeChanged>().Any());
    }

    [Fact]
    public async Task What_a_hook_makes_stricter_holds_under_every_lock() =>
        Assert.Equal(1, await DeniedAsync("""{ "allowManagedPermissionRulesOnly": true, "permissions": { "allow": ["Bash(touch b)"] } }""",
            """{"type":"addRules","behavior":"deny","rules":[{"toolName":"Bash","ruleContent":"touch b"}]}""", "Bash", """{"command":"touch b"}"""));
}
