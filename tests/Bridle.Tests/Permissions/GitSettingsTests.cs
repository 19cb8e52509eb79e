using Bridle.Events;
using Bridle.Permissions;
using Bridle.Tests.Workspaces;
using Bridle.Tools;
using Bridle.Workspaces;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>What git's own files of settings make a command print is asked about as if the command line said it.</summary>
public sealed class GitSettingsTests
{
    private const string Follow = "[log]\n\tfollow = true\n";
    private const string Patch = "[stash]\n\tshowPatch = true\n";
    private const string External = "[diff]\n\texternal = sh leak.sh\n";
    private const string Signed = "[log]\n\tshowSignature = true\n[gpg]\n\tprogram = sh leak.sh\n";

    [Fact]
    public void The_persons_settings_are_where_git_looks_for_them()
    {
        Assert.Equal(["/etc/gitconfig", "~/.config/git/config", "~/.gitconfig"], GitConfigFiles.OfPerson(null));
        Assert.Equal(["/etc/gitconfig", "/home/u/conf/git/config", "~/.gitconfig"], GitConfigFiles.OfPerson("/home/u/conf/"));
        Assert.Equal(GitConfigFiles.OfPerson(null), GitConfigFiles.OfPerson("relative"));
    }

    [Theory]
    [InlineData(Follow, "git log -p -- a.txt")]
    [InlineData(Follow, "git log -p a.txt")]
    [InlineData(Follow, "git log --patch --stat -3 -- a.txt")]
    [InlineData("[LOG]follow", "git log -p -- a.txt")]
    [InlineData("[core]\n\tbare = false\n[log]\tFollow = yes # why not\n", "git log -p -- a.txt")]
    [InlineData("[log]\n\tfollow = \"on\"\r\n", "git log -p -- a.txt")]
    [InlineData("[log]\n\tfollow = fal\\\nse1\n", "git log -p -- a.txt")]
    [InlineData("\ufeff[log]\n\tfollow = 1\n", "git log -p -- a.txt")]
    [InlineData(Patch, "git stash show")]
    [InlineData(Patch, "git stash show stash@{1}")]
    [InlineData(Patch, "git -C sub stash show")]
    [InlineData(Patch, "cd sub && git --no-pager stash show")]
    [InlineData(External, "git diff -- a.txt")]
    [InlineData(External, "git diff HEAD:a.txt HEAD~1:a.txt")]
    [InlineData(External, "git diff --no-ext-diff -- a.txt")]
    [InlineData("[diff \"x\"]\n\ttextconv = sh leak.sh\n", "git log -p -- a.txt")]
    [InlineData("[diff \"x\"]\n\ttextconv = sh leak.sh\n", "git show HEAD:a.txt")]
    [InlineData("[diff \"X y\"]\n\tTextConv = sh leak.sh\n", "git blame a.txt")]
    [InlineData("[diff.x]\n\tcommand = sh leak.sh\n", "git diff -- a.txt")]
    [InlineData(Signed, "git log -1")]
    [InlineData(Signed, "git log --oneline -- a.txt")]
    [InlineData(Signed, "git reflog")]
    [InlineData("[log]\n\tshowSignature\n[gpg \"ssh\"]\n\tallowedSignersFile = .env\n", "git log -1")]
    [InlineData("[format]\n\tpretty = %H %GG\n[gpg]\n\tprogram = sh leak.sh\n", "git log -1")]
    [InlineData("[gpg]\n\tprogram = sh leak.sh\n", "git log -1 --format=%GG")]
    [InlineData("[commit]\n\tverbose = true\n", "git commit --dry-run")]
    [InlineData("[commit]\n\tverbose = true\n", "git commit --dry -m x")]
    [InlineData("[commit]\n\tverbose = true\n", "git commit")]
    [InlineData("[commit]\n\tverbose = 2\n", "git commit -m x")]
    [InlineData("[blame]\n\tignoreRevsFile = .env\n", "git blame a.txt")]
    [InlineData("[core]\n\tworktree = /elsewhere\n", "git diff -- a.txt")]
    [InlineData("[include]\n\tpath = more\n", "git stash show")]
    [InlineData("[includeIf \"gitdir:/nowhere/\"]\n\tpath = ../.git/more\n", "git stash show")]
    [InlineData("[include]\n\tpath = ~/more\n", "git stash show")]
    [InlineData("[stash]\n\tshowPatch = false\n[include]\n\tpath = more\n", "git stash show")]
    [InlineData("no settings at all", "git stash show")]
    [InlineData("[include]\n\tpath = config\n", "git stash show")]
    public void What_the_repositorys_settings_may_make_it_print_is_asked(string settings, string command)
    {
        Assert.Equal(Verdict.Ask, Judged(settings, command));
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash(command, Repository(settings))).Verdict);
    }

    [Theory]
    [InlineData("", "git log -p -- a.txt")]
    [InlineData("", "git stash show")]
    [InlineData("", "git commit -m x")]
    [InlineData(Follow, "git log -- a.txt")]
    [InlineData(Follow, "git log -p --no-follow -- a.txt")]
    [InlineData(Follow, "git log -p -- a.txt src/a.cs")]
    [InlineData(Follow, "git diff -- a.txt")]
    [InlineData("[log]\n\tfollow = false\n", "git log -p -- a.txt")]
    [InlineData("[log]\n\tfollow = true\n\tfollow = off\n", "git log -p -- a.txt")]
    [InlineData("[log]\n\tfollow =\n", "git log -p -- a.txt")]
    [InlineData("[log \"x\"]\n\tfollow = true\n", "git log -p -- a.txt")]
    [InlineData("# [log] follow = true\n[alias]\n\tfollow = log --follow ; [log] follow\n", "git log -p -- a.txt")]
    [InlineData(Patch, "git stash show --stat")]
    [InlineData(Patch, "git stash list")]
    [InlineData(Patch, "git stash")]
    [InlineData(Patch, "git -c stash.showPatch=no stash show")]
    [InlineData(External, "git diff --no-ext-diff --no-textconv -- a.txt")]
    [InlineData(External, "git diff --stat")]
    [InlineData(External, "git log -1")]
    [InlineData(Signed, "git log -1 --no-show-signature")]
    [InlineData(Signed, "git status")]
    [InlineData("[log]\n\tdiffMerges = separate\n\tdate = iso\n[diff]\n\tcolorMoved = zebra\n", "git log -m -- a.txt")]
    [InlineData("[commit]\n\tverbose = true\n", "git commit -am x")]
    [InlineData("[commit]\n\tverbose = 2\n", "git commit --no-verbose -m x")]
    [InlineData("[commit]\n\tverbose = 0\n", "git commit --dry-run")]
    [InlineData("[blame]\n\tignoreRevsFile = .git-blame-ignore-revs\n", "git blame a.txt")]
    [InlineData("[include]\n\tpath = not-there\n", "git stash show")]
    public void What_they_leave_alone_goes_on_as_it_did(string settings, string command) => Assert.Equal(Verdict.Allow, Judged(settings, command));

    [Theory]
    [InlineData(Follow, Verdict.Ask, "git log -p -- a.txt")]
    [InlineData(Patch, Verdict.Ask, "git stash show")]
    [InlineData(External, Verdict.Allow, "git diff -- a.txt")]
    [InlineData("[log]\n\tshowSignature = true\n[gpg]\n\tprogram = gpg2\n", Verdict.Allow, "git log -1")]
    public void The_persons_own_settings_count_as_well_but_for_the_programs_that_they_chose(string settings, Verdict verdict, string command)
    {
        foreach (var place in new[] { "/home/u/.gitconfig", "/home/u/.config/git/config", "/etc/gitconfig" })
        {
            Assert.Equal(verdict, Denying().Judge(Bash(command, Repository("").File(place, settings))).Verdict);
        }

        Assert.Equal(Verdict.Allow, Denying().Judge(Bash("git log -p -- a.txt", Repository("[log]\n\tfollow = false\n").File("/home/u/.gitconfig", Follow))).Verdict);
    }

    [Theory]
    [InlineData("git -c stash.showPatch=true stash show")]
    [InlineData("git -c stash.showPatch stash show")]
    [InlineData("git --config-env=stash.showPatch=YES stash show")]
    [InlineData("git -c include.path=/ws/more stash show")]
    [InlineData("git --git-dir=/x/.git stash show")]
    [InlineData("GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=stash.showPatch GIT_CONFIG_VALUE_0=true git stash show")]
    [InlineData("HOME=/ws git stash show")]
    [InlineData("git config stash.showPatch true && git stash show")]
    public void So_do_settings_of_the_command_line_and_those_that_it_makes_first(string command) => Assert.Equal(Verdict.Ask, Judged("", command));

    [Fact]
    public void Settings_are_found_where_git_finds_them()
    {
        static Verdict At(FakeFiles files, string command = "git stash show") => Denying().Judge(Bash(command, files)).Verdict;
        Assert.Equal(Verdict.Ask, At(Repository("").File("/ws/.git/config.worktree", Patch)));
        Assert.Equal(Verdict.Ask, At(Files().File("/ws/.git", "gitdir: /main/.git/worktrees/w\n").File("/main/.git/worktrees/w/commondir", "../..\n").File("/main/.git/config", Patch)));
        Assert.Equal(Verdict.Allow, At(Files().File("/ws/.git", "gitdir: /main/.git/worktrees/w\n").File("/main/.git/worktrees/w/commondir", "../..\n").File("/main/.git/config", "")));
        Assert.Equal(Verdict.Ask, At(Files().File("/ws/.git", "gitdir: ../main/.git/modules/w\n").File("/main/.git/modules/w/config", Patch)));
        Assert.Equal(Verdict.Ask, At(Repository("").File("/ws/bare/HEAD").File("/ws/bare/config", Patch), "git -C bare stash show"));
        Assert.Equal(Verdict.Ask, At(Repository(Patch).Folder("/ws/sub/deep"), "cd sub/deep && git stash show"));
    }

    [Fact]
    public void The_question_names_the_setting_and_what_to_add() =>
        Assert.Equal(
            "'git stash' prints what files held at other times, also those of 'deny Read(.env)'. The setting stash.showPatch makes it: add --stat.",
            Denying().Judge(Bash("git stash show", Repository(Patch))).Reason);

    [Fact]
    public void A_file_of_settings_is_read_again_when_it_changed()
    {
        using var folder = new ScratchFolder();
        folder.File(".git/config", "");
        folder.File("a.txt", "x");
        var files = new LocalFiles(folder.Path);
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Root = files.Root, Rules = Rules(deny: ["Read(.env)"]) });
        Verdict Now() => policy.Judge(CallReader.Read(new("Bash", "", default, ToolKind.Execute, ToolEffect.Once, false), new(default, new object(), [new CommandTarget("git stash show")]), files, files.Root)).Verdict;
        foreach (var (settings, verdict) in new[] { ("", Verdict.Allow), (Patch, Verdict.Ask), (Patch.Replace("true", "1000"), Verdict.Ask), (Patch.Replace("true", "0   "), Verdict.Allow) })
        {
            folder.File(".git/config", settings);
            Assert.Equal(verdict, Now());
            Assert.Equal(verdict, Now());
        }
    }

    private static Verdict Judged(string settings, string command) => Denying().Judge(Bash(command, Repository(settings))).Verdict;

    private static PermissionPolicy Denying() => Policy(PermissionMode.Bypass, deny: ["Read(.env)"]);

    private static FakeFiles Repository(string settings) =>
        Files().File("/ws/.git/config", settings).File("/ws/.git/more", Patch).File("/home/u/more", Patch).File("/ws/more", Patch).File("/ws/.git-blame-ignore-revs");
}
