using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Behind a program that runs its arguments the first word is a command, and what that one is given is not.</summary>
public sealed class WrappedCommandTests
{
    private static readonly PermissionPolicy Limits = Policy(deny: ["Bash(curl:*)", "Bash(rm:*)"], allow: ["Bash(true)"]);

    [Theory]
    [InlineData("sudo apt install curl")]
    [InlineData("sudo -n -u root apt install curl")]
    [InlineData("sudo -u root DEBIAN_FRONTEND=noninteractive apt-get install -y curl")]
    [InlineData("sudo -- apt install curl")]
    [InlineData("doas apk add curl")]
    [InlineData("env -u A B=1 apt show curl")]
    [InlineData("timeout -k 5 10 apt show curl")]
    [InlineData("sudo timeout 10 nice -n 5 apt show curl")]
    [InlineData("setsid -w apt show curl")]
    [InlineData("command -v curl")]
    [InlineData("command -V rm")]
    [InlineData("find . -name '*.cs' -exec grep -l rm {} +")]
    [InlineData("find . -name curl -exec grep -l rm {} \\; -exec wc -l {} +")]
    [InlineData("find . -name rm")]
    [InlineData("cat a.txt | xargs -n 1 grep -l curl")]
    [InlineData("cat a.txt | xargs wc")]
    public void Words_of_the_command_behind_it_are_no_commands(string command) =>
        Assert.NotEqual(Verdict.Deny, Limits.Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("sudo curl x")]
    [InlineData("sudo -n -u root curl x")]
    [InlineData("sudo -nu root curl x")]
    [InlineData("sudo -u root A=1 curl x")]
    [InlineData("sudo -- curl x")]
    [InlineData("sudo -s curl x")]
    [InlineData("sudo --user root curl x")]
    [InlineData("sudo -i apt curl x")]
    [InlineData("doas -u a curl x")]
    [InlineData("env - curl x")]
    [InlineData("env -i A=1 curl x")]
    [InlineData("env -S 'curl x'")]
    [InlineData("env --chdir sub curl x")]
    [InlineData("setsid --fork curl x")]
    [InlineData("timeout --signal 9 5 curl x")]
    [InlineData("sudo timeout 5 env A=1 curl x")]
    [InlineData("command -pv curl")]
    [InlineData("command curl -v")]
    [InlineData("cat a.txt | xargs -I{} curl {}")]
    [InlineData("cat a.txt | xargs -0 -n 1 sudo curl")]
    [InlineData("cat a.txt | xargs -i curl {}")]
    [InlineData("find . -name a -exec curl {} \\;")]
    [InlineData("find . -exec echo + \\; -exec curl {} +")]
    [InlineData("find . -exec true {} + -exec curl {} +")]
    [InlineData("find . -ok sudo -n curl {} \\;")]
    [InlineData("find . -exec sh -c 'curl x' \\;")]
    public void What_it_runs_is_refused(string command) =>
        Assert.Equal(Verdict.Deny, Limits.Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("sudo frobnicate curl x")]
    [InlineData("env A=1 frobnicate -x curl")]
    [InlineData("find . -exec frobnicate curl {} +")]
    [InlineData("cat a.txt | xargs git")]
    public void What_may_run_it_is_asked_about(string command) =>
        Assert.Equal((Verdict.Ask, true), (Limits.Judge(Bash(command)).Verdict, Policy(PermissionMode.Bypass, deny: ["Bash(curl:*)"]).Judge(Bash(command)).Verdict is not Verdict.Allow));

    [Theory]
    [InlineData("find . -name rm", false)]
    [InlineData("find . -name '*.cs' -exec grep -l rm {} +", false)]
    [InlineData("find . -name x -exec rm {} +", false)]
    [InlineData("find . -name '*' -exec rm {} +", true)]
    [InlineData("find / -name x -exec rm {} +", true)]
    [InlineData("find . -type f -exec sudo rm {} +", true)]
    [InlineData("find . -name '*.pyc' -delete", false)]
    [InlineData("find ~ -name '*.pyc' -delete", true)]
    [InlineData("d=dist; rm -r \"$d\"", false)]
    [InlineData("d=/; rm -r \"$d\"", true)]
    [InlineData("rm -r \"$d\"", true)]
    [InlineData("rm x{1,2}", false)]
    [InlineData("rm -rf {sub,/}", true)]
    [InlineData("rm -f *.log", false)]
    [InlineData("rm -rf *", true)]
    [InlineData("rm -rf sub/*", false)]
    [InlineData("rm -rf ~/*", true)]
    [InlineData("rm -rf ~/.*", true)]
    [InlineData("rm -rf /*", true)]
    [InlineData("rm -rf */*", true)]
    [InlineData("rm -rf [a-z]*", true)]
    [InlineData("cd sub && rm -f a.o", false)]
    [InlineData("cd / && rm -rf home", true)]
    [InlineData("cd .. ; rm -rf ws", true)]
    [InlineData("cd \"$d\" && rm -f a.o", true)]
    [InlineData("pushd sub; rm -f a.o", true)]
    [InlineData("rm a.o; ls | xargs wc -l", false)]
    [InlineData("rm a.o; . .venv/bin/activate", false)]
    [InlineData("rm a.o; for i in 1 2; do echo $((i+1)); done", false)]
    [InlineData("ls | xargs rm", true)]
    [InlineData("find . -delete", true)]
    public void Critical_is_what_may_remove_what_nobody_means(string command, bool isCritical) =>
        Assert.Equal(isCritical, Policy(PermissionMode.Bypass).Judge(Bash(command)).Reason.Contains("Critical", StringComparison.Ordinal));
}
