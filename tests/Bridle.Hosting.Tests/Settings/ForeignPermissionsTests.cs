using System.Text;
using Bridle.Hosting.Cases;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Tests.Settings;

/// <summary>ReIN's list and OpenHarness' permissions are read into the same rules and judged by the same engine.</summary>
public sealed class ForeignPermissionsTests
{
    private const string Rein = """{ "permissions": [ { "tool": "Edit|Write", "decision": "deny" }, { "tool": "mcp__*", "decision": "allow" }, { "tool": "Bash(git:*)", "decision": "allow" }, { "tool": "Bash(npm:test)", "decision": "allow" }, { "tool": "Bash", "decision": "deny" , "x": 1 } ] }""";

    private const string OpenHarness = """
        { "permission": { "mode": "plan", "allowed_tools": [ "bash", 7 ], "denied_tools": [ "web_fetch" ],
          "path_rules": [ { "pattern": " /etc/* ", "allow": false }, { "pattern": "*/keys/a*b", "allow": false }, { "pattern": "/ws/src/*", "allow": true }, { "allow": false } ],
          "denied_commands": [ "rm -rf /", " drop * " ] } }
        """;

    [Fact]
    public void The_list_form_gives_rules_with_their_decision()
    {
        var permissions = Read(Rein).Permissions!;
        Assert.Equal(["Edit", "Write", "Bash"], permissions.Deny);
        Assert.Equal(["mcp__*__*", "Bash(git:*)", "Bash(npm test:*)"], permissions.Allow);
    }

    [Theory]
    [InlineData("""["deny","Bash"],["allow","Bash"]""")]
    [InlineData("""["allow","Bash"],["deny","Bash"]""")]
    public void A_denial_in_the_list_wins_whatever_the_order(string order)
    {
        var entries = string.Join(',', order.Split("],[").Select(one => one.Trim('[', ']').Split(',')).Select(one => $$"""{ "tool": {{one[1]}}, "decision": {{one[0]}} }"""));
        var permissions = Read($$"""{ "permissions": [ {{entries}} ] }""").Permissions!;
        Assert.Equal("deny", Judge(permissions, "Bash", "\"ls\""));
    }

    [Theory]
    [InlineData("Read", """{"path":"/etc/passwd"}""", "deny")]
    [InlineData("Read", """{"path":"/etc/a/b"}""", "deny")]
    [InlineData("Write", """{"path":"/etc/a","content":"x"}""", "deny")]
    [InlineData("Read", """{"path":"/ws/keys/axb"}""", "deny")]
    [InlineData("Read", """{"path":"/ws/keys/ax/y/zb"}""", "deny")]
    [InlineData("WebFetch", """{"url":"https://example.com/"}""", "deny")]
    [InlineData("Bash", "\"rm -rf /\"", "deny")]
    [InlineData("Bash", "\"rm  -rf /\"", "deny")]
    [InlineData("Bash", "\"rm -fr /\"", "deny")]
    [InlineData("Bash", "\"sudo rm -rf /\"", "deny")]
    [InlineData("Bash", "\"cd / && rm -rf /\"", "deny")]
    [InlineData("Bash", "\"drop table\"", "deny")]
    [InlineData("Bash", "\"make\"", "allow")]
    [InlineData("Write", """{"path":"/ws/src/b.cs","content":"x"}""", "allow")]
    public void Tools_path_rules_and_denied_commands_judge_as_they_are_meant(string tool, string input, string verdict) =>
        Assert.Equal(verdict, Judge(Read(OpenHarness).Permissions! with { DefaultMode = "default" }, tool, input));

    [Theory]
    [InlineData("src/*", "/ws/src/deep/b.cs", "allow")]
    [InlineData("src/*", "/usr/src/x", "ask")]
    [InlineData("src/*", "/ws/other/src/x", "ask")]
    [InlineData("*/src/*", "/ws/other/src/x", "allow")]
    [InlineData("*/src/*", "/usr/src/x", "ask")]
    [InlineData("*.md", "/ws/docs/a.md", "allow")]
    [InlineData("*.md", "/srv/a.md", "ask")]
    [InlineData("*", "/ws/a", "allow")]
    [InlineData("*", "/etc/a", "ask")]
    [InlineData("a.txt", "/ws/a.txt", "allow")]
    [InlineData("a.txt", "/srv/a.txt", "ask")]
    [InlineData("../x/*", "/x/a", "ask")]
    [InlineData("/srv/*", "/srv/a/b", "allow")]
    public void A_path_rule_that_allows_and_does_not_begin_at_a_root_stays_in_the_workspace(string pattern, string path, string verdict)
    {
        var permissions = Read($$"""{ "permission": { "path_rules": [ { "pattern": "{{pattern}}", "allow": true } ] } }""").Permissions!;
        Assert.Equal(verdict, Judge(permissions, "Write", $$"""{"path":"{{path}}","content":"x"}"""));
    }

    [Theory]
    [InlineData("Bash", "\"make\"")]
    [InlineData("Write", """{"path":"/ws/src/b.cs","content":"x"}""")]
    public void Plan_mode_holds_for_an_allow_listed_shell_and_an_allow_path_rule(string tool, string input) => Assert.Equal("deny", Judge(Read(OpenHarness).Permissions!, tool, input));

    [Fact]
    public void What_cannot_be_understood_is_skipped_and_reported()
    {
        var file = SettingsFile.Parse("f", Encoding.UTF8.GetBytes(OpenHarness));
        Assert.Equal(2, file.Notices.Count(notice => notice.Contains("is skipped", StringComparison.Ordinal)));
        Assert.Contains(file.Notices, notice => notice.Contains("{ \"allow\": false }", StringComparison.Ordinal));
        Assert.Single(SettingsFile.Parse("f", """{ "permissions": [ { "tool": "Bash" }, { "tool": "Read", "decision": "allow" } ] }"""u8.ToArray()).Notices);
    }

    [Fact]
    public void Auto_means_bypass_there_and_bypass_still_comes_by_flag_only()
    {
        var own = SettingsFile.Parse("own", """{ "permission": { "mode": "auto" } }"""u8.ToArray());
        Assert.Equal("bypass", own.Settings!.Permissions!.DefaultMode);
        var nothing = new SettingsFile("none", null, null, []);
        Assert.Null(LayeredSettings.Combine(own, nothing, nothing).Mode);
    }

    private static BridleSettings Read(string json) => SettingsFile.Parse("settings.json", Encoding.UTF8.GetBytes(json)).Settings!;

    private static string Judge(PermissionSettings permissions, string tool, string input)
    {
        static string List(IReadOnlyList<string>? rules) => string.Join(',', (rules ?? []).Select(rule => $"\"{rule}\""));
        var line = $$"""{"id":"1","class":"own","tool":"{{tool}}","input":{{input}},"policy":{"mode":"{{permissions.DefaultMode ?? "default"}}","root":"/ws","allow":[{{List(permissions.Allow)}}],"ask":[],"deny":[{{List(permissions.Deny)}}],"read_only_commands":"ask"},"expected":"allow"}""";
        return CaseJudge.Judge(JudgeCase.Read([line]).Single()).Got!;
    }
}
