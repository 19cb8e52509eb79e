using Bridle.Events;
using Bridle.Hosting.Rewinding;
using Bridle.Messages;

namespace Bridle.Hosting.Receipts;

/// <summary>Reads receipts from the records of a session.</summary>
public static class ReceiptFold
{
    /// <summary>One for each turn, in their order.</summary>
    public static IReadOnlyList<Receipt> Of(string session, IReadOnlyList<Recorded> records)
    {
        var folder = records.Select(record => record.Event).OfType<SessionStarted>().FirstOrDefault()?.WorkingDirectory;
        var spent = SpendingFold.Of(records);
        var edits = records.Where(record => record.Event is SessionEdited).ToList();
        var reviews = records.Where(record => record.Run == RunId.Session && record.Event is ModelConsulted { Purpose: "review" }).ToList();
        var turns = records.Where(record => record.Run != RunId.Session).GroupBy(record => record.Run.Value.Split('.')[0]).ToDictionary(group => group.Key, group => group.ToList());
        var started = records.Where(record => record.Event is RunStarted && !record.Run.Value.Contains('.', StringComparison.Ordinal)).ToList();

        // A review looks back at the turns before it, and stands with the last of them.
        return
        [
            .. started.Select((one, i) => One(session, folder, one, turns[one.Run.Value], records, spent, edits,
                reviews.FindAll(review => review.N > one.N && (i + 1 == started.Count || review.N < started[i + 1].N)).ConvertAll(review => review.N))),
        ];
    }

    private static Receipt One(string session, string? folder, Recorded started, List<Recorded> turn, IReadOnlyList<Recorded> all, IReadOnlyList<Spent> spent, List<Recorded> edits, List<long> reviews)
    {
        var own = turn.Where(record => record.Run == started.Run).ToList();
        var end = own.LastOrDefault(record => record.Event is RunFinished && record.N > started.N);
        var (first, last) = (turn.Min(record => record.N), Math.Max(turn.Max(record => record.N), reviews.LastOrDefault()));
        var after = edits.Where(edit => edit.N > first).Select(edit => (SessionEdited)edit.Event).ToList();
        return new Receipt
        {
            Session = session,
            Run = started.Run,
            Folder = folder,
            Task = own.Select(record => record.Event).OfType<UserSpoke>().FirstOrDefault() is { } spoke ? string.Join('\n', spoke.Parts.OfType<TextPart>().Select(part => part.Text)) : null,
            Started = (RunStarted)started.Event,
            StartedAt = started.At,
            Finished = end?.Event as RunFinished,
            EndedAt = end?.At,
            ExitCode = end?.Event is RunFinished finished ? TurnExit.Of(finished, Answered(own, all, end.N)) : null,
            Tools = Tools(turn),
            Spent = [.. spent.Where(one => one.Run.Value.Split('.')[0] == started.Run.Value || reviews.Contains(one.N))],
            Enforced = [.. turn.Select(record => record.Event).OfType<ToolStarted>().Select(call => call.Isolation).Distinct()],
            Acceptance = own.Select(record => record.Event).OfType<AcceptanceChecked>().LastOrDefault(),
            Sensors = [.. turn.Select(record => record.Event).OfType<SensorRan>().GroupBy(ran => ran.Sensor, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Last())],
            SealedFiles = own.Select(record => record.Event).OfType<SealedFilesHashed>().LastOrDefault()?.Files ?? [],
            SealedNothing = own.Select(record => record.Event).OfType<SealedFilesHashed>().LastOrDefault()?.Unmatched ?? [],
            ChangedFiles = [.. FileBefore.Since(turn, 0).Where(file => file.LeftAs is not null).Select(file => new ReceiptFile(file.Path, file.Blob, file.LeftAs))],
            FirstRecord = first,
            LastRecord = last,
            Edited = [.. after.SelectMany(edit => edit.Changed).Where(n => n >= first && n <= last).Distinct().Order()],
            LinesMoved = after.Exists(edit => edit.Removed > 0 || edit.Inserted > 0),
        };
    }

    // A turn that asked nobody stands on the reply that an earlier one left, as after a kill between the answer and the end.
    private static bool Answered(List<Recorded> own, IReadOnlyList<Recorded> all, long end) =>
        (own.Select(record => record.Event).OfType<ModelReplied>().LastOrDefault()
            ?? all.Where(record => record.N < end && !record.Run.Value.Contains('.', StringComparison.Ordinal)).Select(record => record.Event).OfType<ModelReplied>().LastOrDefault())?.Reply.Text.Trim().Length > 0;

    // What checks ran is none of the model's calls and is told with the checks.
    private static List<ReceiptTool> Tools(List<Recorded> turn)
    {
        var names = turn.Select(record => record.Event).OfType<ModelReplied>().SelectMany(replied => replied.Reply.Calls).GroupBy(call => call.Id).ToDictionary(group => group.Key, group => group.First().Name);
        return
        [
            .. turn.Select(record => record.Event).OfType<ToolReturned>().Where(returned => names.ContainsKey(returned.Call)).GroupBy(returned => returned.Tool ?? names[returned.Call], StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new ReceiptTool(group.Key, group.Count(), group.Count(one => one.Outcome is not (CallOutcome.Completed or CallOutcome.Denied)), group.Count(one => one.Outcome is CallOutcome.Denied))),
        ];
    }
}
