using System.Diagnostics;
using System.Text.Json;
using Bridle.Hosting;
using Bridle.Hosting.Trust;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class WorktreeTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private string Worktrees => Path.Combine(_stage.Home, ".local/share/bridle-worktrees");

    private string Made => Directory.EnumerateDirectories(Worktrees, "*").SelectMany(Directory.EnumerateDirectories).Single();

    [Fact]
    public async Task A_run_works_in_a_worktree_and_says_what_it_isolates_and_how_to_take_the_changes()
    {
        Repository();
        Writes("new.txt");

        var code = await RunAsync("--worktree", "fix", "--allow", "Write", "--", "task");

        var said = _stage.Error.ToString();
        Assert.True(code == 0, said);
        Assert.Equal("fix", Path.GetFileName(Made));
        Assert.True(File.Exists(Path.Combine(Made, "new.txt")));
        Assert.False(File.Exists(Path.Combine(_stage.Work, "new.txt")));
        Assert.Contains($"the git worktree {Made} keeps changes apart from {_stage.Work}, on the branch bridle/fix. It isolates nothing else", said, StringComparison.Ordinal);
        Assert.Contains($"1 changed file, not committed, in the worktree {Made}, branch bridle/fix.", said, StringComparison.Ordinal);

        // The words are commands that do what they say.
        foreach (var command in Told(said, "Commit: ", "Take:   ", "Drop:   "))
        {
            Shell(command.Replace("commit", "-c user.name=t -c user.email=t@example.com commit -qm done", StringComparison.Ordinal));
        }

        Assert.True(File.Exists(Path.Combine(_stage.Work, "new.txt")));
        Assert.Empty(Directory.EnumerateDirectories(Path.GetDirectoryName(Path.Combine(Worktrees, "x"))!).SelectMany(Directory.EnumerateDirectories));
        Assert.DoesNotContain("bridle/", Git("branch"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_there_is_a_new_one_each_time_and_a_name_goes_on_in_its_own()
    {
        Repository();
        Writes("a.txt");
        await RunAsync("task", "--worktree", "--allow", "Write");
        Writes("d.txt");
        await RunAsync("task", "--allow", "Write", "--worktree");
        Assert.Equal(2, Directory.EnumerateDirectories(Worktrees).SelectMany(Directory.EnumerateDirectories).Count());

        var first = Directory.EnumerateDirectories(Worktrees).SelectMany(Directory.EnumerateDirectories).Single(one => File.Exists(Path.Combine(one, "a.txt")));
        Writes("c.txt");
        await RunAsync("--worktree", Path.GetFileName(first), "--allow", "Write", "task");
        Assert.True(File.Exists(Path.Combine(first, "c.txt")));
    }

    [Fact]
    public async Task A_session_goes_on_in_its_worktree()
    {
        Repository();
        Writes("a.txt");
        Assert.Equal(0, await RunAsync("--worktree", "fix", "--session", "s", "--allow", "Write", "task"));
        Writes("d.txt");
        _stage.Error.GetStringBuilder().Clear();

        Assert.Equal(0, await RunAsync("--resume", "s", "--allow", "Write", "more"));

        Assert.True(File.Exists(Path.Combine(Made, "d.txt")));
        Assert.True(_stage.Error.ToString().Contains($"2 changed files, not committed, in the worktree {Made}", StringComparison.Ordinal), _stage.Error.ToString());
        Assert.Equal(ExitCode.Usage, await RunAsync("--resume", "s", "--worktree", "other", "more"));
        Assert.Contains("goes on where it began", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Git_tool_commits_there_and_the_branch_can_be_taken()
    {
        Repository();
        _stage.Model = new ScriptedModel(
            ScriptedReply.Calls(("Write", """{"file_path":"new.txt","content":"x"}""")), ScriptedReply.Calls(("Git", """{"verb":"add","arguments":["new.txt"]}""")),
            ScriptedReply.Calls(("Git", """{"verb":"commit","arguments":["-m","one"]}""")), ScriptedReply.Text("done"));
        Git("config", "user.name", "t");
        Git("config", "user.email", "t@example.com");
        var config = File.ReadAllText(Path.Combine(_stage.Work, ".git/config"));

        var code = await RunAsync("--worktree", "fix", "--allow", "Write", "--allow", "Git", "--output", "events", "--", "task");

        Assert.True(code == 0, _stage.Error.ToString());
        Assert.True(Git("log", "-1", "--format=%s", "bridle/fix").Trim() == "one", _stage.Out.ToString());
        Assert.Contains("1 new commit in the worktree", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(config, File.ReadAllText(Path.Combine(_stage.Work, ".git/config")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_setting_does_the_same_for_every_new_session_and_a_project_cannot_say_it(bool project)
    {
        Repository();
        _stage.Write(project ? "work/.bridle/settings.json" : "home/.config/bridle/settings.json", """{ "worktree": true }""");
        Writes("new.txt");

        Assert.Equal(0, await RunAsync("--allow", "Write", "--trust", "task"));

        Assert.Equal(!project, Directory.Exists(Worktrees));
        Assert.Equal(project, File.Exists(Path.Combine(_stage.Work, "new.txt")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_the_repository_runs_while_it_is_made(bool filter)
    {
        Repository();
        var mark = Path.Combine(_stage.Home, "ran");
        foreach (var hook in new[] { "post-checkout", "reference-transaction", "post-index-change" })
        {
            var file = Path.Combine(_stage.Work, ".git/hooks", hook);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, $"#!/bin/sh\ntouch {mark}\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Git("config", "core.fsmonitor", $"touch {mark}; false");
        Git("config", "filter.evil.smudge", $"touch {mark}; cat");
        File.WriteAllText(Path.Combine(_stage.Work, ".git/info/attributes"), filter ? "b.txt filter=evil\n" : "");
        File.Delete(mark);
        _stage.Model = new ScriptedModel(ScriptedReply.Text("done"));

        var code = await RunAsync("--worktree", "fix", "task");

        // Content that only the repository's own filter would make right is not taken without it.
        Assert.False(File.Exists(mark));
        Assert.Equal(filter ? ExitCode.Usage : 0, code);
        Assert.Equal(!filter, Directory.Exists(Worktrees) && Directory.EnumerateDirectories(Worktrees).Any(one => File.Exists(Path.Combine(one, "fix", "b.txt"))));
    }

    [Fact]
    public async Task Outside_a_repository_and_without_a_commit_it_is_refused_and_nothing_runs()
    {
        _stage.Model = new ScriptedModel();
        Assert.Equal(ExitCode.Usage, await RunAsync("--worktree", "fix", "task"));
        Assert.Contains($"{_stage.Work} is not in a git repository", _stage.Error.ToString(), StringComparison.Ordinal);

        Git("init", "-q");
        Assert.Equal(ExitCode.Usage, await RunAsync("--worktree", "fix", "task"));
        Assert.Contains("has no commit yet", _stage.Error.ToString(), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Usage, await RunAsync("--worktree", "do this for me", "task"));
        Assert.Contains("cannot be the name of a worktree", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Worktrees));
    }

    [Fact]
    public async Task The_report_says_of_a_worktree_that_it_isolates_changes_and_nothing_else()
    {
        Repository();
        _stage.Model = new ScriptedModel(ScriptedReply.Text("done"));
        await RunAsync("--worktree", "fix", "task");
        var made = Made;

        var context = _stage.Context();
        var there = context with { Environment = context.Environment with { CurrentDirectory = made } };
        Assert.Equal(0, await CommandLine.RunAsync(["sandbox", "report"], there, TestContext.Current.CancellationToken));

        Assert.Contains($"worktree     the git worktree {made} keeps changes apart", _stage.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trust_of_the_repository_covers_its_worktree_and_nobody_else_s_folder_that_says_it_is_one()
    {
        Repository();
        _stage.Model = new ScriptedModel(ScriptedReply.Text("done"));
        await RunAsync("--worktree", "fix", "task");
        var trust = FolderTrust.Read(Path.Combine(_stage.Home, "state"));
        Assert.False(trust.IsTrusted(Made));

        trust.Trust(_stage.Work, DateTimeOffset.UnixEpoch);

        Assert.True(trust.IsTrusted(Made));
        var liar = Directory.CreateDirectory(Path.Combine(_stage.Home, "liar")).FullName;
        File.Copy(Path.Combine(Made, ".git"), Path.Combine(liar, ".git"));
        Assert.False(trust.IsTrusted(liar));
        trust.Revoke(_stage.Work);
        Assert.False(trust.IsTrusted(Made));
    }

    private Task<int> RunAsync(params string[] arguments) => _stage.RunAsync(["run", .. arguments]);

    private void Writes(string file) => _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Write", $$"""{"file_path":"{{file}}","content":"x"}""")), ScriptedReply.Text("done"));

    private void Repository()
    {
        Git("init", "-q", "-b", "main");
        File.WriteAllText(Path.Combine(_stage.Work, "b.txt"), "b\n");
        Git("add", ".");
        Git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "first");
    }

    private string Git(params string[] arguments) => Run("git", ["-C", _stage.Work, .. arguments]);

    private static void Shell(string command) => Run("sh", ["-c", command]);

    private static string Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEnd();
        var problem = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {problem}");
        return said;
    }

    private static IEnumerable<string> Told(string said, params string[] words) =>
        words.Select(word => said.Split('\n').Single(line => line.StartsWith(word, StringComparison.Ordinal))[word.Length..]);
}
