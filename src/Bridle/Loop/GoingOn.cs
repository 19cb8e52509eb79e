using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Runs;

namespace Bridle.Loop;

/// <summary>What a turn that goes on without a new message needs to know about the one before it.</summary>
internal static class GoingOn
{
    public const string CutNote = "Your reply reached the output limit. Go on exactly where it stopped; do not repeat anything.";
    private const string LimitNote = "The limit that stopped you is lifted: tools can be called again. Go on with the task where you stopped.";

    /// <summary>How the note begins that asks for a closing answer.</summary>
    public const string Stop = "Stop here: ";

    private static readonly string s_stop = Reminders.Wrap(Stop).Replace("</harness-note>", "", StringComparison.Ordinal);
    private const string MoreNote = "You are asked to go on; there is no new message. Go on from your last answer, and if nothing is left to do, say so.";

    /// <summary>
    /// Tells the model to go on when a limit made it stop, because its closing answer would count as the whole one, and when a turn that was finished is to go on
    /// although nobody says anything (<paramref name="nobodyWaits"/>); a reply that a crash left behind still counts. Gives the parts of an answer that stand before
    /// the last message because a reply reached the output limit and the process died before the next was complete, and how many there are.
    /// </summary>
    public static async ValueTask<(string Text, int Cuts)> BeginAsync(Run run, bool nobodyWaits, CancellationToken cancellationToken)
    {
        if (Note(run.Transcript, nobodyWaits && run.IsAskedForMore) is { } note)
        {
            await run.RecordAsync(new ReminderAdded("go_on", note), Durability.Written, cancellationToken);
        }

        return UnfinishedAnswer(run.Transcript);
    }

    private static string? Note(Transcript transcript, bool nobodyWaits) => transcript switch
    {
        // The closing request came to nothing, or was answered with a call: what told the model to stop must not be the last that it hears.
        { LastEnd: TurnOutcome.LimitReached or TurnOutcome.Stuck } when !HasClosed(transcript.Messages) => LimitNote,
        not { Messages: [.., { Role: Role.Assistant }] } => null,
        { LastEnd: TurnOutcome.LimitReached or TurnOutcome.Stuck } => LimitNote,
        { LastEnd: not TurnOutcome.Crashed, LastReply.Stop: StopReason.EndTurn or StopReason.StopSequence or StopReason.Refusal or StopReason.Other } when nobodyWaits => MoreNote,
        _ => null,
    };

    // An answer came after the model was told to stop, or nobody told it.
    private static bool HasClosed(IReadOnlyList<Message> messages)
    {
        var stop = messages.Count - 1;
        while (stop >= 0 && !messages[stop].Parts.OfType<TextPart>().Any(part => part.Text.StartsWith(s_stop, StringComparison.Ordinal)))
        {
            stop--;
        }

        return stop < 0 || messages.Skip(stop).Any(message => message.Role is Role.Assistant && !message.Parts.OfType<ToolCallPart>().Any());
    }

    private static (string Text, int Cuts) UnfinishedAnswer(Transcript transcript)
    {
        var messages = transcript.LastEnd is TurnOutcome.Truncated ? [] : transcript.Messages;
        var end = messages is [.., { Role: Role.Assistant }] ? messages.Count - 1 : messages.Count;
        var (first, cuts) = (end, 0);
        while (first >= 2 && IsCutNote(messages[first - 1]) && messages[first - 2].Role is Role.Assistant)
        {
            (first, cuts) = (first - 2, cuts + 1);
        }

        return (string.Concat(messages.Skip(first).Take(end - first).Where(message => message.Role is Role.Assistant).SelectMany(message => message.Parts).OfType<TextPart>().Select(part => part.Text)), cuts);
    }

    private static bool IsCutNote(Message message) =>
        message.Role is Role.User && message.Parts.OfType<TextPart>().Count() == message.Parts.Count
        && message.Parts.OfType<TextPart>().Any(part => part.Text == Reminders.Wrap(CutNote))
        && message.Parts.OfType<TextPart>().All(part => Reminders.IsNote(part.Text));
}
