using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

public sealed class PermissionRuleTests
{
    [Theory]
    [InlineData("Bash(git log:*)", "git log --oneline", Verdict.Allow)]
    [InlineData("Bash(git log *)", "git log --oneline", Verdict.Allow)]
    [InlineData("Bash(git log *)", "git log", Verdict.Allow)]
    [InlineData("Bash(git log:*)", "git logout", Verdict.Ask)]
    [InlineData("Bash(ls *)", "lsof", Verdict.Ask)]
    [InlineData("Bash(npm*)", "npmx a", Verdict.Allow)]
    [InlineData("Bash(npm run * --silent)", "npm run build --silent", Verdict.Allow)]
    [InlineData("Bash(npm run * --silent)", "npm run 'x --silent; y' --silent", Verdict.Ask)]
    [InlineData("Bash(npm test)", "npm  test", Verdict.Allow)]
    [InlineData("Bash(npm test)", "npm test --watch", Verdict.Ask)]
    [InlineData("Bash(npm test && npm run lint)", "npm test && npm run lint", Verdict.Allow)]
    [InlineData("Bash(npm test && npm run lint)", "npm test && npm run lint; x", Verdict.Ask)]
    [InlineData("Bash", "npm test", Verdict.Allow)]
    [InlineData("Bash(*)", "npm test; evil", Verdict.Allow)]
    [InlineData("Bash(*)", "npm test; sudo evil", Verdict.Ask)]
    [InlineData("Bash(*)", "npm test > x", Verdict.Ask)]
    [InlineData("Bash(*)", "X=1 npm test", Verdict.Ask)]
    [InlineData("Bash(*)", "npm $x", Verdict.Ask)]
    [InlineData("Bash(*)", "sh -c x", Verdict.Ask)]
    [InlineData("bash(npm test)", "npm test", Verdict.Allow)]
    [InlineData("Bash(git:*)", "git status", Verdict.Allow)]
    [InlineData("Bash(git:*)", "rm -rf .", Verdict.Ask)]
    [InlineData("Bash(git:*)", "git status; rm -rf ~", Verdict.Ask)]
    [InlineData("Bash(git:*)", "git $(x)", Verdict.Ask)]
    [InlineData("Bash(git:*)", "git log > /etc/x", Verdict.Ask)]
    [InlineData("Bash(git:*)", "FOO=1 git push", Verdict.Ask)]
    [InlineData("Bash(git:*)", "gitk", Verdict.Ask)]
    [InlineData("Bash(git:*)", "./git status", Verdict.Ask)]
    [InlineData("Bash(git:*)", "git unknown-alias", Verdict.Ask)]
    [InlineData("Bash(git:*)", "git -c core.pager=x log", Verdict.Ask)]
    [InlineData("Bash(git commit:*)", "git commit -am 'fix: --output of x'", Verdict.Allow)]
    [InlineData("Bash(git log:*)", "git log --stat --since=yesterday --format=%H", Verdict.Allow)]
    [InlineData("Bash(find:*)", "find . -name '*.cs' -type f", Verdict.Allow)]
    [InlineData("Bash(find . -delete)", "find . -delete", Verdict.Ask)]
    [InlineData("Bash(sed:*)", "sed -n 1,20p a.txt", Verdict.Allow)]
    [InlineData("Bash(sed:*)", "sed s/a/b/g a.txt", Verdict.Allow)]
    [InlineData("Bash(awk:*)", "awk -F: '{print $1}' a.txt", Verdict.Allow)]
    [InlineData("Bash(sort:*)", "sort -t, -k2 -n a.txt", Verdict.Allow)]
    [InlineData("Bash(tar:*)", "tar xzf a.tgz", Verdict.Allow)]
    [InlineData("Bash(python3:*)", "python3 tool.py --output=x", Verdict.Allow)]
    public void An_allow_rule_covers_what_it_names_and_nothing_else(string rule, string command, Verdict verdict) =>
        Assert.Equal(verdict, new PermissionPolicy(Options with { ReadOnlyCommands = false, Rules = [Rule(rule, Verdict.Allow)] }).Judge(Bash(command)).Verdict);

    [Fact]
    public void Alternatives_hit_each_of_their_tools_and_no_other()
    {
        var policy = Policy(deny: ["Edit|Write"]);
        Assert.Equal(Verdict.Deny, policy.Judge(Writing("a.txt", "Edit")).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Writing("a.txt")).Verdict);
        Assert.Equal(Verdict.Allow, policy.Judge(Reading("a.txt")).Verdict);
    }

    [Theory]
    [InlineData("mcp__*__*", "mcp__slack__send", true)]
    [InlineData("mcp__slack", "mcp__slack__send", true)]
    [InlineData("mcp__slack__*", "mcp__slack__send", true)]
    [InlineData("mcp__slack__send", "mcp__slack__send", true)]
    [InlineData("mcp__slack", "mcp__slacker__send", false)]
    [InlineData("mcp__slack__send", "mcp__slack__sendall", false)]
    public void Rules_name_tools_of_servers(string rule, string tool, bool hit) =>
        Assert.Equal(hit ? Verdict.Allow : Verdict.Ask, Policy(allow: [rule]).Judge(Call(tool, ToolKind.Execute)).Verdict);

    [Fact]
    public void An_allow_rule_for_all_tools_is_left_out_and_reported()
    {
        var outcome = PermissionRule.Parse("*", Verdict.Allow, User);
        Assert.Null(outcome.Rule);
        Assert.Contains("wildcard", outcome.Problems.Single());
        Assert.Equal(Verdict.Deny, Policy(deny: ["*"]).Judge(Reading("a.txt")).Verdict);
    }

    [Fact]
    public void A_rule_that_cannot_be_understood_never_widens_and_is_reported()
    {
        var allow = PermissionRule.Parse("TodoWrite(x)", Verdict.Allow, User);
        Assert.Null(allow.Rule);
        Assert.Contains("ignored", allow.Problems.Single());
        var deny = PermissionRule.Parse("TodoWrite(x)", Verdict.Deny, User);
        Assert.Contains("every call", deny.Problems.Single());
        Assert.Equal(Verdict.Deny, new PermissionPolicy(Options with { Rules = [deny.Rule!] }).Judge(Call("TodoWrite", ToolKind.Meta)).Verdict);
        Assert.Null(PermissionRule.Parse("Bash(ls", Verdict.Allow, User).Rule);
        Assert.NotNull(PermissionRule.Parse("Bash(ls", Verdict.Deny, User).Rule);
        Assert.Null(PermissionRule.Parse("  ", Verdict.Allow, User).Rule);
    }

    [Fact]
    public void Names_that_no_tool_has_are_found()
    {
        var known = new HashSet<string> { "Bash", "Read" };
        Assert.Equal(["Raed"], Rule("Raed|Bash(ls)|read|mcp__x__y", Verdict.Deny).UnknownTools(known));
    }

    [Theory]
    [InlineData(RuleLayer.Project)]
    [InlineData(RuleLayer.ProjectLocal)]
    public void A_projects_allow_rule_is_ignored_and_reported_while_its_deny_rule_holds(RuleLayer layer)
    {
        var source = new RuleSource(layer, ".bridle/settings.json", "/ws");
        var allow = PermissionRule.Parse("Bash(evil)", Verdict.Allow, source);
        Assert.Null(allow.Rule);
        Assert.Contains("only tighten", allow.Problems.Single());
        Assert.Equal(Verdict.Deny, new PermissionPolicy(Options with { Rules = [Rule("Read(a.txt)", Verdict.Deny, source)] }).Judge(Reading("a.txt")).Verdict);
    }

    [Theory]
    [InlineData("WebFetch(domain:docs.example.com)", "https://docs.example.com/a", Verdict.Allow)]
    [InlineData("WebFetch(domain:DOCS.example.com.)", "https://docs.EXAMPLE.com./a", Verdict.Allow)]
    [InlineData("WebFetch(domain:*.example.com)", "https://a.b.example.com/", Verdict.Allow)]
    [InlineData("WebFetch(domain:*.example.com)", "https://example.com/", Verdict.Ask)]
    [InlineData("WebFetch(domain:docs.*.com)", "https://docs.a.b.com/", Verdict.Ask)]
    [InlineData("WebFetch(domain:docs.example.com)", "http://docs.example.com/", Verdict.Ask)]
    [InlineData("WebFetch(domain:docs.example.com)", "https://docs.example.com:8443/", Verdict.Ask)]
    [InlineData("WebFetch(domain:*)", "http://[::1]/", Verdict.Deny)]
    [InlineData("WebFetch(domain:*)", "http://0177.0.0.1/", Verdict.Deny)]
    [InlineData("WebFetch(domain:*)", "file:///etc/passwd", Verdict.Deny)]
    public void Host_rules_speak_of_the_host_alone(string rule, string url, Verdict verdict) => Assert.Equal(verdict, Policy(allow: [rule]).Judge(Fetching(url)).Verdict);
}
