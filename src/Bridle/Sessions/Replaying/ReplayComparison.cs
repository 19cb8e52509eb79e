using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Sessions.Replaying;

/// <summary>Compares what the loop made with what the log has. Times and prices are not the loop's and are left out.</summary>
internal static class ReplayComparison
{
    /// <param name="expected">What the log has.</param>
    /// <param name="run">Whose record was made.</param>
    /// <param name="made">What was made.</param>
    /// <param name="beside">Tokens of the run that were spent beside the conversation: a replay asks no judge.</param>
    public static ReplayDifference? Of(Recorded expected, RunId run, DurableEvent made, long beside)
    {
        if (expected.Event.GetType() != made.GetType())
        {
            return new ReplayDifference(expected.N, made is ToolReturned ? "a call has no answer in the log" : "another record", Name(expected.Event), Name(made));
        }

        if (expected.Run != run)
        {
            return new ReplayDifference(expected.N, "the run", expected.Run.Value, run.Value);
        }

        return (expected.Event, made) switch
        {
            (ModelRequested was, ModelRequested now) => Request(expected.N, was, now),
            (ReminderAdded was, ReminderAdded now) => Text(expected.N, "the note to the model", $"{was.Source}: {was.Text}", $"{now.Source}: {now.Text}"),
            (InboxDrained was, InboxDrained now) => Text(expected.N, "the messages", string.Join('\n', was.Messages.Select(one => one.Text)), string.Join('\n', now.Messages.Select(one => one.Text))),
            (RunFinished was, RunFinished now) => Text(expected.N, "how the run ended", End(was, beside), End(now)),
            _ => null,
        };
    }

    private static ReplayDifference? Request(long n, ModelRequested was, ModelRequested now) =>
        Text(n, "the system text of the request", Prefix(was), Prefix(now))
        ?? Text(n, "the history of the request ends with another record", $"{was.UpTo}", $"{now.UpTo}")
        ?? Text(n, "how tools are offered", $"{was.Tools}", $"{now.Tools}")
        ?? Text(n, "the attempt", $"{was.Attempt}", $"{now.Attempt}")
        ?? Text(n, "the output limit of the request", $"{was.MaxOutputTokens}", $"{now.MaxOutputTokens}")
        ?? (was.History is null ? null : Text(n, "the messages of the request", was.History, now.History ?? ""));

    // The tool set is the log's own: what this program offers today says nothing about what was offered then.
    private static string Prefix(ModelRequested request) =>
        string.Join(", ", request.Parts.Where(part => part.Kind is not "tools").Select(part => $"{part.Kind} {part.Source} {part.Hash}"));

    private static string End(RunFinished run, long beside = 0) =>
        $"{run.Outcome} after {run.Steps} {(run.Steps == 1 ? "step" : "steps")}, {run.Usage.Total - beside} tokens{(run.Error is { } error ? $": {error}" : "")}";

    private static ReplayDifference? Text(long n, string what, string was, string now) => was == now ? null : new ReplayDifference(n, what, was, now);

    private static string Name(DurableEvent one) => one switch
    {
        ModelRequested requested => $"a request (attempt {requested.Attempt})",
        RunFinished finished => $"the end of the run ({End(finished)})",
        ReminderAdded reminder => $"a note to the model ({reminder.Source}: {reminder.Text})",
        ToolReturned returned => $"an answer to call {returned.Call} ({returned.Outcome})",
        _ => one.GetType().Name,
    };
}
