using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Rules for files hold for what git changes without naming it.</summary>
public sealed class GitForeseenTests
{
    [Fact]
    public void A_file_that_git_would_change_is_refused_or_asked_about_as_if_it_were_named()
    {
        var git = new Told(new(true, "/ws", ["/ws/a.txt", "/ws/src/b.txt"]));
        var denied = Judge(git, ["Edit(src/b.txt)"], null, "reset", "--hard");
        Assert.Equal((Verdict.Deny, "The rule 'deny Edit(src/b.txt)' (user settings) refuses src/b.txt, which 'git reset --hard' would change."), (denied.Verdict, denied.Reason));
        Assert.Equal(Verdict.Deny, Judge(git, ["Read(a.txt)"], null, "stash").Verdict);
        Assert.Equal(Verdict.Ask, Judge(git, null, ["Edit(src/**)"], "checkout", "topic").Verdict);
        Assert.Equal(Verdict.Allow, Judge(git, ["Edit(c.txt)"], ["Edit(docs/**)"], "merge", "topic").Verdict);
    }

    [Fact]
    public void Where_nobody_knows_what_changes_a_rule_for_a_file_that_is_there_or_for_a_place_asks()
    {
        var git = new Told(new(false, "/ws", ["/ws/a.txt", "/ws/sub/.env.x"]));
        Assert.Equal(Verdict.Ask, Judge(git, ["Edit(a.txt)"], null, "rebase", "--continue").Verdict);
        Assert.Equal(Verdict.Ask, Judge(git, ["Edit(src/later.txt)"], null, "rebase", "--continue").Verdict);
        Assert.Equal(Verdict.Ask, Judge(git, null, ["Edit(*.x)"], "rebase", "--continue").Verdict);
        Assert.Equal(Verdict.Allow, Judge(git, ["Edit(nowhere.txt)", "Edit(//elsewhere/**)"], null, "rebase", "--continue").Verdict);
        var loose = new Told(new(false, "/ws", ["/ws/a.txt"]) { Others = ["/ws/.env"] });
        Assert.Equal(Verdict.Allow, Judge(loose, ["Read(.env)", "Read(secret/**)"], null, "rebase", "--continue").Verdict);
        Assert.Equal(Verdict.Ask, Judge(loose, ["Edit(.env)"], null, "rebase", "--continue").Verdict);
        Assert.Equal(Verdict.Ask, Judge(loose, ["Read(a.txt)"], null, "rebase", "--continue").Verdict);
        Assert.Equal(Verdict.Ask, Judge(null, ["Edit(nowhere.txt)"], null, "rebase", "--continue").Verdict);
    }

    [Theory]
    [InlineData("reset", "--soft", "HEAD~1")]
    [InlineData("reset", "a.txt")]
    [InlineData("stash", "list")]
    [InlineData("commit", "-am", "x")]
    [InlineData("tag", "v1")]
    [InlineData("checkout", "--", "src/a.cs")]
    public void What_changes_no_file_or_names_it_is_not_looked_up(params string[] words)
    {
        var git = new Told(new(true, "/ws", ["/ws/a.txt"]));
        Judge(git, ["Edit(c.txt)"], null, words[0], words[1..]);
        Assert.Equal(0, git.Asked);
    }

    [Fact]
    public void Without_a_rule_for_files_git_is_never_asked()
    {
        var git = new Told(new(false, "/ws", ["/ws/a.txt"]));
        Assert.Equal(Verdict.Allow, Judge(git, ["Bash(rm:*)"], ["Bash(curl:*)"], "reset", "--hard").Verdict);
        Assert.Equal(0, git.Asked);
    }

    [Theory]
    [InlineData("git reset --hard", Verdict.Deny, true)]
    [InlineData("cd sub && git stash", Verdict.Deny, true)]
    [InlineData("sh -c 'git reset --hard'", Verdict.Ask, false)]
    [InlineData("git branch -f topic x && git checkout topic", Verdict.Ask, false)]
    [InlineData("git add . && git stash", Verdict.Deny, true)]
    [InlineData("for i in 1 2; do git reset --hard HEAD~1; done", Verdict.Ask, false)]
    [InlineData("GIT_DIR=x git reset --hard", Verdict.Ask, false)]
    [InlineData("git reset --har", Verdict.Deny, true)]
    [InlineData("git clean -fdx", Verdict.Deny, true)]
    [InlineData("git clean -n", Verdict.Allow, null)]
    [InlineData("git apply x.patch", Verdict.Deny, true)]
    [InlineData("git apply --stat x.patch", Verdict.Allow, null)]
    public void The_shell_is_heard_as_well_and_what_changes_on_the_way_is_unknown(string command, Verdict verdict, bool? known)
    {
        var git = new Told(new(true, "/ws", ["/ws/b.txt"])) { Else = new(false, "/ws", ["/ws/b.txt"]) };
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Rules = Rules(deny: ["Edit(b.txt)"]) });
        var judged = policy.Judge(Bash(command) with { Foreseen = new(git) });
        Assert.True(verdict == judged.Verdict, judged.Reason);
        Assert.Equal(known, git.Known);
    }

    [Fact]
    public void A_confined_shell_is_held_by_the_sandbox_where_nobody_can_foresee()
    {
        var git = new Told(new(false, "/ws", ["/ws/b.txt"]));
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Rules = Rules(deny: ["Edit(b.txt)"]) });
        Assert.Equal(Verdict.Ask, policy.Judge(Bash("git pull") with { Foreseen = new(git) }).Verdict);
        Assert.Equal(Verdict.Allow, policy.Judge(Bash("git pull") with { Foreseen = new(git), Confined = true }).Verdict);
    }

    [Theory]
    [InlineData("tar xf a.tar", Verdict.Ask)]
    [InlineData("git archive HEAD | tar -x", Verdict.Ask)]
    [InlineData("tar -xOf a.tar", Verdict.Allow)]
    [InlineData("tar -cf a.tar a.txt", Verdict.Allow)]
    [InlineData("unzip -o a.zip", Verdict.Ask)]
    [InlineData("unzip -l a.zip", Verdict.Allow)]
    [InlineData("patch -p1 < x.patch", Verdict.Ask)]
    [InlineData("patch -p1 -i x.patch", Verdict.Ask)]
    [InlineData("patch a.txt x.patch", Verdict.Allow)]
    [InlineData("cpio -i < x", Verdict.Ask)]
    [InlineData("curl -sO https://example.com/x.txt", Verdict.Ask)]
    [InlineData("curl -s -XPOST https://example.com/", Verdict.Allow)]
    [InlineData("wget https://example.com/x.txt", Verdict.Ask)]
    [InlineData("wget -O c.txt https://example.com/", Verdict.Allow)]
    [InlineData("gzip -r .", Verdict.Ask)]
    public void What_writes_files_that_stand_in_an_archive_a_patch_or_an_address_is_asked_about_where_nothing_confines_it(string command, Verdict verdict)
    {
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Rules = Rules(deny: ["Edit(b.txt)"]) });
        Assert.Equal(verdict, policy.Judge(Bash(command)).Verdict);
        Assert.Equal(Verdict.Allow, policy.Judge(Bash(command) with { Confined = true }).Verdict);
        Assert.Equal(Verdict.Allow, new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Rules = Rules(deny: ["Bash(rm:*)"]) }).Judge(Bash(command)).Verdict);
    }

    [Fact]
    public void A_folder_that_is_taken_away_as_a_whole_is_asked_about_for_a_rule_that_asks_too() =>
        Assert.Equal(Verdict.Ask, new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Rules = Rules(ask: ["Edit(src/a.cs)"]) }).Judge(Git("restore", "src")).Verdict);

    private static Judgement Judge(Told? git, string[]? deny, string[]? ask, string verb, params string[] words) =>
        new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Rules = Rules(ask: ask, deny: deny) }).Judge(Git(verb, words) with { Foreseen = new(git) });

    private sealed class Told(GitChange change) : IGitForesight
    {
        public GitChange? Else { get; init; }

        public int Asked { get; private set; }

        public bool? Known { get; private set; }

        public GitChange Of(string folder, IReadOnlyList<string> words) => Say(true, change);

        public GitChange Unknown(string folder) => Say(false, Else ?? change);

        private GitChange Say(bool known, GitChange said)
        {
            Asked++;
            Known = known;
            return said;
        }
    }
}
