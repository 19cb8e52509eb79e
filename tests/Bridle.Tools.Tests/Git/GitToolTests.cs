using System.Diagnostics;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Sandboxing;
using Bridle.Tools.Git;
using Bridle.Workspaces;

namespace Bridle.Tools.Tests.Git;

/// <summary>Every test runs twice: unconfined, and in bubblewrap as the gate does it. What is planted writes a file <c>ran</c> when it runs.</summary>
public sealed class GitToolTests : IAsyncDisposable
{
    private readonly Playground _place = new();

    public GitToolTests()
    {
        Plain("git", "init", "-q", "-b", "main");
        Plain("git", "config", "user.name", "A");
        Plain("git", "config", "user.email", "a@b.example");
        _place.Put("a.txt", "one\n");
        Plain("git", "add", "a.txt");
        Plain("git", "commit", "-qm", "first");
    }

    public async ValueTask DisposeAsync() => await _place.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_verbs_that_write_do_their_work(bool confined)
    {
        Confine(confined);
        _place.Put("a.txt", "two\n");
        await Done("add", "a.txt");
        await Done("commit", "-m", "- second, with -S and --file in its text");
        Assert.Equal("- second, with -S and --file in its text", Plain("git", "log", "-1", "--format=%s").Trim());
        await Done("switch", "-c", "topic");
        _place.Put("b.txt", "b\n");
        await Done("add", ".");
        await Done("commit", "-am", "third");
        await Done("switch", "main");
        await Done("merge", "--no-ff", "topic");
        await Done("tag", "-a", "v1", "-m", "one");
        await Done("branch", "-d", "topic");
        _place.Put("a.txt", "three\n");
        await Done("stash");
        await Done("stash", "pop");
        await Done("restore", "a.txt");
        Assert.Equal("two\n", _place.Text("a.txt"));
        await Done("mv", "b.txt", "c.txt");
        await Done("rm", "-q", "--cached", "a.txt");
        await Done("reset", "-q", "--hard");
        await Done("checkout", "-q", "-b", "side", "HEAD~1");
        await Done("commit", "--allow-empty", "-m", "empty");
        await Done("rebase", "main");
        await Done("cherry-pick", "--allow-empty", "HEAD");
        await Done("revert", "--no-edit", "v1", "-m", "1");
        Assert.Equal("", Plain("git", "fsck", "--no-dangling").Trim());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hooks_do_not_run(bool confined)
    {
        foreach (var hook in new[] { "pre-commit", "commit-msg", "post-commit", "post-checkout", "post-merge", "pre-rebase", "reference-transaction", "post-index-change" })
        {
            Script($".git/hooks/{hook}");
        }

        await AllVerbs(confined);
        Plain("git", "commit", "--allow-empty", "-m", "by hand");
        Assert.True(File.Exists(Path.Combine(_place.Root, "ran")), "the hooks are no threat as they are planted here, so the test shows nothing");
    }

    [Theory]
    [InlineData(false, "core.fsmonitor")]
    [InlineData(true, "core.fsmonitor")]
    [InlineData(false, "core.editor")]
    [InlineData(false, "core.pager")]
    [InlineData(false, "gpg.program")]
    [InlineData(false, "diff.external")]
    [InlineData(false, "core.sshCommand")]
    [InlineData(false, "credential.helper")]
    [InlineData(false, "interactive.diffFilter")]
    [InlineData(false, "trailer.x.cmd")]
    [InlineData(false, "alias.commit")]
    [InlineData(false, "pager.commit")]
    public async Task What_the_repository_configures_does_not_run(bool confined, string key)
    {
        Plain("git", "config", key, key.StartsWith("alias", StringComparison.Ordinal) ? "!" + Script("evil") : Script("evil"));
        Plain("git", "config", "commit.gpgSign", "true");
        await AllVerbs(confined);
    }

    [Fact]
    public async Task A_hooks_folder_of_the_configuration_is_not_used()
    {
        Script("planted/pre-commit");
        Plain("git", "config", "core.hooksPath", Path.Combine(_place.Root, "planted"));
        await AllVerbs(confined: false);
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("process")]
    public async Task A_filter_of_the_repository_does_not_run_and_nothing_is_stored_without_it(string kind)
    {
        Plain("git", "config", $"filter.x.{kind}", Script("evil"));
        _place.Put(".gitattributes", "*.secret filter=x\n");
        _place.Put("a.secret", "plain\n");
        var result = await Git("add", ".");
        Assert.Equal(CallOutcome.Failed, result.Outcome);
        Assert.Contains("filter", result.Text, StringComparison.Ordinal);
        Assert.Equal("", Plain("git", "-c", "filter.x.process=", "-c", "filter.x.clean=cat", "ls-files", "a.secret"));
        NothingRan();
    }

    [Fact]
    public async Task A_filter_that_the_person_has_configured_runs_as_it_must()
    {
        var home = Path.Combine(_place.Top, "home");
        Directory.CreateDirectory(home);
        File.WriteAllText(Path.Combine(home, ".gitconfig"), "[filter \"up\"]\n\tclean = tr a-z A-Z\n\tsmudge = cat\n\trequired = true\n");
        _place.Programs = inner => new OtherPrograms(inner, spec => spec with { Environment = new Dictionary<string, string>(spec.Environment) { ["HOME"] = home } });
        _place.Put(".gitattributes", "*.up filter=up\n");
        _place.Put("a.up", "text\n");
        await Done("add", "a.up");
        Assert.Equal("TEXT\n", Plain("git", "cat-file", "blob", ":a.up"));
    }

    [Fact]
    public async Task A_textconv_and_a_merge_driver_do_not_run()
    {
        Plain("git", "config", "diff.x.textconv", Script("evil"));
        Plain("git", "config", "diff.x.command", Script("evil"));
        Plain("git", "config", "merge.x.driver", Script("evil"));
        _place.Put(".gitattributes", "*.txt diff=x merge=x\n");
        Plain("git", "add", ".gitattributes");
        Plain("git", "commit", "-qm", "attributes");
        Plain("git", "switch", "-qc", "side");
        _place.Put("a.txt", "side\n");
        Plain("git", "commit", "-qam", "side");
        Plain("git", "switch", "-q", "main");
        _place.Put("a.txt", "main\n");
        await Done("commit", "-am", "main");
        var merged = await Git("merge", "side");
        Assert.Equal(CallOutcome.Failed, merged.Outcome);
        NothingRan();
    }

    [Fact]
    public async Task A_commondir_that_leads_to_another_configuration_runs_nothing()
    {
        var other = Path.Combine(_place.Root, "other");
        Plain("git", "clone", "-q", "--bare", ".", other);
        Plain("git", "--git-dir", other, "config", "core.fsmonitor", Script("evil"));
        Plain("git", "--git-dir", other, "config", "filter.x.clean", Script("evil"));
        File.WriteAllText(Path.Combine(_place.Root, ".git/commondir"), other + "\n");
        _place.Put(".gitattributes", "*.txt filter=x\n");
        _place.Put("a.txt", "more\n");
        await Git("add", "a.txt");
        await Git("commit", "-m", "x");
        NothingRan();
        File.WriteAllText(Path.Combine(_place.Root, ".git/commondir"), other + "\n");
        Plain("git", "status");
        Assert.True(File.Exists(Path.Combine(_place.Root, "ran")), "the planted commondir is no threat, so the test shows nothing");
    }

    [Fact]
    public async Task A_bare_repository_in_a_folder_is_not_worked_on()
    {
        Plain("git", "clone", "-q", "--bare", ".", "bare");
        Plain("git", "--git-dir", "bare", "config", "core.fsmonitor", Script("evil"));
        Plain("git", "--git-dir", "bare", "config", "core.bare", "false");
        Plain("git", "--git-dir", "bare", "config", "core.worktree", _place.Root);
        _place.WorkingDirectory = Path.Combine(_place.Root, "bare");
        Assert.Contains("safe.bareRepository", await Playground.Failure(new GitTool().RunAsync(_place.Scope, "add", ["."])), StringComparison.Ordinal);
        NothingRan();
    }

    [Fact]
    public async Task A_moved_worktree_is_refused()
    {
        Plain("git", "config", "core.worktree", "/");
        Assert.Contains("core.worktree", await Playground.Failure(new GitTool().RunAsync(_place.Scope, "checkout", ["--", "."])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_planted_rebase_does_not_run_its_commands()
    {
        Directory.CreateDirectory(Path.Combine(_place.Root, ".git/rebase-merge"));
        var head = Plain("git", "rev-parse", "HEAD").Trim();
        foreach (var (name, text) in new[] { ("git-rebase-todo", $"exec {Script("evil")}\n"), ("head-name", "refs/heads/main"), ("onto", head), ("orig-head", head), ("interactive", ""), ("end", "1"), ("msgnum", "1") })
        {
            _place.Put($".git/rebase-merge/{name}", text);
        }

        Assert.Contains("exec", await Playground.Failure(new GitTool().RunAsync(_place.Scope, "rebase", ["--continue"])), StringComparison.Ordinal);
        NothingRan();
    }

    [Theory]
    [InlineData("rebase", "-x", "touch ran", "HEAD")]
    [InlineData("rebase", "--exe", "touch ran", "HEAD")]
    [InlineData("rebase", "-ix", "touch ran", "HEAD")]
    [InlineData("commit", "-S")]
    [InlineData("commit", "-aS")]
    [InlineData("commit", "-F", "/etc/passwd")]
    [InlineData("commit", "--fil=/etc/passwd")]
    [InlineData("commit", "-t/etc/passwd")]
    [InlineData("merge", "-s", "evil", "HEAD")]
    [InlineData("merge", "--strateg=evil", "HEAD")]
    [InlineData("tag", "-F", "/etc/passwd", "x")]
    [InlineData("tag", "-sm", "x", "x")]
    [InlineData("init", "--template=/tmp")]
    [InlineData("init", "--separate-git-dir=/tmp/x")]
    [InlineData("add", "-e")]
    [InlineData("add", "--pathspec-from-file=/etc/passwd")]
    [InlineData("checkout", "--recurse-submodules", "main")]
    [InlineData("push", "origin")]
    [InlineData("config", "x.y", "z")]
    [InlineData("-c", "alias.x=!touch ran", "x")]
    [InlineData("submodule", "update")]
    [InlineData("commit", "-m", "x\0y")]
    public async Task What_would_run_or_read_something_else_is_refused(string verb, params string[] arguments)
    {
        Assert.NotEmpty(await Playground.Failure(new GitTool().RunAsync(_place.Scope, verb, arguments)));
        Assert.Equal("first", Plain("git", "log", "-1", "--format=%s").Trim());
        NothingRan();
    }

    [Fact]
    public async Task In_the_sandbox_hooks_and_configuration_stay_as_they_are()
    {
        Confine(true);
        var before = File.ReadAllText(Path.Combine(_place.Root, ".git/config"));
        _place.Put("b.txt", "b\n");
        await Done("add", ".");
        await Done("commit", "-m", "x");
        await Done("branch", "tracking");
        await Git("branch", "--set-upstream-to=main", "tracking");
        Assert.Equal(before, File.ReadAllText(Path.Combine(_place.Root, ".git/config")));
    }

    [Fact]
    public async Task A_commit_by_Bash_in_the_sandbox_fails_and_names_the_tool()
    {
        _place.Programs = inner => InForce().Confine(inner, InForce().Plan);
        _place.Plan = InForce().Plan;
        _place.Put("a.txt", "two\n");
        var result = await _place.Bash("git commit -qam second");
        Assert.Equal(CallOutcome.Failed, result.Outcome);
        Assert.Contains("Use the Git tool", result.Text, StringComparison.Ordinal);
        Assert.Equal("first", Plain("git", "log", "-1", "--format=%s").Trim());
    }

    [Theory]
    [InlineData("git status")]
    [InlineData("ls /nonexistent")]
    public async Task Another_failure_does_not_name_it(string command)
    {
        _place.Programs = inner => InForce().Confine(inner, InForce().Plan);
        _place.Plan = InForce().Plan;
        Assert.DoesNotContain("Git tool", (await _place.Bash(command)).Text, StringComparison.Ordinal);
    }

    private async Task AllVerbs(bool confined)
    {
        Confine(confined);
        _place.Put("a.txt", "two\n");
        await Done("add", ".");
        await Done("commit", "-m", "second");
        await Done("commit", "--amend", "--no-edit");
        await Done("switch", "-c", "topic");
        await Done("commit", "--allow-empty", "-m", "empty");
        await Done("switch", "main");
        await Done("merge", "--no-ff", "topic");
        await Done("rebase", "topic");
        await Done("tag", "-a", "v", "-m", "v");
        await Done("stash", "list");
        NothingRan();
    }

    private async Task Done(string verb, params string[] arguments)
    {
        var result = await Git(verb, arguments);
        Assert.True(result.Outcome is CallOutcome.Completed, $"git {verb} {string.Join(' ', arguments)}: {result.Text}");
    }

    private ValueTask<ToolResult> Git(string verb, params string[] arguments) => new GitTool().RunAsync(_place.Scope, verb, arguments);

    private void Confine(bool confined)
    {
        if (confined)
        {
            var inForce = InForce();
            _place.Programs = inner => inForce.Confine(inner, inForce.Plan, writesRepository: true);
        }
    }

    private SandboxInForce InForce() => new(BubblewrapSandbox.Shared, new SandboxProfile
    {
        Workspace = _place.Root,
        Protected = [new ProtectedPath(Path.Combine(_place.Root, ".git"), IsFolder: true)],
    });

    private string Script(string name)
    {
        var path = _place.Put(name, $"#!/bin/sh\ntouch '{_place.Root}/ran'\ncat\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    [Fact]
    public async Task A_commit_that_fails_unconfined_for_a_lock_that_was_left_names_no_tool()
    {
        _place.Put(".git/index.lock", "");
        var result = await _place.Bash("git commit -qam second");
        Assert.Equal(CallOutcome.Failed, result.Outcome);
        Assert.DoesNotContain("Use the Git tool", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_git_that_a_call_has_put_into_a_folder_of_PATH_is_not_the_one_that_is_trusted_with_the_repository()
    {
        Script(".venv/bin/git");
        var inForce = new SandboxInForce(BubblewrapSandbox.Shared, InForce().Profile! with
        {
            Environment = new Dictionary<string, string> { ["PATH"] = $"{_place.Root}/.venv/bin:{Environment.GetEnvironmentVariable("PATH")}" },
        });
        _place.Programs = inner => inForce.Confine(inner, inForce.Plan, writesRepository: true);
        _place.Put("a.txt", "two\n");

        await Done("add", "a.txt");

        NothingRan();
    }

    private void NothingRan() => Assert.False(File.Exists(Path.Combine(_place.Root, "ran")), "something that was planted ran");

    private string Plain(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _place.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
