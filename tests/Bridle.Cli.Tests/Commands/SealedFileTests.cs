using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Files that no turn may change: refused at the gate, and found out before a turn is done where something got past it.</summary>
public sealed class SealedFileTests : IDisposable
{
    private readonly CliStage _stage = new();

    public SealedFileTests()
    {
        _stage.Write("work/tests/a.test", "expect 42\n");
        _stage.Write("work/tests/deep/.hidden.test", "expect 43\n");
        _stage.Write("work/src/a.txt", "41\n");
    }

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task No_tool_writes_a_sealed_file()
    {
        var model = Script(
            ScriptedReply.Calls(("Write", """{ "file_path": "tests/a.test", "content": "expect 41\n" }""")), ScriptedReply.Calls(("Write", """{ "file_path": "tests/new.test", "content": "x\n" }""")),
            ScriptedReply.Calls(("Bash", """{ "command": "echo 'expect 41' > tests/a.test" }""")), ScriptedReply.Calls(("Write", """{ "file_path": "src/b.txt", "content": "42\n" }""")), ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Denied, await _stage.RunAsync("run", "--mode", "acceptEdits", "--seal", "tests/**", "Make it pass."));
        Assert.Equal("expect 42\n", await File.ReadAllTextAsync(_stage.PathOf("work/tests/a.test"), TestContext.Current.CancellationToken));
        Assert.False(File.Exists(_stage.PathOf("work/tests/new.test")));
        Assert.All(model.Requests.Skip(1).Take(3), request => Assert.Contains("[Permission denied]", Results(request)[^1]));
        Assert.DoesNotContain("[Permission denied]", Results(model.Requests[4])[^1]);
        Assert.Equal(["tests/a.test", "tests/deep/.hidden.test"], Hashed());
    }

    [Fact]
    public async Task A_pattern_that_matches_nothing_is_said_and_stands_in_the_receipt()
    {
        Script(ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "px", "--seal", "nothing/**", "--seal", "tests/**", "Make it pass."));
        Assert.Contains("The sealed pattern 'nothing/**' matches no file now: nothing is held by it.", _stage.Error.ToString());
        Assert.DoesNotContain("'tests/**' matches no file", _stage.Error.ToString());
        _stage.Out.Take();
        await _stage.RunAsync("runs", "show", "px", "--json");
        using var receipt = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal(["nothing/**"], receipt.RootElement.GetProperty("sealed_nothing").EnumerateArray().Select(one => one.GetString()));
        await _stage.RunAsync("runs", "show", "px");
        Assert.Contains("nothing: no file matched nothing/**", _stage.Out.Take());
        foreach (var demand in new[] { "--seal", "--accept", "--accept-file" })
        {
            Assert.Equal(ExitCode.Usage, await _stage.RunAsync("run", demand, "", "Make it pass."));
        }
    }

    [Theory]
    [InlineData("printf 'expect 41\\n' > a.test", "tests/a.test: It was modified.")]
    [InlineData("rm a.test", "tests/a.test: It was deleted.")]
    [InlineData("printf x > deep/.hidden.test", "tests/deep/.hidden.test: It was modified.")]
    [InlineData("printf x > b.test", "tests/b.test: It was added.")]
    public async Task What_got_past_the_gate_is_found_before_the_turn_is_done_and_told_to_the_model(string command, string breach)
    {
        // A program can do what no reading of its command line shows.
        _stage.Write("work/go.sh", $"cp -r tests kept; cd tests; {command}\n");
        _stage.Write("work/back.sh", "rm -rf tests; mv kept tests\n");
        var model = Script(
            ScriptedReply.Calls(("Bash", """{ "command": "sh go.sh" }""")), ScriptedReply.Text("Done."),
            ScriptedReply.Calls(("Bash", """{ "command": "sh back.sh" }""")), ScriptedReply.Text("Put back."));
        Assert.Equal(ExitCode.Done, await RunAsync("--seal", "tests/**"));
        Assert.Contains($"- sealed file {breach}\nSealed files may not be changed by you in any way: put them back", model.Requests[2].Messages[^1].Text);
        Assert.Equal("Put back.\n", _stage.Out.Take());
    }

    [Fact]
    public async Task A_file_that_stays_changed_ends_the_turn_as_not_accepted_and_the_next_turn_does_not_forget_it()
    {
        _stage.Write("work/go.sh", "echo changed > tests/a.test\n");
        _stage.Write("home/.config/bridle/settings.json", """{ "sealedFiles": ["*.test"], "acceptanceRounds": 0 }""");
        Script(ScriptedReply.Calls(("Bash", """{ "command": "sh go.sh" }""")), ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Failed, await RunAsync("--session", "s"));
        Assert.Contains("Not accepted: sealed file tests/a.test: It was modified.", _stage.Error.Take());

        Script(ScriptedReply.Text("Nothing more to do."));
        Assert.Equal(ExitCode.Failed, await RunAsync("--session", "s"));
        Assert.Contains("Not accepted: sealed file tests/a.test: It was modified.", _stage.Error.Take());

        // The person changes it: that is no breach, and what was put back is none.
        _stage.Write("work/tests/a.test", "expect 44\n");
        Script(ScriptedReply.Text("Fine."));
        Assert.Equal(ExitCode.Done, await RunAsync("--session", "s"));
    }

    [Fact]
    public async Task A_project_may_seal_its_own_files_before_it_is_trusted()
    {
        _stage.Write("work/.bridle/settings.json", """{ "sealedFiles": ["tests/a.test"] }""");
        var model = Script(ScriptedReply.Calls(("Write", """{ "file_path": "tests/a.test", "content": "x" }""")), ScriptedReply.Text("No."));
        Assert.Equal(ExitCode.Denied, await _stage.RunAsync("run", "--mode", "acceptEdits", "Change it."));
        Assert.Contains("sealedFiles", Results(model.Requests[1])[^1]);
        Assert.Equal(["tests/a.test"], Hashed());
    }

    [Fact]
    public async Task A_link_to_what_has_no_end_is_not_read()
    {
        _stage.Write("work/.bridle/settings.json", """{ "sealedFiles": ["golden"] }""");
        File.CreateSymbolicLink(Path.Combine(_stage.Work, "golden"), "/proc/self/pagemap");
        Script(ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "Say it.").WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Too_much_to_hash_is_said_before_anybody_is_asked_and_replays()
    {
        // Long, and nothing in it: what counts is the length that a look at it shows.
        using (var large = new FileStream(_stage.PathOf("work/tests/large.bin"), FileMode.CreateNew))
        {
            large.SetLength(1100L << 20);
        }

        var model = Script(ScriptedReply.Text("Never."));
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("run", "--session", "s", "--seal", "tests/**", "Make it pass."));
        Assert.Contains("Not begun: the sealed files hold more than 1024 MiB together (up to tests/large.bin)", _stage.Error.Take());
        Assert.Empty(model.Requests);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "replay", "s"));
    }

    [Theory]
    [InlineData("tests/**", "printf x > a.test; rm -f deep/.hidden.test; mv a.test b.test; printf x > new.test; cd ..; mv tests other", true)]
    [InlineData("**/*.test", "printf x > a.test; rm -f a.test; mv a.test b.test; cd ..; mv tests other", false)]
    public async Task A_program_in_the_sandbox_cannot_change_a_sealed_file(string pattern, string commands, bool whole)
    {
        _stage.Write("work/go.sh", $"cd tests; {commands}\nprintf y > tests/beside.txt\nprintf y > src/b.txt\ntrue\n");
        var model = Script(ScriptedReply.Calls(("Bash", """{ "command": "sh go.sh" }""")), ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--sandbox", "required", "--allow", "Bash(sh:*)", "--seal", pattern, "Make it pass."));
        Assert.Matches("a.test: (Read-only file system|Device or resource busy)|cannot create a.test", Results(model.Requests[1])[^1]);
        Assert.Equal(("expect 42\n", "expect 43\n"), (File.ReadAllText(_stage.PathOf("work/tests/a.test")), File.ReadAllText(_stage.PathOf("work/tests/deep/.hidden.test"))));

        // What is not sealed can be written as ever: beside single files, and elsewhere.
        Assert.True(File.Exists(_stage.PathOf("work/src/b.txt")));
        Assert.Equal(!whole, File.Exists(_stage.PathOf("work/tests/beside.txt")));
    }

    [Fact]
    public async Task What_a_person_adds_between_two_turns_is_held_in_the_second_and_the_report_names_what_is_held()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "sealedFiles": ["*.test"] }""");
        _stage.Write("work/go.sh", "printf x > src/later.test\ntrue\n");
        _stage.Model = new ScriptedModel(
            ScriptedReply.Text("Done."), ScriptedReply.Calls(("Bash", """{ "command": "sh go.sh" }""")), ScriptedReply.Text("Done."));
        var request = new HarnessRequest(_stage.Context().Environment, _stage.Work) { Model = _stage.Model, Sandbox = "required" };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        await harness.Session.RunAsync("One.", TestContext.Current.CancellationToken);
        _stage.Write("work/src/later.test", "expect 44\n");
        Assert.Equal(TurnOutcome.Completed, (await harness.Session.RunAsync("Two.", TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal("expect 44\n", File.ReadAllText(_stage.PathOf("work/src/later.test")));

        Assert.Equal(0, await _stage.RunAsync("sandbox", "report"));
        Assert.Contains($"protected    {_stage.PathOf("work/src/later.test")}\n", _stage.Out.Take());
    }

    [Fact]
    public async Task Too_many_files_to_be_held_are_said_in_the_report()
    {
        for (var i = 0; i < 70; i++)
        {
            _stage.Write($"work/many/{i}.golden", "x");
        }

        _stage.Write("home/.config/bridle/settings.json", """{ "sealedFiles": ["*.golden"] }""");
        Assert.Equal(0, await _stage.RunAsync("sandbox", "report"));
        Assert.Contains("sealed       70 files (sealedFiles), 6 of them too many to be protected: what programs do to those is found by hash before a turn is done\n", _stage.Out.Take());
        _stage.Write("home/.config/bridle/settings.json", """{ "sealedFiles": ["many/**"] }""");
        Assert.Equal(0, await _stage.RunAsync("sandbox", "report", "--json"));
        using var report = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal((70, 0), (report.RootElement.GetProperty("sealed").GetProperty("files").GetInt32(), report.RootElement.GetProperty("sealed").GetProperty("not_protected").GetInt32()));
        Assert.Contains(_stage.PathOf("work/many"), report.RootElement.GetProperty("protected").EnumerateArray().Select(one => one.GetString()));
    }

    private Task<int> RunAsync(params string[] flags) => _stage.RunAsync(["run", "--sandbox", "off", "--allow", "Bash(sh:*)", .. flags, "Make it pass."]);

    private static List<string> Results(ModelRequest request) =>
        [.. request.Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().Select(result => string.Concat(result.Content.OfType<TextPart>().Select(text => text.Text)))];

    private ScriptedModel Script(params ScriptedReply[] replies)
    {
        var model = new ScriptedModel(replies);
        _stage.Model = model;
        return model;
    }

    private IEnumerable<string?> Hashed() => Directory.EnumerateFiles(_stage.PathOf("home"), "session_*.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadLines)
        .Select(line => JsonDocument.Parse(line).RootElement).Where(record => record.GetProperty("type").GetString() == "sealed_files_hashed")
        .SelectMany(record => record.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
}
