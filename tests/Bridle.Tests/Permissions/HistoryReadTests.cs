using Bridle.Events;
using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>A file that may not be read may not be read from git's history either.</summary>
public sealed class HistoryReadTests
{
    [Theory]
    [InlineData("git log -p")]
    [InlineData("git log -1 --patch")]
    [InlineData("git log --pat")]
    [InlineData("git log -U0")]
    [InlineData("git log --oneline -zp")]
    [InlineData("git log --unified=3 HEAD~3..")]
    [InlineData("git log -L1,9:a.txt")]
    [InlineData("git log --cc")]
    [InlineData("git log --color-words -p")]
    [InlineData("git log -p -- src")]
    [InlineData("git log -p -- gone")]
    [InlineData("git log -p -- '*.txt'")]
    [InlineData("git log -p --follow -- a.txt")]
    [InlineData("git log -p --full-diff -- a.txt")]
    [InlineData("git log -p --stdin -- a.txt")]
    [InlineData("git log -p -- . ':(exclude)sub/.env'")]
    [InlineData("git log -p -- . ':(exclude,icase,glob)**/.env'")]
    [InlineData("git log -p -- . ':(top,exclude,icase,glob)**/.env'")]
    [InlineData("git --glob-pathspecs log -p -- a.txt")]
    [InlineData("git --work-tree=/x log -p -- a.txt")]
    [InlineData("GIT_DIR=/x/.git git log -p -- a.txt")]
    [InlineData("git -c log.follow=true log -p -- a.txt")]
    [InlineData("git whatchanged -p")]
    [InlineData("git reflog -p")]
    [InlineData("git show")]
    [InlineData("git show HEAD~2")]
    [InlineData("git show --stat 1a2b3c4d")]
    [InlineData("git show 1a2b3c4d -- a.txt")]
    [InlineData("git show v1 -- a.txt")]
    [InlineData("git show HEAD:src/a.cs HEAD~1")]
    [InlineData("git show ':/some words'")]
    [InlineData("git diff")]
    [InlineData("git diff --cached")]
    [InlineData("git diff HEAD~1")]
    [InlineData("git diff --stat -p")]
    [InlineData("git diff 1a2b3c4d -- a.txt")]
    [InlineData("git diff HEAD~1:src HEAD:src")]
    [InlineData("git diff --check")]
    [InlineData("git diff-tree -p HEAD")]
    [InlineData("git diff-index --patch HEAD")]
    [InlineData("git difftool -y")]
    [InlineData("git range-diff a b c")]
    [InlineData("git format-patch --stdout HEAD~1")]
    [InlineData("git fast-export --all")]
    [InlineData("git cat-file -p 1a2b3c4d")]
    [InlineData("git cat-file blob 1a2b3c4d")]
    [InlineData("git cat-file --batch")]
    [InlineData("git cat-file --batch --batch-check")]
    [InlineData("git grep x HEAD~1")]
    [InlineData("git archive HEAD")]
    [InlineData("git archive --format=tar HEAD src")]
    [InlineData("git stash show -p")]
    [InlineData("git stash show -w")]
    [InlineData("git stash list -p")]
    [InlineData("git bundle create x.bundle --all")]
    [InlineData("git unpack-file 1a2b3c4d")]
    [InlineData("git checkout-index -a --prefix=out/")]
    [InlineData("git read-tree --prefix=out/ HEAD")]
    [InlineData("git update-index --cacheinfo 100644,1a2b3c4d,b.txt")]
    [InlineData("git commit --dry-run -v")]
    [InlineData("git status -v")]
    [InlineData("git add -p")]
    [InlineData("git checkout -p")]
    [InlineData("git rebase --show-current-patch")]
    [InlineData("git fsck --lost-found")]
    [InlineData("git config --blob=HEAD:a.txt -l")]
    [InlineData("git tag --format='%(raw)'")]
    [InlineData("git bisect view -p")]
    [InlineData("git merge-file -p a b c")]
    [InlineData("git send-email HEAD~1")]
    [InlineData("git p")]
    [InlineData("git --no-pager show HEAD")]
    [InlineData("/usr/bin/git diff")]
    [InlineData("/usr/lib/git-core/git-show HEAD")]
    [InlineData("sudo git log -p")]
    [InlineData("bash -c 'git log -p | grep x'")]
    [InlineData("git log --oneline && git diff")]
    [InlineData("tig")]
    [InlineData("hg cat -r 1 b")]
    [InlineData("jj show")]
    public void What_may_print_a_denied_file_from_history_is_asked(string command)
    {
        var judged = Policy(PermissionMode.Bypass, allow: ["Bash"], deny: ["Read(.env)"]).Judge(Bash(command, Repository()));
        Assert.Equal((Verdict.Ask, true), (judged.Verdict, judged.Firm));
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash(command, Repository())).Verdict);
    }

    [Theory]
    [InlineData("git log --oneline -5")]
    [InlineData("git log --stat")]
    [InlineData("git log --name-only --follow a.txt")]
    [InlineData("git log --graph --all --decorate --color --format='%h %s' --since=yesterday -S 'up' -n 5")]
    [InlineData("git log -Gpatch --author=u -i -E")]
    [InlineData("git log -p -- a.txt")]
    [InlineData("git log -p a.txt")]
    [InlineData("git log -p main.. -- src/a.cs a.txt")]
    [InlineData("git log -p -- ':(top,exclude,icase,glob)**/.env' ':(top,exclude,icase,glob)**/.env/**'")]
    [InlineData("git log -p -- ':(icase,glob,top,exclude)**/.env' ':(top,exclude,icase,glob)**/.env/**'")]
    [InlineData("git log -p -- /ws/a.txt")]
    [InlineData("git show HEAD:src/a.cs")]
    [InlineData("git show HEAD~2:a.txt | head")]
    [InlineData("git show :2:a.txt")]
    [InlineData("git show --stat HEAD~1")]
    [InlineData("git show -s --format=%H 'v1^{commit}'")]
    [InlineData("git show HEAD -- a.txt")]
    [InlineData("git diff --stat")]
    [InlineData("git diff --name-only HEAD~1..")]
    [InlineData("git diff --cached --name-status")]
    [InlineData("git diff a.txt")]
    [InlineData("git diff main...HEAD -- src/a.cs")]
    [InlineData("git diff HEAD~1 -- a.txt")]
    [InlineData("git diff HEAD~1:a.txt HEAD:a.txt")]
    [InlineData("git diff --no-index a.txt src/a.cs")]
    [InlineData("git diff-tree --name-only -r HEAD")]
    [InlineData("git cat-file -p HEAD:a.txt")]
    [InlineData("git cat-file -p HEAD")]
    [InlineData("git cat-file -t 1a2b3c4d")]
    [InlineData("git cat-file --batch-check")]
    [InlineData("git blame -L 1,5 src/a.cs")]
    [InlineData("git blame HEAD~1 -- a.txt")]
    [InlineData("git format-patch -1 -- a.txt")]
    [InlineData("git status -sb -uno")]
    [InlineData("git add -A")]
    [InlineData("git commit -am 'verify the patch'")]
    [InlineData("git commit -mverify")]
    [InlineData("git -c user.name=x -c user.email=y commit --amend --no-edit")]
    [InlineData("git stash push -u -m 'wip'")]
    [InlineData("git stash")]
    [InlineData("git stash pop")]
    [InlineData("git stash show")]
    [InlineData("git stash show --name-only")]
    [InlineData("git stash list")]
    [InlineData("git push -u origin main")]
    [InlineData("git fetch -p")]
    [InlineData("git pull --rebase")]
    [InlineData("git switch -c topic")]
    [InlineData("git checkout main")]
    [InlineData("git checkout HEAD~1 -- a.txt")]
    [InlineData("git restore --source=HEAD~1 a.txt")]
    [InlineData("git reset --hard HEAD~1")]
    [InlineData("git merge topic")]
    [InlineData("git rebase -i HEAD~3")]
    [InlineData("git cherry-pick -m 1 topic")]
    [InlineData("git branch -m a b")]
    [InlineData("git tag -a v1 -m 'patch'")]
    [InlineData("git worktree list")]
    [InlineData("git worktree add ../x")]
    [InlineData("git clone https://example.com/x")]
    [InlineData("git ls-tree -r HEAD")]
    [InlineData("git rev-list --count HEAD")]
    [InlineData("git config --get user.name")]
    [InlineData("git submodule update --init")]
    [InlineData("git bisect good")]
    [InlineData("git notes list")]
    [InlineData("git --version")]
    public void What_shows_no_content_or_keeps_clear_of_it_goes_on_as_it_did(string command)
    {
        var judged = Policy(PermissionMode.Bypass, deny: ["Read(.env)"]).Judge(Bash(command, Repository()));
        Assert.Equal((Verdict.Allow, "Mode bypass."), (judged.Verdict, judged.Reason));
    }

    [Theory]
    [InlineData("git show HEAD:.env")]
    [InlineData("git show HEAD~2:sub/.env")]
    [InlineData("git show :.env")]
    [InlineData("git show :0:.env")]
    [InlineData("git cat-file -p HEAD:.env")]
    [InlineData("git cat-file blob main:.ENV")]
    [InlineData("git log -p -- .env")]
    [InlineData("git blame .env")]
    [InlineData("git checkout HEAD -- .env")]
    public void A_denied_file_named_in_history_is_denied(string command) =>
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: ["Read(.env)"]).Judge(Bash(command, Repository())).Verdict);

    [Theory]
    [InlineData("git show HEAD:src/secret.txt", Verdict.Deny)]
    [InlineData("git show HEAD:./secret.txt", Verdict.Deny)]
    [InlineData("git show HEAD:sub/secret.txt", Verdict.Allow)]
    public void A_path_in_history_starts_at_the_top_of_the_repository_wherever_the_command_works(string command, Verdict verdict) =>
        Assert.Equal(verdict, Policy(PermissionMode.Bypass, deny: ["Read(src/secret.txt)"]).Judge(CallReader.Read(
            new ToolDefinition("Bash", "", default, ToolKind.Execute, ToolEffect.Once, false), new ToolInput(default, new object(), [new CommandTarget(command)]), Repository(), "/ws/src")).Verdict);

    [Theory]
    [InlineData("Read(~/.ssh/**)", "git log -p", Verdict.Allow)]
    [InlineData("Read(//etc/**)", "git diff", Verdict.Allow)]
    [InlineData("Edit(src/**)", "git log -p", Verdict.Allow)]
    [InlineData("Read(src/secret.txt)", "git log -p", Verdict.Ask)]
    [InlineData("Read(src/secret.txt)", "git log -p -- sub", Verdict.Allow)]
    [InlineData("Read(src/secret.txt)", "git log -p -- sub/gone.txt", Verdict.Allow)]
    [InlineData("Read(src/secret.txt)", "git log -p -- ':(top,exclude,icase)src/secret.txt'", Verdict.Allow)]
    [InlineData("Read(src/secret.txt)", "git log -p -- ':(top,exclude)src/secret.txt'", Verdict.Ask)]
    [InlineData("Read(src/secret.txt)", "git worktree add ../x", Verdict.Ask)]
    [InlineData("Read(src/secret.txt)", "git clone . ../x", Verdict.Ask)]
    [InlineData("Read(src/secret.txt)", "git --work-tree=/tmp/x checkout HEAD -- .", Verdict.Ask)]
    [InlineData("Read(//**)", "git log -p -- a.txt", Verdict.Deny)]
    [InlineData("Read(//ws/src/**)", "git diff", Verdict.Ask)]
    [InlineData("Read(src/*.txt)", "git diff -- ':(top,exclude,icase,glob)src/*.txt' ':(top,exclude,icase,glob)src/*.txt/**'", Verdict.Allow)]
    public void Only_rules_that_can_speak_of_a_file_of_the_repository_count(string deny, string command, Verdict verdict) =>
        Assert.Equal(verdict, Policy(PermissionMode.Bypass, deny: [deny]).Judge(Bash(command, Repository())).Verdict);

    [Fact]
    public void The_repository_may_begin_above_the_workspace_and_a_worktree_shares_the_history_of_another_folder()
    {
        var above = new FakeFiles().Folder("/.git").File("/ws/a.txt");
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, deny: ["Read(//other/secret.txt)"]).Judge(Bash("git log -p", above)).Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Read(//other/secret.txt)"]).Judge(Bash("git log -p", Repository())).Verdict);

        var worktree = new FakeFiles().File("/ws/.git", "gitdir: /main/.git/worktrees/ws\n").File("/ws/a.txt").File("/ws/src/secret.txt").Folder("/main/.git");
        var main = Policy(PermissionMode.Bypass, deny: ["Read(//main/src/secret.txt)"]);
        Assert.Equal(Verdict.Ask, main.Judge(Bash("git log -p", worktree)).Verdict);
        Assert.Equal(Verdict.Ask, main.Judge(Bash("git log -p -- src/secret.txt", worktree)).Verdict);
        Assert.Equal(Verdict.Allow, main.Judge(Bash("git log -p -- a.txt", worktree)).Verdict);
        Assert.Equal(Verdict.Ask, main.Judge(Bash("git log -p -- a.txt", new FakeFiles().File("/ws/.git", "what?").File("/ws/a.txt"))).Verdict);
    }

    [Fact]
    public void The_question_says_which_rule_and_how_to_keep_clear_of_it()
    {
        var judged = Policy(allow: ["Bash(git log:*)"], deny: ["Read(.env)"], trusted: true).Judge(Bash("git log -p", Repository()));
        Assert.Equal(
            "'git log' prints what files held at other times, also those of 'deny Read(.env)'. Behind '--', name files that the rule says nothing of, "
            + "or add ':(top,exclude,icase,glob)**/.env' ':(top,exclude,icase,glob)**/.env/**'; name commits so that they can be nothing else (HEAD~1, main^{commit}).",
            judged.Reason);
        Assert.Equal(Verdict.Allow, Policy(trusted: true).Judge(Bash("git log -p", Repository())).Verdict);
    }

    [Theory]
    [InlineData("ls | xargs cat")]
    [InlineData("ls | xargs -0 -n 1 grep x")]
    [InlineData("ls | xargs -I{} head -1 {}")]
    [InlineData("ls | xargs sh -c 'true'")]
    [InlineData("ls | xargs --arg-file=a.txt wc")]
    [InlineData("ls | xargs timeout 5 tail")]
    [InlineData("find . -type f -exec cat {} +")]
    [InlineData("find . -name '*.txt' -exec grep -l x {} ';'")]
    [InlineData("find . -execdir sed -n 1p {} ';'")]
    [InlineData("find . -name x -exec echo {} ';' -exec cat {} ';'")]
    [InlineData("find sub -name '*.o' -delete")]
    [InlineData("fd . -x cat")]
    [InlineData("fd . --exec=cat")]
    [InlineData("ls | parallel cat")]
    [InlineData("ls | cpio -o")]
    [InlineData("tar cf x.tar -T a.txt")]
    [InlineData("tar cf x.tar --files-from=a.txt")]
    [InlineData("wc --files0-from=a.txt")]
    [InlineData("ls | zip x.zip -@")]
    public void Files_that_another_program_finds_are_asked_about_where_a_rule_denies_a_file_and_nothing_confines(string command)
    {
        var policy = Policy(PermissionMode.Bypass, deny: ["Read(.env)"]);
        Assert.Equal(Verdict.Ask, policy.Judge(Bash(command, Repository())).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Bash(command, Repository()) with { Confined = true, AsksForNoSandbox = true }).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Bash(command, Repository()) with { Confined = true, Guarded = () => new([], "too many") }).Verdict);
        Assert.Equal(Verdict.Allow, policy.Judge(Bash(command, Repository()) with { Confined = true }).Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash(command, Repository())).Verdict);
    }

    [Theory]
    [InlineData("ls | xargs")]
    [InlineData("ls | xargs -n1 echo")]
    [InlineData("ls | xargs -0 -I % ls -l %")]
    [InlineData("find . -name '*.cs'")]
    [InlineData("find . -name x -exec ls -l {} +")]
    [InlineData("fd -e cs")]
    [InlineData("parallel echo ::: a b")]
    [InlineData("tar tf x.tar")]
    public void What_shows_names_of_found_files_is_not_asked_about(string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Read(.env)"]).Judge(Bash(command, Repository())).Verdict);

    private static FakeFiles Repository() => Files().Folder("/ws/.git");
}
