using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>A word that is only known when the command runs may be what a rule names: then a person is asked. What is known from the text is judged as if it were written out.</summary>
public sealed class ComputedWordTests
{
    [Theory]
    [InlineData("git $(echo push) origin")]
    [InlineData("git \"$(echo push)\" origin")]
    [InlineData("git \"$verb\"")]
    [InlineData("git $flags status")]
    [InlineData("git -C $folder status")]
    [InlineData("set -- push; git \"$@\"")]
    [InlineData("f() { git \"$@\"; }; f push")]
    [InlineData("f() { local x; git $x push; }; x=log; f")]
    [InlineData("a=(push); git \"${a[@]}\"")]
    [InlineData("git ${x:-push}")]
    [InlineData("touch push; git pus?")]
    [InlineData("git p* origin")]
    [InlineData("git [p]ush")]
    [InlineData("git $'pus\\xe9' $OLDPWD push")]
    [InlineData("git pu$x")]
    [InlineData("git $! push")]
    [InlineData("HOME=push; git ~")]
    [InlineData("[ -f a ] && x=status; git $x push")]
    [InlineData("x=pu; x+=sh; git $x")]
    [InlineData("x=log; export \"x=$y\"; git $x")]
    [InlineData("x=log; declare -l x; x=PUSH; git $x")]
    [InlineData("IFS=x; y=axpush; git ${y}")]
    [InlineData("x=status | cat; git $x push")]
    [InlineData("x=status & git $x push")]
    [InlineData("git p{u,{1..900}}sh")]
    [InlineData("x=log; unset x; git $x push")]
    [InlineData("x=log; read x <<< push; git $x")]
    public void What_may_be_what_a_rule_denies_runs_unasked_in_no_mode(string command)
    {
        foreach (var mode in Enum.GetValues<PermissionMode>().Where(mode => mode is not (PermissionMode.DontAsk or PermissionMode.Plan)))
        {
            var judgement = Policy(mode, allow: ["Bash", "Bash(git:*)"], deny: ["Bash(git push:*)"]).Judge(Bash(command));
            Assert.True(judgement is { Verdict: Verdict.Ask, Firm: true } or { Verdict: Verdict.Deny }, $"{mode}: {judgement}");
        }

        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, ask: ["Bash(git push:*)"]).Judge(Bash(command)).Verdict);
    }

    [Theory]
    [InlineData("git {push,origin}")]
    [InlineData("git p{u,}sh")]
    [InlineData("git {{push,pull},status} x")]
    [InlineData("git {,push}")]
    [InlineData("x=push; git $x origin")]
    [InlineData("x=push && git \"$x\"")]
    [InlineData("for v in status push; do git $v origin; done")]
    [InlineData("for v in p{u,}sh; do git \"$v\"; done")]
    [InlineData("x='-q push'; y=$x; x='push origin'; git $x")]
    [InlineData("[ -f a ] && x=push; git $x")]
    [InlineData("x=git; $x push")]
    [InlineData("export x=push; git $x")]
    [InlineData("sudo git {push,origin}")]
    [InlineData("sh -c 'x=push; git $x'")]
    public void What_the_text_itself_makes_of_a_word_is_denied(string command) =>
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: ["Bash(git push:*)"]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("git commit -m \"$(date)\"")]
    [InlineData("git log $branch")]
    [InlineData("git add *.cs")]
    [InlineData("git log {a,b}")]
    [InlineData("x=status; git $x")]
    [InlineData("x=status && git $x")]
    [InlineData("for v in status log; do git $v; done")]
    [InlineData("for f in *.txt; do git add \"$f\"; done")]
    [InlineData("npm run $task")]
    [InlineData("echo $(git status) $x")]
    [InlineData("git -C \"$folder\" status")]
    [InlineData("git -C \"$HOME/x\" status")]
    [InlineData("git stash push$n")]
    [InlineData("git \"a$x\"")]
    public void Where_the_words_that_a_rule_names_differ_nothing_is_asked(string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Bash(git push:*)"]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("git ", "$a ", "")]
    [InlineData("git ", "${a:-", "x")]
    [InlineData("git ", "{,", "")]
    [InlineData("git x", "{a,b}", "")]
    [InlineData("git \"", "$a", "\"")]
    [InlineData("", "x=a; git $x; ", "")]
    [InlineData("kubectl ", "-a ", "$x")]
    public void Long_and_deep_commands_are_judged_soon(string before, string again, string behind)
    {
        var policy = Policy(PermissionMode.Bypass, deny: [.. Enumerable.Range(0, 40).SelectMany(at => (string[])[$"Bash(git push{at}:*)", $"Bash(kubectl a{at} b:*)", $"Bash(git * x{at})"])]);
        var started = TimeProvider.System.GetTimestamp();
        policy.Judge(Bash(before + string.Concat(Enumerable.Repeat(again, (again is "${a:-" ? 70 : 9_000 / again.Length))) + behind + (again is "${a:-" ? new string('}', 70) : "")));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 20);
    }

    [Fact]
    public void The_reason_names_the_rule_and_the_word()
    {
        var judgement = Policy(PermissionMode.Bypass, deny: ["Bash(git push:*)"]).Judge(Bash("git $(echo push) origin"));
        Assert.Contains("'deny Bash(git push:*)' (user settings) may speak of 'git $( echo push ) origin'", judgement.Reason, StringComparison.Ordinal);
        Assert.Contains("what $( echo push ) stands for", judgement.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bash(tool -rf build)", "tool $x", true)]
    [InlineData("Bash(tool -rf build)", "tool -r -f \"$x\"", true)]
    [InlineData("Bash(tool -rf build)", "tool \"$x\"", false)]
    [InlineData("Bash(tool -rf build)", "tool -i $x", false)]
    [InlineData("Bash(tool -rf build)", "tool other $x", false)]
    [InlineData("Bash(git * --force)", "git log $x", true)]
    [InlineData("Bash(git * --force)", "git log $? a", false)]
    [InlineData("Bash(*--force*)", "git push \"$x\"", true)]
    [InlineData("Bash(curl -s * | sh)", "curl $x | sh", true)]
    [InlineData("Bash(curl -k * | sh)", "curl $x | sh", true)]
    [InlineData("Bash(curl -k * | sh)", "curl $x | cat", false)]
    [InlineData("Bash(chmod 777:*)", "chmod $m a", true)]
    [InlineData("Bash(chmod 777:*)", "chmod +x $f", false)]
    [InlineData("Bash(make install:*)", "make -j$(nproc) test", false)]
    [InlineData("Bash(make install:*)", "nproc() { echo 4 install; }; make -j$(nproc)", true)]
    [InlineData("Bash(npm publish)", "npm $x", true)]
    [InlineData("Bash(npm publish)", "npm test $x", false)]
    [InlineData("Bash(git x *push)", "git x push*", true)]
    [InlineData("Bash(git pu*)", "git x* push", true)]
    [InlineData("Bash(git pu*)", "git x* pull", true)]
    [InlineData("Bash(git x push)", "git x pull*", false)]
    public void Exact_rules_and_patterns_are_held_against_what_words_may_be(string rule, string command, bool asks) =>
        Assert.Equal(asks ? Verdict.Ask : Verdict.Allow, Policy(PermissionMode.Bypass, deny: [rule]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("Bash(git push:*)", "git $x")]
    [InlineData("Bash(git push:*)", "git {push,origin}")]
    [InlineData("Bash(git push:*)", "x=push; git $x")]
    public void What_may_be_what_a_rule_allows_is_not_allowed_by_it(string rule, string command) =>
        Assert.Equal(Verdict.Ask, Policy(allow: [rule, "Bash(git status)"]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("Bash(kubectl delete:*)", "kubectl -n x delete pod")]
    [InlineData("Bash(kubectl delete:*)", "kubectl --unknown delete pod")]
    [InlineData("Bash(kubectl delete:*)", "kubectl --unknown value delete pod")]
    [InlineData("Bash(kubectl delete pod:*)", "kubectl delete -n x pod a")]
    [InlineData("Bash(docker run:*)", "docker --context c run a")]
    [InlineData("Bash(docker compose down:*)", "docker compose -f a.yml down")]
    [InlineData("Bash(terraform destroy:*)", "terraform -chdir=x destroy")]
    [InlineData("Bash(npm publish:*)", "npm --silent publish")]
    [InlineData("Bash(npm publish)", "npm --prefix a publish")]
    [InlineData("Bash(cargo publish:*)", "cargo +nightly publish")]
    [InlineData("Bash(helm uninstall:*)", "helm -n x uninstall a")]
    [InlineData("Bash(gh pr merge:*)", "gh -R o/r pr merge 1")]
    [InlineData("Bash(gh pr merge:*)", "gh pr -R o/r merge 1")]
    [InlineData("Bash(dotnet nuget push:*)", "dotnet -d nuget push a")]
    [InlineData("Bash(aws s3 rm:*)", "aws --profile p s3 rm a")]
    [InlineData("Bash(kubectl * prod)", "kubectl -n x delete prod")]
    [InlineData("Bash(make install:*)", "make -C src install")]
    public void A_rule_that_denies_looks_past_the_options_before_a_verb(string rule, string command) =>
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: [rule]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("Bash(kubectl delete:*)", "kubectl -n delete get pods")]
    [InlineData("Bash(kubectl delete:*)", "kubectl get delete")]
    [InlineData("Bash(npm publish:*)", "npm --silent run publish")]
    [InlineData("Bash(docker rm:*)", "docker run -it ubuntu rm x")]
    [InlineData("Bash(gh pr merge:*)", "gh pr list --search merge")]
    [InlineData("Bash(make install:*)", "make -C install test")]
    public void Values_and_other_words_are_no_verbs(string rule, string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: [rule]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("Bash(kubectl get:*)", "kubectl -n x get pods")]
    [InlineData("Bash(npm test:*)", "npm --silent test")]
    public void A_rule_that_allows_does_not_look_past_them(string rule, string command) =>
        Assert.Equal(Verdict.Ask, Policy(allow: [rule]).Judge(Bash(command)).Verdict);
}
