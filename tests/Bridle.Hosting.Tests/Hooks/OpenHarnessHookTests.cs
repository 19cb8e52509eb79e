namespace Bridle.Hosting.Tests.Hooks;

/// <summary>Hooks that are declared as OpenHarness declares them hear what they would hear there.</summary>
public sealed class OpenHarnessHookTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("pre_tool_use", "Bash", """{"command":"ls","timeout":5000}""", "bash", """{"command":"ls","timeout_seconds":5}""")]
    [InlineData("pre_tool_use", "Edit", """{"file_path":"/x","old_string":"a","new_string":"b"}""", "edit_file", """{"path":"/x","old_str":"a","new_str":"b"}""")]
    public async Task A_hook_in_OpenHarness_form_hears_of_it_in_OpenHarness_words(string written, string tool, string input, string theirs, string theirInput)
    {
        _rig.UserSettings($$$"""{"hooks":{"{{{written}}}":[{"type":"command","command":"printf '%s\\n' \"$OPENHARNESS_HOOK_EVENT\" \"$OPENHARNESS_HOOK_PAYLOAD\" > ../theirs"}],"PreToolUse":[{"hooks":[{"command":"cat > ../claudes; printf %s \"$OPENHARNESS_HOOK_EVENT\" > ../event"}]}]}}""");
        await _rig.TryAsync("PreToolUse", tool, input);
        var lines = _rig.Read("theirs").Split('\n');
        using var payload = System.Text.Json.JsonDocument.Parse(lines[1]);
        Assert.Equal((written, written, theirs), (lines[0], payload.RootElement.GetProperty("event").GetString(), payload.RootElement.GetProperty("tool_name").GetString()));
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(theirInput), System.Text.Json.Nodes.JsonNode.Parse(payload.RootElement.GetProperty("tool_input").GetRawText())), payload.RootElement.GetRawText());
        Assert.Contains($"\"tool_name\":\"{tool}\"", _rig.Read("claudes"));
        Assert.DoesNotContain("\"event\":", _rig.Read("claudes"));
        Assert.Equal("PreToolUse", _rig.Read("event"));
    }

    [Fact]
    public async Task An_http_hook_in_OpenHarness_form_gets_event_and_payload()
    {
        using var server = new OneAnswer(200, "");
        _rig.UserSettings($$$"""{"hooks":{"post_tool_use":[{"type":"http","url":"{{{server.Url}}}"}]}}""");
        await _rig.TryAsync("PostToolUse");
        using var body = System.Text.Json.JsonDocument.Parse(server.Body);
        Assert.Equal(["event", "payload"], body.RootElement.EnumerateObject().Select(field => field.Name));
        var payload = body.RootElement.GetProperty("payload");
        Assert.Equal(("post_tool_use", "post_tool_use", "bash", false), (body.RootElement.GetProperty("event").GetString(), payload.GetProperty("event").GetString(), payload.GetProperty("tool_name").GetString(), payload.GetProperty("tool_is_error").GetBoolean()));
        Assert.Equal(System.Text.Json.JsonValueKind.String, payload.GetProperty("tool_output").ValueKind);
    }
}
