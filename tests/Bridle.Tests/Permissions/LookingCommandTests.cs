using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>What decision 016 says takes the place of a tool that only reads.</summary>
public sealed class LookingCommandTests
{
    [Theory]
    [InlineData("ls")]
    [InlineData("ls -la src")]
    [InlineData("cat a.txt")]
    [InlineData("wc -l a.txt")]
    [InlineData("head -n 5 src/a.cs")]
    [InlineData("[ -f a.txt ] && ls")]
    [InlineData("if [ -d src ]; then echo yes; fi")]
    public void Looking_around_is_not_asked_about(string command) => Assert.Equal(Verdict.Allow, Policy().Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("[ -f a.txt ] && ls", Verdict.Allow)]
    [InlineData("[ \"$x\" = 1 ]", Verdict.Allow)]
    [InlineData("if [ \"$x\" = 1 ]; then echo; fi", Verdict.Allow)]
    [InlineData("[ -v 'a[$(touch x)]' ]", Verdict.Ask)]
    [InlineData("[x] a", Verdict.Ask)]
    [InlineData("[$x a", Verdict.Ask)]
    [InlineData("[${x} a", Verdict.Ask)]
    public void A_bracket_that_nothing_closes_is_a_plain_word_and_the_program_of_that_name_runs_no_other(string command, Verdict verdict)
    {
        var policy = new PermissionPolicy(Options with { AllowConfined = true, Rules = Rules(deny: ["Bash(git push:*)"]) });
        Assert.Equal(verdict, policy.Judge(Bash(command) with { Confined = true }).Verdict);
    }

    [Fact]
    public void The_program_called_bracket_is_covered_as_test_is()
    {
        Assert.Equal(Verdict.Allow, Policy(allow: ["Bash"]).Judge(Bash("[ -f a ] && make")).Verdict);
        Assert.Equal(Verdict.Allow, Policy(allow: ["Bash([:*)"]).Judge(Bash("[ -f /etc/x ]")).Verdict);
        Assert.Equal(Verdict.Ask, Policy(allow: ["Bash([:*)"]).Judge(Bash("[ -v 'a[1]' ]")).Verdict);
    }

    [Theory]
    [InlineData("cargo check")]
    [InlineData("cargo install x")]
    [InlineData("cargo publish")]
    [InlineData("git config user.name somebody")]
    [InlineData("git -c alias.x='!touch x' x")]
    [InlineData("git branch -D main")]
    [InlineData("git diff --ext-diff")]
    [InlineData("find . -exec touch x ;")]
    [InlineData("find . -delete")]
    [InlineData("sudo ls")]
    [InlineData("curl https://example.com")]
    [InlineData("python -c pass")]
    [InlineData("go mod tidy")]
    [InlineData("go env -w GOFLAGS=x")]
    [InlineData("npm config set x y")]
    [InlineData("env touch x")]
    [InlineData("rustup run stable touch x")]
    [InlineData("fd -x touch")]
    [InlineData("rg --pre ./x y")]
    [InlineData("cat ../../etc/shadow")]
    public void What_another_harness_would_run_as_reading_and_can_change_something_is_asked(string command) =>
        Assert.NotEqual(Verdict.Allow, Policy().Judge(Bash(command)).Verdict);
}
