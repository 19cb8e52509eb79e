using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;

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
    public async Task A_call_that_never_began_is_named_with_its_answer()
    {
        await RecordAsync(Asked(("c1", "a.txt"), ("c2", "b.txt")));
        await RecordAsync(Returned("c1", "file_path is missing.", CallOutcome.Failed));
        await RecordAsync(Returned("c2", "Nothing allows it.", CallOutcome.Denied));
        Assert.Equal("  ↳ Read a.txt\n  file_path is missing.\n✗ Read b.txt\n  Nothing allows it.\n", _error.ToString());
    }

    private static ModelReplied Asked(params (string Id, string File)[] calls) =>
        new(new([.. calls.Select(call => new ToolCallPart(new(call.Id), "Read", $$"""{"file_path":"{{call.File}}"}"""))], StopReason.ToolUse, null, null), null, 0);

    private static ToolStarted Started(string id) => new(new(id), "Read", "h", ToolEffect.Repeatable, "none");

    private static ToolReturned Returned(string id, string text, CallOutcome outcome = CallOutcome.Completed) => new(new(id), outcome, [new TextPart(text)], 0) { Tool = "Read" };

    private ValueTask RecordAsync(DurableEvent happened) => _text.EmitAsync(new Recorded(++_n, DateTimeOffset.UnixEpoch, new RunId("1"), happened), default);
}
