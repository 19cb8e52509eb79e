using Bridle.FakeVendors;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SessionReplayTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private string Log => Path.Combine(_stage.Home, ".local/share/bridle/sessions/session_talk.jsonl");

    [Fact]
    public async Task A_session_of_the_rehearsal_replays_as_it_was()
    {
        _stage.Write("work/a.txt", "alpha\n");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "talk", "look at a.txt"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--resume", "talk", "search for alpha"));
        _stage.Out.Take();
        File.Delete(Path.Combine(_stage.Work, "a.txt"));
        var bytes = File.ReadAllBytes(Log);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "replay", "talk"));
        Assert.Matches("talk replays as it was: 2 runs, [0-9]+ requests built again and the same.\n", _stage.Out.Take());
        Assert.Equal(bytes, File.ReadAllBytes(Log));
    }

    [Fact]
    public async Task A_session_with_a_server_replays_when_the_server_is_gone()
    {
        await using (var vendor = new FakeAnthropic([FakeTurn.Call("Bash", """{"command":"echo $((40+2))"}"""), FakeTurn.Say("It is 42.")]))
        {
            (_stage.Variables["ANTHROPIC_API_KEY"], _stage.Variables["ANTHROPIC_BASE_URL"]) = ("k", vendor.Url.ToString());
            var exitCode = await _stage.RunAsync("run", "--model", "anthropic/claude-sonnet-4-5", "--allow", "Bash(echo *)", "--session", "talk", "compute");
            Assert.True(exitCode == ExitCode.Done, _stage.Error.ToString());
        }

        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "replay", "talk"));
        Assert.Contains("1 run, 2 requests built again and the same", _stage.Out.Take());
    }

    [Fact]
    public async Task A_damaged_file_is_not_said_to_replay_as_it_was()
    {
        await _stage.RunAsync("run", "--session", "talk", "hello");
        File.WriteAllLines(Log, [File.ReadLines(Log).First(), "{ no record"]);
        _stage.Out.Take();
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "replay", "talk"));
        Assert.Equal("", _stage.Out.Take());
        Assert.Contains("Only what can be read of talk was played again: ", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_difference_ends_with_1_and_an_edit_is_given_as_its_reason()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}""")), ScriptedReply.Text("A horse."));
        await _stage.RunAsync("run", "--session", "talk", "What is the zebra?");
        File.WriteAllText(Log, File.ReadAllText(Log).Replace("zebra", "zebu", StringComparison.Ordinal));
        await _stage.RunAsync("run", "--resume", "talk", "--accept-edits", "--max-steps", "1", "x");
        _stage.Out.Take();
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "replay", "talk"));
        var said = _stage.Out.Take();
        Assert.Matches("talk differs at record [0-9]+: the messages of the request\n  log:    [0-9a-f]{64}\n  replay: [0-9a-f]{64}\n", said);
        Assert.Contains("The session was edited later (record ", said);

        // Before the first request nothing differs yet.
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "replay", "talk", "--at", "2"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "replay", "talk", "--at", "9999"));
    }
}
