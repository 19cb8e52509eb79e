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
        var dear = new ScriptedReply(request => [new ReplyFinished(((ReplyFinished)Bash("git commit -q -m one").Updates(request).Last()).Reply with { Usage = new Usage(1_000_000, 0, 0, 0, 0) })]);
        var model = new ScriptedModel(Bash("ls"), dear, ScriptedReply.Text("Done.")) { Info = new("test", "scripted", "scripted") { Tools = Known.Yes, Price = new Price(1, 1) } };
        await RunAsync("""{ "maxSteps": 2, "maxCost": 0.5, "permissions": { "allow": ["Bash"] }, "sensors": { "define": { "judge": { "prompt": "Good?", "when": ["commit"] } } } }""", model);
        Assert.Contains("no model is asked any more: the limit of $0.5 leaves no room", Assert.Single(Recorded<SensorRan>()).Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(model.Requests, request => request.System.StartsWith("You judge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ready_made_sensor_of_a_folder_runs_there_and_names_its_files_from_the_root()
    {
        _folder.Write("work/ts/package.json", "{}");
        _folder.Write("work/ts/tsconfig.json", "{}");
        _folder.Program("work/ts/node_modules/.bin/tsc", "#!/bin/sh\necho \"src/$(basename \"$PWD\").ts(1,2): error TS1000: bad\"\nexit 1\n");
        var model = new ScriptedModel(ScriptedReply.Calls(("Write", """{"file_path":"ts/a.ts","content":"x"}""")), ScriptedReply.Text("Done."), ScriptedReply.Text("Done."));
        await RunAsync("""{ "permissions": { "allow": ["Write"] }, "sensors": { "detect": true, "rounds": 1 } }""", model);
        var ran = Assert.Single(Recorded<SensorRan>());
        Assert.Equal(("tsc", SensorState.Red, "ts/src/ts.ts"), (ran.Sensor, ran.State, ran.Signals[0].File));
    }

    [Theory]
    [InlineData("git -c alias.ci=commit ci -q -m one")]
    [InlineData("git ci -q -m one")]
    [InlineData("git shipit -m one")]
    [InlineData("git both -m one")]
    [InlineData("G=git; $G commit -q -m one")]
    [InlineData("X=comm; git ${X}it -q -m one")]
    public async Task A_commit_by_another_name_is_looked_at_before_it_is_made(string commit)
    {
        Repository();
        _folder.Write(".gitconfig", "[alias]\n\tci = commit\n\tshipit = \"!git commit -q\"\n\tboth = -c user.name=a ci\n");
        await RunAsync(Red, new ScriptedModel(Bash(commit), ScriptedReply.Text("Done.")), mode: "bypass");
        Assert.Equal("commit", Recorded<SensorRan>()[0].Stage);
        Assert.Equal("zero", Git("log", "--format=%s", "--all").Trim());
    }

    [Theory]
    [InlineData("sh c.sh")]
    [InlineData("X=$(printf comm); git ${X}it -q -m one")]
    [InlineData("git checkout -q -b other && sh c.sh")]
    [InlineData("git pack-refs --all && python3 c.py")]
    public async Task A_commit_that_nobody_could_read_is_looked_at_once_it_is_made_and_the_turn_is_not_done_while_it_is_red(string command)
    {
        Repository();
        _folder.Write("work/c.sh", "git commit -q -m one\n");
        _folder.Write("work/c.py", "import subprocess\nsubprocess.run(['git', 'commit', '-q', '-m', 'one'])\n");
        var model = new ScriptedModel(Bash(command), ScriptedReply.Text("Done."), Bash("echo good > sub/staged.txt"), ScriptedReply.Text("Now it is."));
        var result = await RunAsync(Red, model, mode: "bypass");
        Assert.Equal("one\nzero", Git("log", "--format=%s", "HEAD").Trim());
        Assert.Equal(["commit:Red", "turn:Green"], Recorded<SensorRan>().Select(ran => $"{ran.Stage}:{ran.State}"));
        Assert.Equal("sub/staged.txt", Recorded<SensorRan>()[0].Signals[0].File);
        var told = string.Concat(model.Requests[1].Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().SelectMany(part => part.Content).OfType<TextPart>().Select(part => part.Text));
        Assert.Contains("This call made a commit that no sensor had looked at", told, StringComparison.Ordinal);
        Assert.Contains("amend the commit; you are not done before that", told, StringComparison.Ordinal);
        Assert.Equal((TurnOutcome.Completed, "Now it is."), (result.Outcome, result.Answer));
    }

    [Theory]
    [InlineData("git checkout -q -b other && echo x > new.txt")]
    [InlineData("git reset -q --hard HEAD && git checkout -q HEAD~0")]
    [InlineData("git branch more && git merge -q --ff-only more; git log")]
    [InlineData("sh -c 'exit 1'")]
    public async Task What_makes_no_commit_is_not_looked_at(string command)
    {
        Repository();
        await RunAsync(Red, new ScriptedModel(Bash(command), ScriptedReply.Text("Done.")));
        Assert.Empty(Recorded<SensorRan>());
    }

    [Fact]
    public async Task A_commit_that_stays_red_ends_the_turn_as_not_done()
    {
        Repository();
        _folder.Write("work/c.sh", "git commit -q -m one\n");
        var result = await RunAsync(Red.Replace("\"rounds\": 3", "\"rounds\": 1", StringComparison.Ordinal), new ScriptedModel(Bash("sh c.sh"), ScriptedReply.Text("Done."), ScriptedReply.Text("Really.")));
        Assert.Equal(TurnOutcome.SensorRed, result.Outcome);
    }

    // Red as long as the file that is staged says what it said at first.
    private const string Red = """{ "permissions": { "allow": ["Bash", "Write"] }, "sensors": { "rounds": 3, "define": { "words": { "command": "! grep -Hn new {files} | sed 's/$/: error/' | grep .", "matcher": "^(?<file>[^:]+):(?<line>\\d+):(?<message>.*)$", "when": ["commit"], "files": ["sub/*.txt"] } } } }""";

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

    private async Task<Sessions.TurnResult> RunAsync(string settings, ScriptedModel model, string sandbox = "off", string? mode = null)
    {
        _folder.Write(".config/bridle/settings.json", settings);
        var request = new HarnessRequest(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)), Work) { Model = model, Sinks = [_sink], Sandbox = sandbox, Mode = mode, SessionName = "s", TrustFolder = true };
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
