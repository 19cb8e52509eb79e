using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Files that a copy, a move or a removal touches without naming them.</summary>
public sealed class CopiedFilesTests
{
    [Theory]
    [InlineData("cp a.cs src")]
    [InlineData("cp -t src a.cs")]
    [InlineData("cp -rt src a.cs")]
    [InlineData("cp -tsrc a.cs")]
    [InlineData("cp --target-directory=src a.cs")]
    [InlineData("cp --target-d src a.cs")]
    [InlineData("cp new/a.cs src/")]
    [InlineData("cp a.txt new/a.cs src")]
    [InlineData("mv new/a.cs src")]
    [InlineData("mv -t src new/a.cs")]
    [InlineData("install -m 755 new/a.cs src")]
    [InlineData("ln -sf ../new/a.cs src")]
    [InlineData("ln -sf ../new/a.cs src/a.cs")]
    [InlineData("cd src && ln -sf ../new/a.cs")]
    [InlineData("cd src && cp ../new/a.cs .")]
    [InlineData("rsync -at new/a.cs src")]
    [InlineData("rsync -a new/ src")]
    [InlineData("cp -r new/. src")]
    [InlineData("cp -rT new src")]
    [InlineData("cp -r deep/src .")]
    [InlineData("mkdir -p src && cp new/* src")]
    [InlineData("mv src other")]
    [InlineData("mv src/ other")]
    [InlineData("rm -rf src")]
    [InlineData("rm -r sr?")]
    [InlineData("cp new/a.cs src/a.cs")]
    [InlineData("dd if=a.txt of=src/a.cs")]
    [InlineData("echo x | tee src/a.cs")]
    [InlineData("env cp new/a.cs src")]
    [InlineData("sh -c 'cp new/a.cs src'")]
    public void A_deny_or_ask_on_a_file_holds_for_what_brings_another_to_its_place_or_takes_it_away(string command)
    {
        foreach (var mode in (PermissionMode[])[PermissionMode.Bypass, PermissionMode.AcceptEdits])
        {
            Assert.NotEqual(Verdict.Allow, Policy(mode, allow: ["Bash"], deny: ["Edit(src/a.cs)"]).Judge(Bash(command, Tree())).Verdict);
            Assert.Equal(Verdict.Ask, Policy(mode, allow: ["Bash"], ask: ["Edit(src/a.cs)"]).Judge(Bash(command, Tree())).Verdict);
        }

        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Edit(other/x)"]).Judge(Bash(command.Replace("sr?", "src").Replace("new/*", "new"), Tree())).Verdict);
    }

    [Theory]
    [InlineData("cp a.txt src")]
    [InlineData("mv a.txt src")]
    public void It_is_refused_where_the_name_is_known(string command) =>
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: ["Write(src/a.txt)"]).Judge(Bash(command, Tree())).Verdict);

    [Theory]
    [InlineData("cp -r kit/. .", Verdict.Ask)]
    [InlineData("cp -r kit/* kit/.mcp.json .", Verdict.Ask)]
    [InlineData("cp -rT kit .", Verdict.Ask)]
    [InlineData("mv kit/.bashrc .", Verdict.Ask)]
    [InlineData("cp -r kit/sub .", Verdict.Ask)]
    [InlineData("cp -r new copy", Verdict.Allow)]
    [InlineData("cp -r new/. .", Verdict.Allow)]
    [InlineData("mv new copy", Verdict.Allow)]
    [InlineData("cp a.txt src", Verdict.Allow)]
    [InlineData("rm -rf kit", Verdict.Allow)]
    public void Files_that_decide_what_runs_later_are_asked_about_where_a_folder_brings_them(string command, Verdict verdict) =>
        Assert.Equal(verdict, Policy(PermissionMode.AcceptEdits).Judge(Bash(command, Tree())).Verdict);

    [Fact]
    public void A_folder_with_more_in_it_than_is_looked_at_is_asked_about_only_where_a_rule_denies_a_file()
    {
        var files = Tree();
        for (var i = 0; i < 4_100; i++)
        {
            files.File($"/ws/many/{i}");
        }

        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, deny: ["Edit(src/a.cs)"]).Judge(Bash("cp -r many copy", files)).Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash("cp -r many copy", files)).Verdict);
    }

    [Theory]
    [InlineData("mv deep/src o && cp -r o/. src", Verdict.Ask)]
    [InlineData("git clone x o; rsync -a o/ src", Verdict.Ask)]
    [InlineData("make && cp out.txt src", Verdict.Allow)]
    public void A_folder_that_is_not_there_yet_is_asked_about_where_a_rule_denies_a_file(string command, Verdict verdict)
    {
        Assert.Equal(verdict, Policy(PermissionMode.Bypass, deny: ["Edit(src/a.cs)"]).Judge(Bash(command, Tree())).Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash(command, Tree())).Verdict);
    }

    private static FakeFiles Tree() => Files().File("/ws/a.cs").File("/ws/new/a.cs").File("/ws/deep/src/a.cs").File("/ws/kit/.mcp.json").File("/ws/kit/.bashrc").File("/ws/kit/sub/.vscode/tasks.json").File("/ws/kit/x.txt").Folder("/ws/other");
}
