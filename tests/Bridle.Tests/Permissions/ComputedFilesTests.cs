using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Words that are only known when the command runs, and folders that are read whole, while a deny rule for files is in force: what a sandbox holds need not be asked about.</summary>
public sealed class ComputedFilesTests
{
    [Theory]
    [InlineData("jq . package.json")]
    [InlineData("git add .")]
    [InlineData("git log --oneline -- src")]
    [InlineData("git status .")]
    [InlineData("make -C src")]
    [InlineData("npx eslint .")]
    [InlineData("docker build .")]
    [InlineData("npm install .")]
    [InlineData("pip install -e .")]
    [InlineData("pytest test")]
    [InlineData("mypy src")]
    [InlineData("ruff check .")]
    [InlineData("cmake -S . -B build")]
    [InlineData("mv src lib")]
    [InlineData("cp -r src lib")]
    [InlineData("grep -r x")]
    [InlineData("rg x")]
    [InlineData("npm test; echo \"exit: $?\"")]
    [InlineData("echo $PATH")]
    [InlineData("make -j$(nproc)")]
    [InlineData("x=$(git rev-parse HEAD); echo \"$x\"")]
    [InlineData("ls *.md")]
    [InlineData("wc -l src/*.cs")]
    [InlineData("for f in src/*.cs; do wc -l \"$f\"; done")]
    [InlineData("cat $x > out-$n")]
    [InlineData("cat $folder/a.txt \"$folder/a.txt\"")]
    [InlineData("cp -r src /tmp")]
    [InlineData("git add . && git commit -m \"$(date)\"")]
    [InlineData("git push origin \"refs/heads/$branch\"")]
    [InlineData("git fetch origin \"pull/$n/head\"")]
    public void What_the_sandbox_holds_is_not_asked_about(string command)
    {
        foreach (var rules in (string[][])[["Read(.env)"], ["Read(~/.aws/**)"], ["Edit(test/**)"], ["Read(.env)", "Read(secret/*.txt)", "Read(/a)"]])
        {
            var policy = Policy(PermissionMode.Bypass, deny: rules);
            Assert.Equal(Verdict.Allow, policy.Judge(Confined(command)).Verdict);
        }
    }

    [Theory]
    [InlineData("Read(.env)", "cat ../*")]
    [InlineData("Read(.env)", "cat /home/*/.en?")]
    [InlineData("Read(.env)", "cat ~/$x")]
    [InlineData("Read(.env)", "grep -r x /etc")]
    [InlineData("Read(.env)", "git log $x")]
    [InlineData("Read(.env)", "git diff \"$x\"")]
    [InlineData("Read(.env)", "git add $x")]
    [InlineData("Read(.env)", "git grep x HEAD")]
    [InlineData("Read(.env)", "git fetch \"$x\" .")]
    [InlineData("Read(.env)", "git push \"$x\" .")]
    [InlineData("Read(.env)", "git push origin $branch")]
    [InlineData("Read(.env)", "git tag -l \"$x\"")]
    [InlineData("Read(.env)", "git log -p -- src")]
    [InlineData("Read(.env)", "$(echo git) log -p")]
    [InlineData("Read(.env)", "eval \"$x\"")]
    [InlineData("Read(~/notes/*.txt)", "cat $x")]
    [InlineData("Read(//data/**)", "cat $x")]
    [InlineData("Edit(//data/x*)", "cp a.txt $x")]
    public void What_leads_out_of_the_workspace_may_print_history_or_is_held_nowhere_is_asked(string rule, string command) =>
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, deny: [rule]).Judge(Confined(command)).Verdict);

    [Theory]
    [InlineData("cat $x")]
    [InlineData("rg x")]
    [InlineData("wc -l src/*.cs")]
    public void Without_one_that_holds_them_they_are_asked(string command)
    {
        var policy = Policy(PermissionMode.Bypass, deny: ["Read(.env)"]);
        Assert.Equal(Verdict.Ask, policy.Judge(Bash(command, Tree())).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Confined(command) with { AsksForNoSandbox = true }).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Confined(command) with { Guarded = () => new([], "too many") }).Verdict);
    }

    [Theory]
    [InlineData("npm test; echo \"exit: $?\"")]
    [InlineData("exit $?")]
    [InlineData("kill $$")]
    [InlineData("[ $# -gt 1 ]")]
    [InlineData("echo $PATH *.md")]
    [InlineData("x=$(git rev-parse HEAD); echo \"$x\"")]
    [InlineData("ls *.md")]
    [InlineData("stat src/*")]
    [InlineData("for f in src/*.cs; do echo \"$f\"; done")]
    [InlineData("jq . package.json")]
    [InlineData("grep sub a.txt")]
    [InlineData("mkdir -p {a,b}")]
    public void What_names_no_file_is_free_without_one_too(string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Read(.env)", "Edit(test/**)"]).Judge(Bash(command, Tree())).Verdict);

    [Theory]
    [InlineData("for f in .e*; do cat \"$f\"; done")]
    [InlineData("x=$(ls -a | head -1); cat $x")]
    [InlineData("echo() { cat \"$@\"; }; echo .e*")]
    [InlineData("echo $(cat .e*)")]
    [InlineData("ls $x")]
    [InlineData("echo x > $f")]
    [InlineData("F=$(ls -a) python3 x.py")]
    [InlineData("jq -f . $x")]
    [InlineData("cat {.env,a.txt}")]
    [InlineData("cat .e{nv,x}")]
    [InlineData("x=.env; cat $x")]
    public void What_may_name_one_is_not(string command) =>
        Assert.NotEqual(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Read(.env)"]).Judge(Bash(command, Tree())).Verdict);

    [Theory]
    [InlineData("pytest test")]
    [InlineData("cp -r src lib")]
    [InlineData("rg x")]
    [InlineData("git log -- src")]
    public void A_folder_in_which_no_such_file_can_lie_is_read_freely(string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Read(~/.aws/**)", "Read(//data/**)"]).Judge(Bash(command, Tree())).Verdict);

    private static FakeFiles Tree() => Files().Folder("/ws/test").Folder("/ws/build").Folder("/etc").Folder("/tmp").File("/ws/package.json").File("/ws/src/b.cs");

    private static CallToJudge Confined(string command) => Bash(command, Tree()) with { Confined = true };
}
