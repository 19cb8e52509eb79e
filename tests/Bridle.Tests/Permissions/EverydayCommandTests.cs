using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>What developers' commands look like: no rule that speaks of something else may stop them, and the same with what the rule speaks of in it must not pass.</summary>
public sealed class EverydayCommandTests
{
    [Theory]
    [InlineData("ls | xargs wc -l")]
    [InlineData("printf 'a\\nb\\n' | xargs -n1 echo")]
    [InlineData("seq 3 | xargs -I{} echo {}")]
    [InlineData("find . -name '*.o' -print0 | xargs -0 ls -l")]
    [InlineData("x=5; echo $((x+1))")]
    [InlineData("i=$((i+1))")]
    [InlineData("echo $((N*2))")]
    [InlineData("for ((i=0;i<3;i++)); do echo $i; done")]
    [InlineData("for i in 1 2; do echo $((i * 2)); done")]
    [InlineData("n=$(wc -l < a.txt); [[ $n -gt 10 ]] && echo much")]
    [InlineData("x=abc; echo ${x:1:2}")]
    [InlineData("sudo apt install git")]
    [InlineData("timeout 5 npm test \"$x\"")]
    public void A_rule_about_another_program_does_not_stop_it(string command)
    {
        var judgement = Policy(PermissionMode.Bypass, deny: ["Bash(git push:*)"], ask: ["Bash(npm publish:*)"]).Judge(Bash(command));
        Assert.True(judgement.Verdict is Verdict.Allow, judgement.Reason);
    }

    [Theory]
    [InlineData("ls | xargs git")]
    [InlineData("ls | xargs -I{} git {}")]
    [InlineData("echo push | xargs -n1 git")]
    [InlineData("ls | xargs env git")]
    [InlineData("ls | xargs sh -c")]
    [InlineData("x='a[$(git push)]'; echo $((x))")]
    [InlineData("read x; echo $((x))")]
    [InlineData("x=$(python3 a.py); ((x > 1))")]
    [InlineData("f() { echo $(( $1 )); }; f \"$(cat a.txt)\"")]
    [InlineData("read n; echo ${x:n}")]
    [InlineData("x=$y; for y in 'a[$(git push)]'; do [[ $x -eq 1 ]]; done")]
    public void With_what_the_rule_speaks_of_in_it_it_is_not_allowed(string command) =>
        Assert.NotEqual(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Bash(git push:*)"]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("jq . a.txt > tmp.json && mv tmp.json a.txt", false)]
    [InlineData("echo a > t1; mv t1 t2", false)]
    [InlineData("touch t1; mv t1 t2", false)]
    [InlineData("mkdir t1; mv t1 t2", true)]
    [InlineData("unzip x.zip; mv t1 t2", true)]
    public void A_file_that_the_command_makes_is_no_folder(string command, bool asks) =>
        Assert.Equal(asks, Policy(PermissionMode.Bypass, deny: ["Edit(secrets/**)"]).Judge(Bash(command)).Reason.Contains("more files than can be looked at", StringComparison.Ordinal));

    [Theory]
    [InlineData("grep -rn x src", false)]
    [InlineData("grep -rn src", true)]
    [InlineData("grep -rn x .", true)]
    [InlineData("grep -rnR x src", true)]
    [InlineData("grep -rn x src nothere", false)]
    [InlineData("grep -rn x nothere", true)]
    [InlineData("rg x src", false)]
    [InlineData("rg x", true)]
    [InlineData("rg -L x src", true)]
    [InlineData("tar xzf a.tgz -C /tmp", false)]
    [InlineData("tar -tf a.tgz", false)]
    [InlineData("tar -cxf a.tgz .", true)]
    [InlineData("git grep -n TODO -- src", false)]
    [InlineData("git grep -n TODO HEAD", true)]
    [InlineData("git grep -n TODO src", true)]
    [InlineData("git grep --cached TODO", true)]
    public void What_is_read_of_folders_is_what_is_named(string command, bool asks) =>
        Assert.Equal(asks, Policy(PermissionMode.Bypass, deny: ["Read(./.env)"]).Judge(Bash(command, new FakeFiles().File("/ws/.env").File("/ws/src/a.cs").Folder("/ws/src"))).Verdict is not Verdict.Allow);

    [Theory]
    [InlineData("touch sub/{a,b}.ts", null)]
    [InlineData("mkdir -p sub/{a,b}", null)]
    [InlineData("npm {run,test}", null)]
    [InlineData("npm $x", "The rule 'allow Bash' does not cover it: what word 2 of 'npm' is is only known when it runs.")]
    [InlineData("git commit -m \"$(date)\"", "The rule 'allow Bash' does not cover it: what word 4 of 'git' is is only known when it runs.")]
    [InlineData("timeout {5,6} npm", "The command cannot be allowed by a rule for its parts: 'timeout' runs its arguments as a command.")]
    public void A_rule_for_every_command_covers_what_is_written_out_and_says_what_it_does_not_cover(string command, string? reason)
    {
        var judgement = Policy(allow: ["Bash"]).Judge(Bash(command));
        Assert.Equal(reason is null ? (Verdict.Allow, judgement.Reason) : (Verdict.Ask, reason), (judgement.Verdict, judgement.Reason));
    }
}
