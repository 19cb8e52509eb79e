using System.Diagnostics;
using Bridle.Permissions;
using Bridle.Tools.Git;

namespace Bridle.Tools.Tests.Git;

/// <summary>What is foreseen of a command of git, held against what real git then changes.</summary>
public sealed class GitForesightTests : IAsyncDisposable
{
    private readonly Playground _place = new();

    public GitForesightTests()
    {
        Plain("init", "-q", "-b", "main");
        Plain("config", "user.name", "A");
        Plain("config", "user.email", "a@b.example");
        _place.Put(".gitignore", "*.log\n");
        foreach (var file in new[] { "a.txt", "b.txt", "gone.txt", "src/c.txt", "src/deep/d.txt" })
        {
            _place.Put(file, $"{string.Concat(Enumerable.Repeat("line of the file\n", 12))}{file}\n");
        }

        Commit("first");
        Plain("switch", "-qc", "topic");
        _place.Put("b.txt", "topic\n");
        _place.Put("new name ü\n.txt", "new\n");
        Plain("rm", "-q", "gone.txt");
        Commit("topic");
        Plain("switch", "-q", "main");
        _place.Put("src/c.txt", "main\n");
        Commit("second");
        _place.Put("a.txt", "dirty\n");
        _place.Put("loose.txt", "loose\n");
        _place.Put("trace.log", "log\n");
        _place.Put("src/loose.txt", "loose\n");
    }

    public async ValueTask DisposeAsync() => await _place.DisposeAsync();

    [Theory]
    [InlineData("reset --hard", "a.txt")]
    [InlineData("reset -q --hard HEAD~1", "a.txt|src/c.txt")]
    [InlineData("reset --keep HEAD~1", "src/c.txt")]
    [InlineData("reset --merge topic", null)]
    [InlineData("checkout -q topic", null)]
    [InlineData("switch -q topic", null)]
    [InlineData("switch -qf topic", null)]
    [InlineData("checkout --force topic", null)]
    [InlineData("checkout -qb mine", "")]
    [InlineData("checkout -qb mine topic", null)]
    [InlineData("checkout -f", "a.txt")]
    [InlineData("checkout a.txt", "a.txt")]
    [InlineData("checkout .", "a.txt")]
    [InlineData("checkout topic b.txt", "b.txt")]
    [InlineData("checkout -q HEAD~1 src", "src/c.txt")]
    [InlineData("stash", "a.txt")]
    [InlineData("stash push -m words", "a.txt")]
    [InlineData("stash -u", "a.txt|loose.txt|src/loose.txt")]
    [InlineData("stash --all", "a.txt|loose.txt|src/loose.txt|trace.log")]
    [InlineData("stash push a.txt", "a.txt")]
    [InlineData("stash push -q -m words src", "src/loose.txt")]
    [InlineData("stash push -q a.txt -m words", "a.txt")]
    [InlineData("stash save two words", "a.txt")]
    [InlineData("merge --no-edit topic", null)]
    [InlineData("merge --squash topic", null)]
    [InlineData("rebase -q topic", null)]
    [InlineData("cherry-pick topic", null)]
    [InlineData("cherry-pick main~1..main", "src/c.txt")]
    [InlineData("revert --no-edit HEAD", "src/c.txt")]
    [InlineData("clean -f", "loose.txt|src/loose.txt")]
    [InlineData("clean -fdx", "loose.txt|src/loose.txt|trace.log")]
    [InlineData("clean -fd src", "src/loose.txt")]
    [InlineData("-C src clean -f", "src/loose.txt")]
    [InlineData("-C src reset --hard", "a.txt")]
    public void What_git_changes_was_foreseen(string command, string? exactly)
    {
        if (command.StartsWith("rebase", StringComparison.Ordinal))
        {
            Plain("stash", "-q");
        }

        // A merge that begins with files that are changed may refuse; what it did not do is no failure of the look.
        var foreseen = Foresee(command);
        Assert.True(foreseen.IsKnown, command);
        var before = State();
        _ = Run(command.Split(' '));
        var changed = Changed(before);
        var names = foreseen.Files.Select(file => Path.GetRelativePath(_place.Root, file)).ToHashSet(StringComparer.Ordinal);
        Assert.True(changed.All(names.Contains), $"{command} changed {string.Join(", ", changed.Except(names))}, which was not foreseen.");
        if (exactly is not null)
        {
            Assert.Equal(exactly.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void What_was_stashed_comes_back_as_foreseen()
    {
        Plain("stash", "-qu");
        var foreseen = Foresee("stash pop");
        Assert.True(foreseen.IsKnown);
        Assert.Equal(["a.txt", "loose.txt", "src/loose.txt"], foreseen.Files.Select(file => Path.GetRelativePath(_place.Root, file)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("rebase --continue")]
    [InlineData("rebase -i topic")]
    [InlineData("merge -s subtree topic")]
    [InlineData("merge -Xsubtree=src topic")]
    [InlineData("switch nowhere")]
    [InlineData("switch --orphan empty")]
    [InlineData("checkout --pathspec-from-file=list")]
    [InlineData("reset --hard nowhere")]
    [InlineData("stash branch other")]
    [InlineData("pull")]
    [InlineData("apply x.patch")]
    [InlineData("-c core.worktree=/elsewhere reset --hard")]
    [InlineData("--git-dir=.git reset --hard")]
    public void What_cannot_be_known_is_said_and_every_file_counts(string command)
    {
        var foreseen = Foresee(command);
        Assert.False(foreseen.IsKnown, command);
        Assert.Contains(Path.Combine(_place.Root, "b.txt"), foreseen.Files);
        Assert.Contains(Path.Combine(_place.Root, "trace.log"), foreseen.Others);
    }

    [Fact]
    public void A_file_that_git_would_look_for_under_another_name_makes_it_unknown()
    {
        Plain("checkout", "-q", "--", "a.txt");
        Plain("mv", "b.txt", "moved.txt");
        Commit("moved");
        Assert.False(Foresee("merge --no-edit topic").IsKnown);
        Assert.False(Foresee("cherry-pick topic").IsKnown);
        Assert.False(Foresee("rebase topic").IsKnown);
        Run("merge", "--no-edit", "topic");
        Assert.Equal("topic\n", _place.Text("moved.txt"));
    }

    [Fact]
    public void The_repository_takes_no_part_in_the_look_and_nothing_is_written()
    {
        Plain("config", "core.fsmonitor", "touch ran; false");
        Plain("config", "filter.evil.clean", "touch ran; cat");
        Plain("config", "diff.external", "touch ran; true");
        Plain("config", "diff.evil.textconv", "touch ran; cat");
        _place.Put(".gitattributes", "* filter=evil diff=evil\n");
        var before = File.ReadAllBytes(Path.Combine(_place.Root, ".git/index"));
        foreach (var command in new[] { "reset --hard topic", "stash -u", "merge topic", "rebase topic", "cherry-pick topic", "clean -fdx", "checkout topic", "pull" })
        {
            Foresee(command);
        }

        Assert.False(File.Exists(Path.Combine(_place.Root, "ran")));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(_place.Root, ".git/index")));
    }

    [Fact]
    public void Where_there_is_no_repository_nothing_changes()
    {
        Directory.CreateDirectory(Path.Combine(_place.Top, "plain"));
        Assert.Equal(GitChange.Nothing, new GitForesight(() => _place.Workspace.Processes, TimeProvider.System).Of(Path.Combine(_place.Top, "plain"), ["git", "reset", "--hard"]));
    }

    private GitChange Foresee(string command) => new GitForesight(() => _place.Workspace.Processes, TimeProvider.System).Of(_place.Root, ["git", .. command.Split(' ')]);

    private Dictionary<string, string> State() => Directory.EnumerateFiles(_place.Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_place.Root, file))
        .Where(file => !file.StartsWith(".git/", StringComparison.Ordinal)).ToDictionary(file => file, file => _place.Text(file));

    private List<string> Changed(Dictionary<string, string> before)
    {
        var after = State();
        return [.. before.Keys.Union(after.Keys).Where(file => before.GetValueOrDefault(file) != after.GetValueOrDefault(file))];
    }

    private void Commit(string message)
    {
        Plain("add", "-A");
        Plain("commit", "-qm", message);
    }

    private void Plain(params string[] arguments)
    {
        var (code, said) = Run(arguments);
        Assert.True(code == 0, said);
    }

    private (int Code, string Said) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = _place.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_EDITOR"] = ":";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, output.Result + error.Result);
    }
}
