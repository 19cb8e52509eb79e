using Bridle.Hosting.Settings;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Hosting.Tests.Settings;

/// <summary>A rule says the same as its examples, or it fails to the strict side and a person hears of it.</summary>
public sealed class RuleExamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("allow", "Bash(git log:*)", "Bash(git log -1)", "Bash(git status)")]
    [InlineData("allow", "Bash(git log:*)", "Bash(git log && git log -2)", "Bash(git log && make)")]
    [InlineData("allow", "Bash(git log:*)", "Bash(git log -1)", "Bash(git log --output=x)")]
    [InlineData("allow", "Bash(git log:*)", "Bash(git log -1)", "Bash(ls)")]
    [InlineData("allow", "Edit(src/**)", "Edit(src/a.cs)", "Edit(a.cs)")]
    [InlineData("allow", "Edit(src/**)", "Write(src/a.cs)", "Read(src/a.cs)")]
    [InlineData("allow", "WebFetch(domain:example.com)", "WebFetch(https://example.com/x)", "WebFetch(https://example.org/)")]
    [InlineData("deny", "Bash(rm:*)", "Bash(git log; sudo rm x)", "Bash(git rm x)")]
    [InlineData("deny", "Read(.env)", "Bash(cat .env)", "Read(a.txt)")]
    [InlineData("ask", "mcp__db__*", "mcp__db__query(x)", "mcp__web__get(x)")]
    public void Examples_that_agree_change_nothing_and_swapped_they_shut_the_rule(string list, string rule, string match, string other)
    {
        Assert.Empty(Notices(list, rule, match, other, out var rules));
        Assert.Equal([rule], rules);

        var notices = Notices(list, rule, other, match, out rules);
        Assert.Equal(2, notices.Count(notice => notice.Contains($"'{list} {rule}'", StringComparison.Ordinal) && notice.Contains("its example", StringComparison.Ordinal)));
        Assert.Equal(list == "allow" ? 0 : 2, rules.Count);
        Assert.True(list == "allow" || rules[1] == rule[..(rule.IndexOf('(') is > 0 and var end ? end : rule.Length)]);
    }

    [Fact]
    public void A_rule_that_tightens_too_much_counts_as_written_and_is_reported()
    {
        var notices = Notices("deny", "Bash(rm:*)", "Bash(rm x)", "Bash(echo $(rm x))", out var rules);
        Assert.Contains(notices, notice => notice.EndsWith("It counts as it is written.", StringComparison.Ordinal));
        Assert.Equal(["Bash(rm:*)"], rules);
    }

    [Fact]
    public void An_example_that_is_no_call_and_one_without_its_rule_are_reported()
    {
        Assert.Contains(Notices("allow", "Bash(make)", "make", "Bash(ls)", out var rules), notice => notice.Contains("has an example that cannot be read: 'make' is no call", StringComparison.Ordinal));
        Assert.Empty(rules);

        var file = _folder.Write("mine.json", """{ "permissions": { "allow": ["Bash(make)"], "examples": { "Bash(ninja)": { "match": ["Bash(ninja)"] } } } }""");
        var finding = Assert.Single(SettingsReview.Of(file));
        Assert.Contains("names the rule 'Bash(ninja)', which is not in this file", finding.Text);
    }

    // The rules of the policy that a session would have, and what a person would be told.
    private IReadOnlyList<string> Notices(string list, string rule, string match, string other, out IReadOnlyList<string> rules)
    {
        _folder.Write(".config/bridle/settings.json", $$"""{ "permissions": { "{{list}}": ["{{rule}}"], "examples": { "{{rule}}": { "match": ["{{match}}"], "notMatch": ["{{other}}"] } } } }""");
        var work = Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;
        var overview = PermissionOverview.Read(new HarnessRequest(_folder.Environment(), work) { Sandboxes = [] }).Overview!;
        rules = [.. overview.Policy.Options.Rules.Select(one => one.Text)];
        return [.. overview.Notices.Where(notice => notice.Contains("example", StringComparison.Ordinal))];
    }
}
