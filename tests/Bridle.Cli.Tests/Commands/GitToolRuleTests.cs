using System.Diagnostics;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Rules for files hold for what the tool Git and git in the shell change without naming it, in real sessions on a real repository.</summary>
public sealed class GitToolRuleTests : IDisposable
{
    private readonly CliStage _stage = new();

    public GitToolRuleTests()
    {
        Git("init", "-q", "-b", "main");
        Git("config", "user.name", "t");
        Git("config", "user.email", "t@example.com");
        _stage.Write("work/a.txt", "a\n");
        _stage.Write("work/b.txt", "b\n");
        Git("add", ".");
        Git("commit", "-qm", "one");
        Git("switch", "-qc", "topic");
        _stage.Write("work/b.txt", "topic\n");
        Git("commit", "-qam", "two");
        Git("switch", "-qc", "free", "main");
        _stage.Write("work/c.txt", "c\n");
        Git("add", "c.txt");
        Git("commit", "-qm", "three");
        Git("switch", "-q", "main");
    }

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("""{"verb":"reset","arguments":["--hard"]}""")]
    [InlineData("""{"verb":"stash"}""")]
    [InlineData("""{"verb":"checkout","arguments":["--force","topic"]}""")]
    [InlineData("""{"verb":"restore","arguments":["."]}""")]
    [InlineData("""{"verb":"restore","arguments":[":/"]}""")]
    [InlineData("""{"verb":"rm","arguments":["-r","."]}""")]
    [InlineData("""{"verb":"cherry-pick","arguments":["topic"]}""")]
    [InlineData("""{"verb":"merge","arguments":["topic"]}""")]
    [InlineData("""{"verb":"rebase","arguments":["topic"]}""")]
    [InlineData("""{"verb":"rebase","arguments":["--continue"]}""")]
    public async Task What_would_change_a_denied_file_is_refused_and_nothing_is_half_done(string call)
    {
        foreach (var sandbox in new[] { "auto", "off" })
        {
            _stage.Write("work/a.txt", "dirty\n");
            _stage.Write("work/b.txt", "dirty\n");
            var head = Git("rev-parse", "HEAD");
            Assert.Equal(ExitCode.Denied, await CallAsync(call, sandbox, "Edit(b.txt)"));
            Assert.Equal(("dirty\n", "dirty\n", head), (Read("a.txt"), Read("b.txt"), Git("rev-parse", "HEAD")));
            Assert.Matches("b\\.txt|a deny rule for files is in force", _stage.Out.ToString());
        }
    }

    [Fact]
    public async Task What_changes_other_files_goes_on_as_without_a_rule()
    {
        Assert.Equal(ExitCode.Done, await CallAsync("""{"verb":"merge","arguments":["free"]}""", "auto", "Edit(b.txt)"));
        Assert.Equal("c\n", Read("c.txt"));
        _stage.Write("work/a.txt", "dirty\n");
        Assert.Equal(ExitCode.Done, await CallAsync("""{"verb":"reset","arguments":["--hard"]}""", "auto", "Edit(b.txt)"));
        Assert.Equal("a\n", Read("a.txt"));
        Assert.Equal(ExitCode.Done, await CallAsync("""{"verb":"checkout","arguments":["topic"]}""", "auto", "Bash(rm:*)"));
        Assert.Equal("topic\n", Read("b.txt"));
    }

    [Fact]
    public async Task Git_in_an_unconfined_shell_is_held_too()
    {
        _stage.Write("work/b.txt", "dirty\n");
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"git reset -q --hard"}""")), ScriptedReply.Text("done"));
        Assert.Equal(ExitCode.Denied, await _stage.RunAsync("run", "--sandbox", "off", "--allow", "Bash(git reset:*)", "--deny", "Edit(b.txt)", "task"));
        Assert.Equal("dirty\n", Read("b.txt"));
    }

    [Fact]
    public async Task Explain_says_which_file_a_command_would_change()
    {
        _stage.Write("work/b.txt", "dirty\n");
        Assert.Equal(ExitCode.Denied, await _stage.RunAsync("permissions", "explain", "Git(reset --hard)", "--allow", "Git", "--deny", "Edit(b.txt)"));
        Assert.Contains("refuses b.txt, which 'git reset --hard' would change.", _stage.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("permissions", "explain", "Git(reset --hard)", "--allow", "Git", "--deny", "Edit(c.txt)"));
    }

    private Task<int> CallAsync(string call, string sandbox, string deny)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Git", call)), ScriptedReply.Text("done"));
        return _stage.RunAsync("run", "--sandbox", sandbox, "--allow", "Git", "--deny", deny, "--output", "events", "task");
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(_stage.Work, file));

    private string Git(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _stage.Work, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
