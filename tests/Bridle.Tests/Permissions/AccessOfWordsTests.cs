using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Which words of a command are files that it changes: by the program, its verb and its options, not by a word that happens to stand in it.</summary>
public sealed class AccessOfWordsTests
{
    private static readonly PolicyOptions Open = Options with { Mode = PermissionMode.Bypass, BlockWritesOutside = true };

    private static FakeFiles Beside() => Files().File("/ws/a.json").File("/ws/.bashrc").Folder("/other").File("/other/a.json");

    [Theory]
    [InlineData("Bash(git mv:*)", "git mv a.json .claude/settings.json")]
    [InlineData("Bash(git restore --source=evil:*)", "git restore --source=evil .bashrc")]
    [InlineData("Bash(git checkout:*)", "git checkout evil -- .bashrc")]
    [InlineData("Bash(git rm:*)", "git rm .bashrc")]
    [InlineData("Bash(git diff --output=.bashrc:*)", "git diff --output=.bashrc")]
    [InlineData("Bash(sort -o .bashrc:*)", "sort -o .bashrc a.json")]
    [InlineData("Bash(find . -fprint .claude/settings.json)", "find . -fprint .claude/settings.json")]
    [InlineData("Bash(uniq a.json .bashrc)", "uniq a.json .bashrc")]
    [InlineData("Bash(tree -o .bashrc:*)", "tree -o .bashrc")]
    [InlineData("Bash(less -o.bashrc:*)", "less -o.bashrc a.json")]
    public void What_a_rule_lets_a_reader_write_is_still_asked_where_the_file_is_protected(string rule, string command) =>
        Assert.Equal(Verdict.Ask, Policy(allow: [rule]).Judge(Bash(command, Beside())).Verdict);

    [Theory]
    [InlineData("Bash(git log:*)", "git log -- .bashrc")]
    [InlineData("Bash(git add:*)", "git add .bashrc")]
    [InlineData("Bash(git commit:*)", "git commit -m x .bashrc")]
    [InlineData("Bash(sort:*)", "sort -n .bashrc")]
    [InlineData("Bash(find:*)", "find . -newer .bashrc")]
    [InlineData("Bash(less:*)", "less .bashrc")]
    public void What_only_reads_a_protected_file_needs_no_second_yes(string rule, string command) =>
        Assert.Equal(Verdict.Allow, Policy(allow: [rule]).Judge(Bash(command, Beside())).Verdict);

    [Theory]
    [InlineData("git -C ../other commit -m log")]
    [InlineData("git -C ../other commit -m x")]
    [InlineData("git -C ../other add a.json")]
    [InlineData("git --git-dir=../other/.x --work-tree=../other checkout status")]
    [InlineData("git -c core.pager=x -C ../other log")]
    [InlineData("git -C ../other branch log")]
    [InlineData("git add ../other/a.json")]
    [InlineData("git diff --output=../other/x")]
    [InlineData("git log --outp ../other/x")]
    [InlineData("sort -o ../other/x a.json")]
    [InlineData("sort -no../other/x a.json")]
    [InlineData("uniq a.json ../other/x")]
    [InlineData("tree -o ../other/x")]
    [InlineData("find . -fprint ../other/x")]
    [InlineData("O=-o; sort $O ../other/x a.json")]
    public void No_word_of_a_command_hides_that_it_writes_outside(string command) =>
        Assert.Equal(Verdict.Deny, new PermissionPolicy(Open).Judge(Bash(command, Beside())).Verdict);

    [Theory]
    [InlineData("git -C ../other log")]
    [InlineData("git -C ../other --no-pager status")]
    [InlineData("git -C ../other branch --list")]
    [InlineData("git --git-dir=../other/x rev-parse HEAD")]
    [InlineData("git diff --no-ext-diff ../other/a.json")]
    [InlineData("sort -n ../other/a.json")]
    [InlineData("sort ../other/*.json")]
    [InlineData("uniq -c ../other/a.json")]
    [InlineData("wc -l ../other/a.json")]
    [InlineData("find ../other -name '*.json'")]
    [InlineData("md5sum ../other/a.json")]
    public void Looking_outside_stays_free_where_only_writing_is_refused(string command) =>
        Assert.Equal(Verdict.Allow, new PermissionPolicy(Open).Judge(Bash(command, Beside())).Verdict);

    [Theory]
    [InlineData("md5sum -c a.json")]
    [InlineData("md5sum --check a.json")]
    [InlineData("sha256sum -c a.json")]
    [InlineData("sha512sum --che a.json")]
    [InlineData("cksum --check a.json")]
    [InlineData("cksum -c a.json")]
    [InlineData("realpath --unheard a.json")]
    [InlineData("nl --unheard a.json")]
    [InlineData("whoami --unheard")]
    public void An_option_that_no_table_names_is_not_on_the_built_in_list(string command) =>
        Assert.Equal(Verdict.Ask, Policy().Judge(Bash(command, Beside())).Verdict);

    [Theory]
    [InlineData("md5sum a.json")]
    [InlineData("sha256sum -b a.json")]
    [InlineData("cut -d, -f1 a.json")]
    [InlineData("nl -ba a.json")]
    [InlineData("comm -12 a.json a.txt")]
    [InlineData("cmp -s a.json a.txt")]
    [InlineData("seq -w 1 10")]
    [InlineData("tr -d x < a.json")]
    [InlineData("basename -s .json a.json")]
    [InlineData("realpath --relative-to=. a.json")]
    [InlineData("readlink -f a.json")]
    [InlineData("uname -a")]
    [InlineData("echo -n x")]
    [InlineData("test -f a.json")]
    public void Usual_options_of_programs_that_only_look_stay_free(string command) =>
        Assert.Equal(Verdict.Allow, Policy().Judge(Bash(command, Beside())).Verdict);

    [Theory]
    [InlineData("cmake -DA=1 -DB=2 -DC=3 -DD=4 -DE=5 -DF=6 -DG=7 -DH=8 -DI=9 -DJ=10 .")]
    [InlineData("gcc -DA -DB -DC -DD -DE -DF -DG -DH -DI -DJ a.c")]
    [InlineData("grep -C1 x a.txt -C2 -C3 -C4 -C5 -C6 -C7 -C8 -C9 -C0")]
    public void An_option_that_only_looks_like_a_change_of_folder_is_none(string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash(command)).Verdict);
}
