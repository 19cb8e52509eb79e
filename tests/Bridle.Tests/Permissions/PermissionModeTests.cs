using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

public sealed class PermissionModeTests
{
    [Theory]
    [InlineData("default", PermissionMode.Default)]
    [InlineData("manual", PermissionMode.Default)]
    [InlineData("acceptEdits", PermissionMode.AcceptEdits)]
    [InlineData("plan", PermissionMode.Plan)]
    [InlineData("dontAsk", PermissionMode.DontAsk)]
    [InlineData("bypass", PermissionMode.Bypass)]
    [InlineData("bypassPermissions", PermissionMode.Bypass)]
    [InlineData("dangerously_skip", PermissionMode.Bypass)]
    [InlineData("full_auto", PermissionMode.Bypass)]
    public void Every_accepted_spelling_names_its_mode(string text, PermissionMode mode)
    {
        var choice = PermissionModes.Parse(text);
        Assert.Equal((mode, false, null), (choice!.Mode, choice.Strict, choice.Notice));
        Assert.Equal(mode, PermissionModes.Parse(PermissionModes.NameOf(mode))!.Mode);
    }

    [Fact]
    public void Auto_means_bypass_only_where_OpenHarness_says_it()
    {
        Assert.Equal(PermissionMode.Bypass, PermissionModes.Parse("auto", ModeDialect.OpenHarness)!.Mode);
        foreach (var dialect in new[] { ModeDialect.Bridle, ModeDialect.Claude })
        {
            var choice = PermissionModes.Parse("auto", dialect)!;
            Assert.Equal(PermissionMode.Default, choice.Mode);
            Assert.Contains("'default'", choice.Notice);
        }
    }

    [Fact]
    public void Strict_is_default_with_nothing_free_but_Read_Grep_and_Glob()
    {
        var choice = PermissionModes.Parse("strict")!;
        Assert.Equal((PermissionMode.Default, true), (choice.Mode, choice.Strict));
        var policy = new PermissionPolicy(Options with { Strict = true });
        Assert.All(["Read", "Grep", "Glob"], tool => Assert.Equal(Verdict.Allow, policy.Judge(Reading("a.txt", tool)).Verdict));
        Assert.Equal(Verdict.Ask, policy.Judge(Reading("src", "Ls")).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Bash("ls")).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Call("Mystery", ToolKind.Read)).Verdict);
    }

    [Fact]
    public void An_unknown_spelling_is_no_mode() => Assert.Null(PermissionModes.Parse("yolo"));

    // The table of docs/reference/permission-modes.md: rows are what a call does, columns default, acceptEdits, plan, dontAsk, bypass.
    [Theory]
    [InlineData("read", "allow allow allow allow allow")]
    [InlineData("read outside", "ask ask ask deny allow")]
    [InlineData("read .env", "ask ask ask deny ask")]
    [InlineData("read key", "deny deny deny deny deny")]
    [InlineData("write", "ask allow deny deny allow")]
    [InlineData("write outside", "ask ask deny deny allow")]
    [InlineData("write protected", "ask ask deny deny allow")]
    [InlineData("looking command", "allow allow allow allow allow")]
    [InlineData("plain file command", "ask allow deny deny allow")]
    [InlineData("other command", "ask ask deny deny allow")]
    [InlineData("critical removal", "ask ask deny deny ask")]
    [InlineData("fetch", "ask ask deny deny allow")]
    [InlineData("fetch own network", "deny deny deny deny deny")]
    [InlineData("meta", "allow allow allow allow allow")]
    [InlineData("mcp read", "ask ask ask deny allow")]
    [InlineData("mcp execute", "ask ask deny deny allow")]
    [InlineData("hand in plan", "allow allow ask allow allow")]
    [InlineData("ask rule", "ask ask ask deny ask")]
    [InlineData("deny rule", "deny deny deny deny deny")]
    public void Every_cell_of_the_mode_table_holds(string row, string verdicts)
    {
        var call = CallOf(row);
        var modes = new[] { PermissionMode.Default, PermissionMode.AcceptEdits, PermissionMode.Plan, PermissionMode.DontAsk, PermissionMode.Bypass };
        var got = modes.Select(mode => Policy(mode, ask: ["Read(asked.txt)"], deny: ["Read(denied.txt)"]).Judge(call).Verdict.ToString().ToLowerInvariant());
        Assert.Equal(verdicts, string.Join(' ', got));
        Assert.Contains($"| {row} | {verdicts.Replace(" ", " | ")} |", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Permissions", "permission-modes.md")));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("write outside")]
    [InlineData("write protected")]
    [InlineData("plain file command")]
    [InlineData("other command")]
    [InlineData("critical removal")]
    [InlineData("fetch")]
    [InlineData("mcp execute")]
    public void What_dontAsk_and_plan_deny_and_strict_asks_runs_no_more_freely_where_confined_calls_run_unasked(string row)
    {
        var confined = Options with { AllowConfined = true };
        var call = CallOf(row) with { Confined = true };
        Assert.Equal(Verdict.Deny, new PermissionPolicy(confined with { Mode = PermissionMode.DontAsk }).Judge(call).Verdict);
        Assert.Equal(Verdict.Deny, new PermissionPolicy(confined with { Mode = PermissionMode.Plan }).Judge(call).Verdict);
        Assert.Equal(Verdict.Ask, new PermissionPolicy(confined with { Strict = true }).Judge(call).Verdict);
        Assert.Equal(row is "write" or "plain file command" or "other command" ? Verdict.Allow : Verdict.Ask, new PermissionPolicy(confined).Judge(call).Verdict);
    }

    [Fact]
    public void The_reason_says_who_keeps_a_call_inside_that_runs_unasked()
    {
        var policy = new PermissionPolicy(Options with { AllowConfined = true });
        Assert.Equal("It runs confined to the workspace with no network (sandbox.autoAllow).", policy.Judge(Bash("npm test") with { Confined = true }).Reason);
        Assert.Equal("It writes nothing but files inside the workspace (sandbox.autoAllow).", policy.Judge(Writing("a.txt") with { Confined = true }).Reason);
    }

    private static CallToJudge CallOf(string row) => row switch
    {
        "read" => Reading("a.txt"),
        "read outside" => Reading("/etc/passwd"),
        "read .env" => Reading(".env"),
        "read key" => Reading("~/.ssh/id_rsa"),
        "write" => Writing("a.txt"),
        "write outside" => Writing("/tmp/x"),
        "write protected" => Writing(".git/config"),
        "looking command" => Bash("ls -la src"),
        "plain file command" => Bash("mkdir -p made/here"),
        "other command" => Bash("npm test"),
        "critical removal" => Bash("rm -rf /"),
        "fetch" => Fetching("https://example.com/"),
        "fetch own network" => Fetching("http://169.254.169.254/"),
        "meta" => Call("TodoWrite", ToolKind.Meta),
        "mcp read" => Call("mcp__a__get", ToolKind.Read),
        "mcp execute" => Call("mcp__a__do", ToolKind.Execute),
        "hand in plan" => Call("ExitPlanMode", ToolKind.Meta),
        "ask rule" => Reading("asked.txt"),
        _ => Reading("denied.txt"),
    };
}
