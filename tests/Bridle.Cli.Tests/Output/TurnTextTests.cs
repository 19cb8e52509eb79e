using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Sessions;

namespace Bridle.Cli.Tests.Output;

public sealed class TurnTextTests
{
    private readonly WatchedWriter _error = new();
    private readonly TurnText _text;
    private long _n;

    public TurnTextTests() => _text = new TurnText(new CommandIo(TextReader.Null, TextWriter.Null, _error) { ErrorIsTerminal = true }, live: false);

    [Fact]
    public async Task Results_of_calls_that_ran_side_by_side_say_which_call_they_belong_to()
    {
        await RecordAsync(Asked(("c1", "a.txt"), ("c2", "b.txt"), ("c3", "c.txt")));
        await RecordAsync(Started("c1"));
        await RecordAsync(Started("c2"));
        await RecordAsync(Returned("c1", "alpha"));
        await _text.EmitAsync(new Shown(new RunId("1"), new ToolProgressed(new("c2"), "half of beta\n")), default);
        await RecordAsync(Returned("c2", "beta"));
        await RecordAsync(Started("c3"));
        await RecordAsync(Returned("c3", "gamma"));
        Assert.Equal("• Read a.txt\n• Read b.txt\n  ↳ Read a.txt\n  alpha\n  ↳ Read b.txt\n  | half of beta\n  beta\n• Read c.txt\n  gamma\n", _error.ToString());
    }

    [Fact]
    public async Task The_line_of_a_call_that_the_person_changed_shows_what_runs()
    {
        await RecordAsync(Asked(("c1", "a.txt")));
        await RecordAsync(new ApprovalRequested("q", new("c1"), "Read", "{}", "h", null, "none", "Ask.", DateTimeOffset.MaxValue));
        await RecordAsync(new ApprovalGiven("q", "allow", "once", "person", null, """{"file_path":"b.txt"}"""));
        await RecordAsync(Started("c1"));
        Assert.Equal("• Read b.txt\n", _error.ToString());
    }

    [Fact]
    public async Task A_call_that_never_began_is_named_with_its_answer()
    {
        await RecordAsync(Asked(("c1", "a.txt"), ("c2", "b.txt")));
        await RecordAsync(Returned("c1", "file_path is missing.", CallOutcome.Failed));
        await RecordAsync(Returned("c2", "Nothing allows it.", CallOutcome.Denied));
        Assert.Equal("  ↳ Read a.txt\n  file_path is missing.\n✗ Read b.txt\n  Nothing allows it.\n", _error.ToString());
    }

    [Theory]
    [InlineData(0, false, 0.0121, "[120 in / 30 out tokens, $0.0121, 1 step, m]")]
    [InlineData(0, true, 0.0121, "[about 120 in / 30 out tokens, about $0.0121, 1 step, m]")]
    [InlineData(0, true, null, "[about 120 in / 30 out tokens, cost unknown, 1 step, m]")]
    [InlineData(1, false, null, "[120 in / 30 out tokens and 1 reply of unknown size, cost unknown, 1 step, m]")]
    [InlineData(2, true, null, "[about 120 in / 30 out tokens and 2 replies of unknown size, cost unknown, 1 step, m]")]
    public void What_was_guessed_or_not_said_is_no_fact_in_the_usage_line(int unmeasured, bool estimated, double? cost, string line) =>
        Assert.Equal(line, UsageLine.Of(Result(new(120, 0, 0, 30, 0), unmeasured, estimated, cost), "m"));

    [Fact]
    public void Tokens_that_no_server_ever_said_are_unknown_and_not_nothing()
    {
        Assert.Equal("[tokens unknown, cost unknown, 1 step, m]", UsageLine.Of(Result(Usage.None, 1, false, null), "m"));
        Assert.Contains("\"usage_is\":\"unknown\"", ResultObject.Of(Result(Usage.None, 1, false, null), "s", "m"));
        Assert.Contains("\"usage_is\":\"estimated\"", ResultObject.Of(Result(Usage.None, 0, true, null), "s", "m"));
        Assert.Contains("\"usage_is\":\"measured\"", ResultObject.Of(Result(Usage.None, 0, false, null), "s", "m"));
    }

    [Fact]
    public async Task A_reply_that_is_asked_again_at_once_says_so()
    {
        await _text.EmitAsync(new Shown(new RunId("1"), new RetryWaiting(2, 3, TimeSpan.Zero, "The server sent an empty reply.")), default);
        await _text.EmitAsync(new Shown(new RunId("1"), new RetryWaiting(3, 3, TimeSpan.FromSeconds(2), "Overloaded.")), default);
        Assert.Equal("Asking again, try 2 of 3: The server sent an empty reply.\nWaiting 2 s before try 3 of 3: Overloaded.\n", _error.ToString());
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "Half an\nA whole answer.\n")]
    public async Task A_pipe_never_gets_what_was_withdrawn_and_the_answer_from_who_ends_the_turn(bool terminal, string printed)
    {
        var output = new WatchedWriter();
        var text = new TurnText(new CommandIo(TextReader.Null, output, _error) { OutIsTerminal = terminal }, live: true);
        await text.EmitAsync(new Shown(new RunId("1"), new TextStreamed("Half an")), default);
        await text.EmitAsync(new Shown(new RunId("1"), new ReplyWithdrawn("it broke off")), default);
        await text.EmitAsync(new Shown(new RunId("1"), new TextStreamed("A whole answer.")), default);
        await text.EmitAsync(new Recorded(1, DateTimeOffset.UnixEpoch, new RunId("1"), new ModelReplied(new([new TextPart("A whole answer.")], StopReason.EndTurn, null, null), null, 0)), default);
        Assert.Equal(printed, output.ToString());
        Assert.Equal(terminal, _error.ToString().Contains("does not count", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_that_another_reply_follows_were_not_the_answer_and_go_beside_it()
    {
        var output = new WatchedWriter();
        var text = new TurnText(new CommandIo(TextReader.Null, output, _error), live: true);
        foreach (var words in new[] { "Done, I think.\n", "Mended; now it holds." })
        {
            await text.EmitAsync(new Recorded(1, DateTimeOffset.UnixEpoch, new RunId("1"), new ModelReplied(new([new TextPart(words)], StopReason.EndTurn, null, null), null, 0)), default);
        }

        Assert.Equal("", output.ToString());
        Assert.Equal("Done, I think.\n", _error.ToString());
        Assert.False(text.ShownLast);
    }

    [Theory]
    [InlineData("Half\nan answer that is wider than the window", 20, 6, true)]
    [InlineData("Half\nan answer\n", 20, 6, true)]
    [InlineData("1\n2\n3\n4\n5\n6\n7", 20, 6, false)]
    [InlineData("just as wide: twenty", 20, 6, false)]
    public async Task What_is_withdrawn_goes_from_the_window_where_it_stands_whole(string text, int width, int height, bool goes)
    {
        var terminal = new Terminals.Screens.VirtualTerminal(width, height);
        var shown = new TurnText(new CommandIo(TextReader.Null, terminal, terminal) { OutIsTerminal = true, ErrorIsTerminal = true, IsScreen = true, Width = () => width, Height = () => height }, live: true);
        shown.Say("before");
        await shown.EmitAsync(new Shown(new RunId("1"), new TextStreamed(text)), default);
        await shown.EmitAsync(new Shown(new RunId("1"), new ReplyWithdrawn("cut")), default);
        await shown.EmitAsync(new Shown(new RunId("1"), new TextStreamed("whole")), default);
        Assert.Equal(goes, !terminal.Text.Contains(text[..4], StringComparison.Ordinal));
        Assert.StartsWith("before\n", terminal.Text, StringComparison.Ordinal);
        Assert.EndsWith("whole", terminal.Text, StringComparison.Ordinal);
        Assert.Contains("does not", terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_to_do_is_shown_by_its_words()
    {
        const string list = """{"todos":[{"content":"Look","status":"in_progress"},{"content":"Change it","status":"pending"}]}""";
        await RecordAsync(new ModelReplied(new([new ToolCallPart(new("c1"), "TodoWrite", list)], StopReason.ToolUse, null, null), null, 0));
        await RecordAsync(new ToolStarted(new("c1"), "TodoWrite", "h", ToolEffect.Repeatable, "none"));
        Assert.Equal("• TodoWrite todos: Look; Change it\n", _error.ToString());
    }

    [Fact]
    public async Task The_change_that_a_result_repeats_is_not_counted_as_lines_of_it()
    {
        await RecordAsync(Asked(("c1", "a.txt")));
        await RecordAsync(Started("c1"));
        await RecordAsync(Returned("c1", "Replaced 1 occurrence in a.txt (+1 −1 lines).\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-x\n+y") with { Diff = "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-x\n+y\n" });
        Assert.Equal("• Read a.txt\n  Replaced 1 occurrence in a.txt (+1 −1 lines).\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-x\n+y\n", _error.ToString());
    }

    private static TurnResult Result(Usage usage, int unmeasured, bool estimated, double? cost) =>
        new(TurnOutcome.Completed, "", usage, (decimal?)cost, 1, [], null, null, false) { Unmeasured = unmeasured, IsEstimated = estimated };

    private static ModelReplied Asked(params (string Id, string File)[] calls) =>
        new(new([.. calls.Select(call => new ToolCallPart(new(call.Id), "Read", $$"""{"file_path":"{{call.File}}"}"""))], StopReason.ToolUse, null, null), null, 0);

    private static ToolStarted Started(string id) => new(new(id), "Read", "h", ToolEffect.Repeatable, "none");

    private static ToolReturned Returned(string id, string text, CallOutcome outcome = CallOutcome.Completed) => new(new(id), outcome, [new TextPart(text)], 0) { Tool = "Read" };

    private ValueTask RecordAsync(DurableEvent happened) => _text.EmitAsync(new Recorded(++_n, DateTimeOffset.UnixEpoch, new RunId("1"), happened), default);
}
