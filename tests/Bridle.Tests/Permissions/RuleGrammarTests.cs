using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>The forms a rule may have, one by one.</summary>
public sealed class RuleGrammarTests
{
    private static CallToJudge Tool(string tool, string input, ToolKind kind = ToolKind.Execute) =>
        CallReader.Read(new ToolDefinition(tool, "", default, kind, Events.ToolEffect.Once, false), new ToolInput(Json(input), new object(), []), Files(), "/ws");

    [Theory]
    [InlineData("Agent(reviewer)", """{"subagent_type":"reviewer"}""", Verdict.Allow)]
    [InlineData("Agent(reviewer)", """{"subagent_type":"writer"}""", Verdict.Ask)]
    [InlineData("Task(reviewer)", """{"subagent_type":"reviewer","prompt":"x"}""", Verdict.Allow)]
    [InlineData("Agent(review*)", """{"subagent_type":"reviewer"}""", Verdict.Allow)]
    [InlineData("Agent(reviewer)", """{"prompt":"x"}""", Verdict.Ask)]
    [InlineData("Agent", """{"subagent_type":"anything"}""", Verdict.Allow)]
    public void A_rule_for_agents_names_the_kind_of_agent(string rule, string input, Verdict verdict) => Assert.Equal(verdict, Policy(allow: [rule]).Judge(Tool("Agent", input)).Verdict);

    [Theory]
    [InlineData("Skill(deploy)", """{"skill":"deploy"}""", Verdict.Allow)]
    [InlineData("Skill(deploy)", """{"skill":"/deploy"}""", Verdict.Allow)]
    [InlineData("Skill(deploy)", """{"skill":"deploy","args":"prod"}""", Verdict.Ask)]
    [InlineData("Skill(deploy *)", """{"skill":"deploy","args":"prod"}""", Verdict.Allow)]
    [InlineData("Skill(deploy *)", """{"skill":"deploy"}""", Verdict.Allow)]
    [InlineData("Skill(deploy *)", """{"skill":"deployer"}""", Verdict.Ask)]
    public void A_rule_for_skills_names_the_skill_and_with_a_star_any_arguments(string rule, string input, Verdict verdict) => Assert.Equal(verdict, Policy(allow: [rule]).Judge(Tool("Skill", input)).Verdict);

    [Fact]
    public void A_rule_that_denies_a_skill_or_an_agent_holds_with_any_arguments_and_when_none_is_named()
    {
        Assert.Equal(Verdict.Deny, Policy(allow: ["Skill"], deny: ["Skill(deploy)"]).Judge(Tool("Skill", """{"skill":"deploy","args":"x"}""")).Verdict);
        Assert.Equal(Verdict.Deny, Policy(allow: ["Agent"], deny: ["Agent(x)"]).Judge(Tool("Agent", "{}")).Verdict);
        Assert.Equal(Verdict.Allow, Policy(allow: ["Skill"], deny: ["Skill(deploy)"]).Judge(Tool("Skill", """{"skill":"test"}""")).Verdict);
    }

    [Theory]
    [InlineData("Agent(model:opus)", "Agent", """{"model":"opus"}""", true)]
    [InlineData("Agent(model:opus)", "Agent", """{"model":"haiku"}""", false)]
    [InlineData("Agent(model:opus)", "Agent", "{}", false)]
    [InlineData("Agent(model:op*)", "Agent", """{"model":"opus"}""", true)]
    [InlineData("Bash(run_in_background:true)", "Bash", """{"command":"x","run_in_background":true}""", true)]
    [InlineData("Bash(run_in_background:true)", "Bash", """{"command":"x","run_in_background":false}""", false)]
    [InlineData("Bash(timeout:600*)", "Bash", """{"command":"x","timeout":6000}""", true)]
    [InlineData("mcp__db__query(readonly:false)", "mcp__db__query", """{"readonly":false}""", true)]
    [InlineData("mcp__db__query(readonly:false)", "mcp__db__query", """{"readonly":null}""", false)]
    [InlineData("mcp__db(readonly:false)", "mcp__db__query", """{"readonly":false}""", true)]
    [InlineData("mcp__db__query(options:*)", "mcp__db__query", """{"options":{"a":1}}""", false)]
    public void A_rule_that_tightens_may_speak_of_one_scalar_parameter(string rule, string tool, string input, bool hit)
    {
        var call = Tool(tool, input);
        Assert.Equal(hit ? Verdict.Deny : Verdict.Allow, Policy(PermissionMode.Bypass, deny: [rule]).Judge(call).Verdict);
        Assert.Equal(hit ? Verdict.Ask : Verdict.Allow, Policy(PermissionMode.Bypass, ask: [rule]).Judge(call).Verdict);
    }

    [Theory]
    [InlineData("Skill(plugin:deploy)", "Skill", """{"skill":"plugin:deploy"}""")]
    [InlineData("Agent(plugin:reviewer)", "Agent", """{"subagent_type":"plugin:reviewer"}""")]
    public void A_colon_in_the_name_of_a_plugins_skill_is_part_of_the_name(string rule, string tool, string input) => Assert.Equal(Verdict.Allow, Policy(allow: [rule]).Judge(Tool(tool, input)).Verdict);

    [Fact]
    public void A_parameter_alone_never_allows()
    {
        var outcome = PermissionRule.Parse("mcp__db__query(readonly:true)", Verdict.Allow, User);
        Assert.Null(outcome.Rule);
        Assert.Contains("Did you mean 'mcp__db__query'?", outcome.Problems.Single());
    }

    [Theory]
    [InlineData("Bash(command:rm *)", "Bash(rm *)")]
    [InlineData("Read(file_path:/etc/*)", "Read(/etc/*)")]
    [InlineData("Write(file_path:x)", "Edit(x)")]
    [InlineData("WebFetch(url:x)", "WebFetch(domain:HOST)")]
    public void A_tools_main_field_has_its_own_rules_and_a_parameter_rule_for_it_is_ignored_with_the_form_that_was_meant(string rule, string meant)
    {
        var outcome = PermissionRule.Parse(rule, Verdict.Deny, User);
        Assert.Null(outcome.Rule);
        Assert.Contains($"'{meant}'", outcome.Problems.Single());
    }

    [Theory]
    [InlineData("WebFetch(example.com)", "WebFetch(domain:example.com)")]
    [InlineData("WebFetch(https://example.com/x)", "WebFetch(domain:example.com)")]
    [InlineData("Bash(ls", "Bash(ls)")]
    [InlineData("TodoWrite(x y)", "TodoWrite")]
    [InlineData("Bash()", "Bash")]
    [InlineData("mcp__*", "mcp__SERVER__*")]
    public void A_bad_allow_rule_is_skipped_and_reported_with_file_rule_and_nearest_form(string rule, string meant)
    {
        var outcome = PermissionRule.Parse(rule, Verdict.Allow, User);
        Assert.Null(outcome.Rule);
        Assert.StartsWith($"Rule '{rule}' in user settings:", outcome.Problems.Single());
        Assert.Contains($"'{meant}'", outcome.Problems.Single());
        Assert.Contains("ignored", outcome.Problems.Single());
    }

    [Theory]
    [InlineData("*", "Bash", true)]
    [InlineData("mcp__*", "mcp__a__b", true)]
    [InlineData("mcp__*", "Bash", false)]
    [InlineData("Web*", "WebSearch", true)]
    [InlineData("Web*", "Bash", false)]
    public void A_wildcard_in_a_tools_name_tightens(string rule, string tool, bool hit) =>
        Assert.Equal(hit ? Verdict.Deny : Verdict.Allow, Policy(PermissionMode.Bypass, deny: [rule]).Judge(Tool(tool, "{}")).Verdict);

    [Theory]
    [InlineData("mcp__srv__*", true)]
    [InlineData("mcp__srv__get_*", true)]
    [InlineData("mcp__*__*", true)]
    [InlineData("mcp__*__get", false)]
    [InlineData("mcp__*", false)]
    [InlineData("mcp__s*", false)]
    [InlineData("*", false)]
    [InlineData("Web*", false)]
    public void A_wildcard_allows_only_after_a_servers_whole_name(string rule, bool accepted) => Assert.Equal(accepted, PermissionRule.Parse(rule, Verdict.Allow, User).Rule is not null);

    [Theory]
    [InlineData("Task", "Agent")]
    [InlineData("KillBash", "KillShell")]
    [InlineData("TaskStop", "KillShell")]
    [InlineData("read_file", "Read")]
    [InlineData("shell", "Bash")]
    [InlineData("web_fetch", "WebFetch")]
    [InlineData("AskUserQuestion", "AskUser")]
    [InlineData("MultiEdit", "Edit")]
    public void Older_and_foreign_names_mean_the_tool_of_today(string rule, string tool) => Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: [rule]).Judge(Tool(tool, "{}")).Verdict);

    [Theory]
    [InlineData("MultiEdit(src/**)", "src/a.cs", true)]
    [InlineData("NotebookEdit(src/**)", "src/a.cs", true)]
    [InlineData("Write(src/**)", "src/a.cs", true)]
    [InlineData("Edit(src/**)", "lib/a.cs", false)]
    public void Every_tool_that_edits_shares_one_kind_of_path_rule(string rule, string path, bool allowed)
    {
        Assert.Equal(allowed ? Verdict.Allow : Verdict.Ask, Policy(allow: [rule]).Judge(Writing(path)).Verdict);
        Assert.Equal(allowed ? Verdict.Allow : Verdict.Ask, Policy(allow: [rule]).Judge(Writing(path, "Edit")).Verdict);
    }

    [Fact]
    public void Spaces_around_a_rule_and_in_its_parentheses_count_for_nothing()
    {
        Assert.Equal(Verdict.Deny, Policy(deny: ["  Read( a.txt ) "]).Judge(Reading("a.txt")).Verdict);
        Assert.Equal(Verdict.Allow, Policy(allow: [" Bash ( npm test ) "]).Judge(Bash("npm test")).Verdict);
    }
}
