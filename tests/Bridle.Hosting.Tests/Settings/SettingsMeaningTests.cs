using System.Text;
using Bridle.Hosting.Settings;
using Bridle.Tools;

namespace Bridle.Hosting.Tests.Settings;

/// <summary>What a start would leave out of a file is said when the file is checked, with the word that was probably meant.</summary>
public sealed class SettingsMeaningTests
{
    [Theory]
    [InlineData("""{ "hooks": {\n"PreToolUz": [] } }""", "2: ", "PreToolUse")]
    [InlineData("""{ "hooks": { "Stop": [{ "hooks": [\n{ "type": "command", "comand": "x" }] }] } }""", "2: ", "Did you mean 'command'?")]
    [InlineData("""{ "hooks": { "PreToolUse": [{ "mather": "Bash", "hooks": [{ "command": "x" }] }] } }""", "1: ", "Did you mean 'matcher'?")]
    [InlineData("""{ "hooks": { "PreToolUse": [{ "matcher": "(", "hooks": [{ "command": "x" }] }] } }""", "1: ", "no regular expression")]
    [InlineData("""{ "hooks": { "PreToolUse": [{ "hooks": [] }] } }""", "1: ", "nothing runs")]
    [InlineData("""{ "hooks": { "PreToolUse": [{ "hooks": [{ "type": "agent", "prompt": "x" }] }] } }""", "1: ", "wait for subagents")]
    [InlineData("""{ "hooks": [] }""", "1: ", "hooks")]
    [InlineData("""{ "permissions": { "deny": [\n"Bsh(rm:*)"] } }""", "2: ", "Did you mean Bash?")]
    [InlineData("""{ "permissions": { "allow": ["Raed|Bash(ls)"] } }""", "1: ", "Did you mean Read?")]
    [InlineData("""{ "permissions": { "deny": ["WebFetch(domain:*.com)"] } }""", "1: ", "too wide")]
    [InlineData("""{ "sandbox": { "network": { "allowedDomains": ["a.example",\n"http://a.b/"] } } }""", "2: ", "no network rule")]
    [InlineData("""{ "sandbox": { "network": { "deniedDomains": ["*.com"] } } }""", "1: ", "too wide")]
    [InlineData("""{ "sandbox": { "network": { "privateDomains": ["*.corp.example"] } } }""", "1: ", "must be one host")]
    [InlineData("""{ "permission": { "path_rules": [{ "allow": true }] } }""", "1: ", "has no 'pattern'")]
    [InlineData("""{ "permission": { "path_rules": [{ "pattern": "src/*", "alow": true }] } }""", "1: ", "Did you mean 'allow'?")]
    [InlineData("""{ "permission": { "alowed_tools": ["Read"] } }""", "1: ", "Did you mean 'permission.allowed_tools'?")]
    [InlineData("""{ "permission": { "denied_tools": ["Bsh"] } }""", "1: ", "Did you mean Bash?")]
    [InlineData("""{ "permission": { "denied_commands": [3] } }""", "1: ", "is no text")]
    [InlineData("""{ "permission": { "mode": "full_auto" } }""", "1: ", "--mode bypass")]
    [InlineData("""{ "permission": { "mode": "wild" } }""", "1: ", "no mode")]
    [InlineData("""{ "permissions": { "defaultMode": "bypassPermissions" } }""", "1: ", "--mode bypass")]
    public void What_says_nothing_is_named_with_its_line_and_what_was_meant(string json, string line, string text) =>
        Assert.Contains(Review(json.Replace("\\n", "\n", StringComparison.Ordinal)), finding => finding.StartsWith(line, StringComparison.Ordinal) && finding.Contains(text, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{ "hooks": { "PreToolUse": [{ "matcher": "Bash|Edit", "hooks": [{ "type": "command", "command": "x", "timeout": 5, "onFailure": "block", "if": "Bash(rm:*)" }] }], "Stop": [] } }""")]
    [InlineData("""{ "hooks": { "pre_tool_use": [{ "type": "command", "command": "x", "timeout_seconds": 5, "block_on_failure": true }] } }""")]
    [InlineData("""{ "permissions": { "allow": ["Read", "Task(x)", "MultiEdit", "mcp__what__ever", "run_shell_command(ls)", "WebFetch(domain:example.com)"], "deny": ["*", "Web*"], "defaultMode": "manual" } }""")]
    [InlineData("""{ "sandbox": { "network": { "allowedDomains": ["*", "a.example:8443", "*.b.example"], "deniedDomains": ["c.example"], "privateDomains": ["d.corp"] } } }""")]
    [InlineData("""{ "permission": { "mode": "plan", "allowed_tools": ["read_file"], "denied_tools": ["Bash"], "path_rules": [{ "pattern": "src/*", "allow": true }], "denied_commands": ["rm *"] } }""")]
    public void What_counts_is_not_reported(string json) => Assert.Empty(Review(json));

    [Fact]
    public void Every_tool_that_comes_with_the_program_may_be_named() =>
        Assert.All(new BuiltInTools().Tools, tool => Assert.Contains(tool.Definition.Name, SettingsMeaning.Tools));

    private static string[] Review(string json) => [.. SettingsReview.Of(Encoding.UTF8.GetBytes(json), "f").Select(finding => $"{finding.Line}: {finding.Text}")];
}
