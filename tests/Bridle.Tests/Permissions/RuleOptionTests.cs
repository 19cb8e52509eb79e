using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Options of a rule that denies or asks are heard in any order and spelling; a rule that allows says what it says.</summary>
public sealed class RuleOptionTests
{
    [Theory]
    [InlineData("rm -rf", "rm -fr x")]
    [InlineData("rm -rf", "rm -r -f x")]
    [InlineData("rm -rf", "rm -v -rf x")]
    [InlineData("rm -rf", "rm x --recursive --force")]
    [InlineData("rm -rf", "rm -R --for x")]
    [InlineData("git commit --no-verify", "git commit -m x --no-verify")]
    [InlineData("git commit --no-verify", "git commit -nm x")]
    [InlineData("git commit --no-verify", "git -C sub commit -a --no-verif")]
    [InlineData("git push --force", "git push origin main -f")]
    [InlineData("find -delete", "find . -delete")]
    [InlineData("/bin/rm -rf", "rm -f -r x")]
    [InlineData("/usr/bin/git push", "git push")]
    public void A_rule_that_denies_hears_its_options_anywhere(string rule, string command) =>
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: [$"Bash({rule}:*)"], allow: ["Bash"]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("rm -rf", "rm -r x")]
    [InlineData("git commit --no-verify", "git commit -m x")]
    [InlineData("git commit --no-verify", "git commit -m \"$(date)\"")]
    [InlineData("git push --force", "git push origin main")]
    [InlineData("git push --force-with-lease", "git push --force")]
    [InlineData("find -delete", "find . -type d -empty -lname x")]
    public void A_rule_about_other_options_does_not(string rule, string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: [$"Bash({rule}:*)"], allow: ["Bash"]).Judge(Bash(command)).Verdict);

    [Fact]
    public void Options_that_are_only_known_when_the_command_runs_are_asked_about() =>
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, deny: ["Bash(rm -rf:*)"], allow: ["Bash"]).Judge(Bash("rm -r \"$(cat f)\" x")).Verdict);

    [Theory]
    [InlineData("git commit -a", "git commit -m x -a")]
    [InlineData("/usr/bin/git push", "git push")]
    public void A_rule_that_allows_gets_no_wider(string rule, string command) =>
        Assert.Equal(Verdict.Ask, Policy(allow: [$"Bash({rule}:*)"]).Judge(Bash(command)).Verdict);
}
