using Bridle.Events;
using Bridle.Journal;
using Bridle.Loop;
using Bridle.Messages;
using Bridle.Runs;

namespace Bridle.Sessions;

/// <summary>
/// What a turn left that its log could not take any more, because another program had changed it. The same message sent with the same id to the session opened again is accepted once;
/// <see cref="Session.KeepAsync"/> writes down there what still fits.
/// </summary>
/// <param name="MessageId">The id that the message had.</param>
/// <param name="Text">What came of the reply; empty when nothing did.</param>
public sealed record UnrecordedTurn(string MessageId, string Text)
{
    private static readonly HashSet<string> s_edited = ["session_edited"];

    private const string Why = "the session's file was changed by another program";

    /// <summary>The calls that ended and whose results are in no file, with their results.</summary>
    public IReadOnlyList<EndedCall> Results { get; private init; } = [];

    private RunId Run { get; init; }

    // The last record that was there when the log was still what it had been.
    private long Last { get; init; }

    private RunFinished? End { get; init; }

    private IReadOnlyList<Unwritten> Events { get; init; } = [];

    private IReadOnlyList<(ToolCallPart Call, ToolReturned Result)> Ended { get; init; } = [];

    // The calls of its last reply that were answered, in the log or not.
    private IReadOnlyList<ToolCallPart> Answered { get; init; } = [];

    private bool HasMessage { get; init; }

    private bool HasCalled { get; init; }

    // What came of the turn, and what of that is in no file.
    internal static TurnResult Of(Run run, SessionEvents events, string answer, (string MessageId, bool IsSent) message, JournalChangedException changed)
    {
        var isLost = message.IsSent && !run.Transcript.Knows(message.MessageId);
        var ended = Calls(run.Transcript, events.Unwritten);
        var words = changed.Message + (isLost ? " The message was not accepted." : "") + (run.Partial.Length > 0 ? " What came of the reply is in no file." : "")
            + (ended.Count > 0 ? $" {(ended.Count == 1 ? "The result of a call is" : $"The results of {ended.Count} calls are")} in no file: {string.Join(", ", ended.ConvertAll(one => one.Call.Name))}." : "");
        var turn = TurnResult.Of(run, new TurnEnd(TurnOutcome.LogChanged, run.Partial.Length > 0 ? run.Partial : answer, words));
        return turn with
        {
            Unrecorded = new(message.MessageId, run.Redact(run.Partial))
            {
                Results = ended.ConvertAll(one => new EndedCall(run.Redact(one.Call.Name), run.Redact(one.Call.Arguments), run.Redact(Words(one.Result)))),
                Answered = [.. run.Transcript.AnsweredCalls.Select(state => state.Call), .. ended.ConvertAll(one => one.Call)], HasMessage = message.IsSent, HasCalled = run.Budget.Calls > 0,
                Ended = ended, Run = run.Id, Last = run.Transcript.Last, Events = [.. events.Unwritten],
                End = new(TurnOutcome.Crashed, turn.Usage, turn.Cost, turn.Steps, turn.Denied, $"Ended because {Why}.") { EstimatedUsage = run.Budget.EstimatedUsage, EstimatedCost = run.Budget.EstimatedCost },
            },
        };
    }

    // Each as far as it still fits what is there now. A reply counts only when nothing at all was changed: what it answered is what it was.
    internal async ValueTask<KeptTurn> KeepAsync(SessionEvents events, CancellationToken cancellationToken)
    {
        var transcript = events.Transcript;
        var (isSame, isOpen) = (transcript.Last == Last && events.Records(s_edited).LastOrDefault()?.N != Last, transcript.OpenRun == Run);
        var knows = HasMessage ? transcript.Knows(MessageId) : isOpen;
        var mayGoOn = !HasCalled || (knows && isOpen && Answered.All(call => transcript.FindCall(call.Id)?.Call is { } there && IsSameCall(there, call)));
        var dropped = Results.Where((_, index) => !IsAwaited(transcript, Ended[index].Result)).ToList();
        var isReplyLost = false;
        foreach (var (run, happened) in Events)
        {
            DurableEvent? kept = happened switch
            {
                ToolReturned returned => IsAwaited(transcript, returned) ? returned : null,
                ModelReplied replied => isSame && isOpen ? replied : Cut(replied),
                _ => isOpen ? happened : null,
            };
            isReplyLost |= kept is ReplyCut && run == Run;
            if (kept is not null)
            {
                await events.RecordAsync(isOpen ? run : RunId.Session, kept, Durability.Synced, cancellationToken);
            }
        }

        if (Text.Length > 0 && !Events.Any(one => one.Event is ModelReplied))
        {
            isReplyLost = true;
            await events.RecordAsync(isOpen ? Run : RunId.Session, new ReplyCut(Why, Text, null, null), Durability.Written, cancellationToken);
        }

        if (isOpen)
        {
            await events.RecordAsync(Run, End!, Durability.Written, cancellationToken);
        }

        return new(knows, mayGoOn, isReplyLost || (!knows && End!.Steps > 0)) { Dropped = dropped };
    }

    private static ReplyCut Cut(ModelReplied replied) => new(Why, replied.Reply.Text, replied.Reply.Usage, replied.Cost) { EstimatedCost = replied.EstimatedCost };

    private static string Words(ToolReturned returned) => string.Join('\n', returned.Content.OfType<TextPart>().Select(part => part.Text));

    private static List<(ToolCallPart Call, ToolReturned Result)> Calls(Transcript transcript, IReadOnlyList<Unwritten> events)
    {
        var ended = new List<(ToolCallPart Call, ToolReturned Result)>();
        foreach (var one in events)
        {
            if (one.Event is ToolReturned returned && !one.Run.Value.Contains('.') && transcript.FindCall(returned.Call) is { } state)
            {
                ended.Add((state.Call, returned));
            }
        }

        return ended;
    }

    // The same call, and nobody has answered it: an edit may have taken it out, or another log may stand there with a call of the same name.
    private bool IsAwaited(Transcript transcript, ToolReturned returned) =>
        Ended.Any(one => one.Result == returned && transcript.UnansweredCalls.Any(open => IsSameCall(open.Call, one.Call)));

    private static bool IsSameCall(ToolCallPart one, ToolCallPart other) => one.Id == other.Id && one.Name == other.Name && one.Arguments == other.Arguments;
}

/// <summary>A call that ended when its log could not take the result. Without secrets.</summary>
/// <param name="Tool">What was called.</param>
/// <param name="Arguments">With what, as JSON text.</param>
/// <param name="Words">What came of it.</param>
public sealed record EndedCall(string Tool, string Arguments, string Words);
