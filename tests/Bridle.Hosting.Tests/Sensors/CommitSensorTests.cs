using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Sensors;

/// <summary>What sensors look at before a commit, in a real repository.</summary>
public sealed class CommitSensorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CollectingSink _sink = new();

    private string Work => Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("off", "git commit -q -m one", "sub/staged.txt")]
    [InlineData("required", "git commit -q -m one", "sub/staged.txt")]
    [InlineData("off", "echo hi; git status -s; git commit -q -m one", "sub/staged.txt")]
    [InlineData("off", "git commit -qam one", "a b.txt sub/staged.txt left.txt")]
    [InlineData("off", "git add -A && git commit -q -m one", "a b.txt sub/staged.txt left.txt")]
    [InlineData("off", "git commit -q -m one 'a b.txt'", "a b.txt sub/staged.txt left.txt")]
    public async Task A_command_is_given_the_files_that_the_commit_takes_up(string sandbox, string commit, string files)
    {
        Repository();
        var settings = """{ "permissions": { "allow": ["Bash"] }, "sensors": { "define": { "names": { "command": "printf '%s:1: warning: seen\\n' {files}", "when": ["commit"], "files": ["**/*.txt"] } } } }""";
        await RunAsync(settings, new ScriptedModel(Bash(commit), ScriptedReply.Text("Done.")), sandbox);
        var ran = Assert.Single(Recorded<SensorRan>());
        Assert.Equal(("commit", SensorState.Green), (ran.Stage, ran.State));
        Assert.Equal(files.Replace("a b", "a+b").Split(' ').Select(name => name.Replace('+', ' ')).Order(StringComparer.Ordinal), ran.Signals.Select(signal => signal.File!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_tool_for_git_is_looked_at_in_the_same_way()
    {
        Repository();
        var settings = """{ "permissions": { "allow": ["Git"] }, "sensors": { "define": { "names": { "command": "printf '%s:1: error: seen\\n' {files}; false", "when": ["commit"] } } } }""";
        await RunAsync(settings, new ScriptedModel(ScriptedReply.Calls(("Git", """{ "verb": "commit", "arguments": ["-m", "one"] }""")), ScriptedReply.Text("Done.")));
        Assert.Equal("sub/staged.txt", Assert.Single(Assert.Single(Recorded<SensorRan>()).Signals).File);
        Assert.Equal("", Git("log", "--oneline", "--all").Split('\n').Skip(1).First());
    }

    [Fact]
    public async Task Where_there_is_no_repository_a_sensor_that_needs_files_says_that_it_could_not_look()
    {
        var settings = """{ "permissions": { "allow": ["Bash"] }, "sensors": { "define": { "names": { "command": "ls {files}", "when": ["commit"] }, "judge": { "prompt": "Good?", "when": ["commit"] } } } }""";
        await RunAsync(settings, new ScriptedModel(Bash("git commit -q -m one"), ScriptedReply.Text("Done.")));
        Assert.Equal(["judge:Failed", "names:Failed"], Recorded<SensorRan>().Select(ran => $"{ran.Sensor}:{ran.State}"));
        Assert.All(Recorded<SensorRan>(), ran => Assert.StartsWith("git does not say which files would be committed, and ", ran.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_judge_sees_what_would_be_committed_without_secrets_and_its_spending_is_the_turns()
    {
        const string Secret = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEF";
        Repository();
        _folder.Write("work/sub/staged.txt", $"in it: {Secret}\n");
        ScriptedReply Next() => new(request => (request.System.StartsWith("You judge", StringComparison.Ordinal) ? ScriptedReply.Text("""{"verdict":"fail","reasons":[{"message":"No."}]}""")
            : request.Messages.Count > 1 ? ScriptedReply.Text("Done.") : Bash("git commit -q -m one")).Updates(request));
        var model = new ScriptedModel(Enumerable.Range(0, 9).Select(_ => Next()));
        var result = await RunAsync("""{ "permissions": { "allow": ["Bash"] }, "sensors": { "define": { "judge": { "prompt": "Good?", "when": ["commit"] } } } }""", model);
        var asked = Assert.Single(model.Requests, request => request.System.StartsWith("You judge", StringComparison.Ordinal)).Messages[0].Text;
        Assert.Contains("<file path=\"sub/staged.txt\">", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("left.txt", asked, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, asked, StringComparison.Ordinal);
        Assert.Equal(SensorState.Red, Assert.Single(Recorded<SensorRan>()).State);
        Assert.Equal(3 * 110, result.Usage.Total);
    }

    [Fact]
    public async Task A_judge_before_a_commit_is_inside_the_limits_of_the_turn()
    {
        Repository();
        ScriptedReply Next() => new(request => (request.Messages.Count > 3 ? ScriptedReply.Text("Done.") : request.Messages.Count > 1 ? Bash("git commit -q -m one") : Bash("ls")).Updates(request));
        var model = new ScriptedModel(Enumerable.Range(0, 9).Select(_ => Next()));
        await RunAsync("""{ "maxSteps": 2, "permissions": { "allow": ["Bash"] }, "sensors": { "define": { "judge": { "prompt": "Good?", "when": ["commit"] } } } }""", model);
        Assert.Contains("no model is asked any more: the limit of 2 steps is reached", Assert.Single(Recorded<SensorRan>()).Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(model.Requests, request => request.System.StartsWith("You judge", StringComparison.Ordinal));
    }

    // One commit, one file staged in a folder, one changed that git knows, one that it does not.
    private void Repository()
    {
        Git("init", "-q");
        Git("config", "user.name", "t");
        Git("config", "user.email", "t@example.com");
        _folder.Write("work/a b.txt", "old\n");
        Git("add", "-A");
        Git("commit", "-q", "-m", "zero");
        _folder.Write("work/a b.txt", "new\n");
        _folder.Write("work/sub/staged.txt", "new\n");
        Git("add", "sub");
        _folder.Write("work/left.txt", "new\n");
    }

    private async Task<Sessions.TurnResult> RunAsync(string settings, ScriptedModel model, string sandbox = "off")
    {
        _folder.Write(".config/bridle/settings.json", settings);
        var request = new HarnessRequest(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)), Work) { Model = model, Sinks = [_sink], Sandbox = sandbox, SessionName = "s", TrustFolder = true };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        return await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
    }

    private static ScriptedReply Bash(string command) => ScriptedReply.Calls(("Bash", $$"""{"command":"{{command}}"}"""));

    private List<T> Recorded<T>() => [.. _sink.Events.OfType<Recorded>().Select(record => record.Event).OfType<T>()];

    private string Git(params string[] arguments)
    {
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", ["-C", Work, .. arguments]) { RedirectStandardOutput = true })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return output;
    }
}
