using Bridle.Events;
using Bridle.Loop;
using Bridle.Messages;
using Bridle.Sensors;

namespace Bridle.Sessions.Replaying;

/// <summary>
/// The records of a log in the order in which a replay meets them. Some are made by the loop and compared; the others come from outside (answers of tools, hooks and
/// people, edits) and are taken as they stand, as soon as they are next.
/// </summary>
internal sealed class ReplayFeed(IReadOnlyList<Recorded> records)
{
    private static readonly HashSet<string> s_loopReminders = ["stuck", "budget", "cut", "empty", "go_on", Reminders.PlanMode, Reminders.PlanModeOver];
    private int _next;

    /// <summary>The next record, or null at the end.</summary>
    public Recorded? Next => _next < records.Count ? records[_next] : null;

    /// <summary>The record before it, or null.</summary>
    public Recorded? Last => _next > 0 ? records[_next - 1] : null;

    public Recorded Take() => records[_next++];

    /// <summary>Whether the loop makes such a record itself.</summary>
    public static bool IsMade(Recorded record) => !record.Run.Value.Contains('.') && record.Event switch
    {
        UserSpoke or InboxDrained or RunStarted or RunFinished or ModelRequested or ModelReplied or ReplyCut or ModelFailed or ModelStoodIn or ImagesRefused => true,
        Compacted compacted => compacted.Trigger is not "manual",
        ReminderAdded reminder => s_loopReminders.Contains(reminder.Source) || NotDone.Sources.Contains(reminder.Source) || IsKept(reminder) || IsSensorKept(reminder),
        _ => false,
    };

    /// <summary>Whether a hook kept the turn from ending with this note.</summary>
    public static bool IsKept(ReminderAdded reminder) => reminder.Source is "hook" && reminder.Text.StartsWith(TurnHooks.NotDone, StringComparison.Ordinal);

    /// <summary>Whether sensors kept the turn from ending with this note.</summary>
    public static bool IsSensorKept(ReminderAdded reminder) => reminder.Source is Sensing.Source && reminder.Text.StartsWith(Sensing.NotDone, StringComparison.Ordinal);

    /// <summary>The records from here on, at most to where the next run has begun.</summary>
    public IEnumerable<Recorded> UpToNextRun()
    {
        for (var i = _next; i < records.Count; i++)
        {
            yield return records[i];
            if (records[i].Event is RunStarted)
            {
                yield break;
            }
        }
    }

    /// <summary>The next request of the conversation, or null.</summary>
    public ModelRequested? NextRequest()
    {
        for (var i = _next; i < records.Count; i++)
        {
            if (records[i] is { Event: ModelRequested requested } record && IsMade(record))
            {
                return requested;
            }
        }

        return null;
    }

    /// <summary>The records from here on to the end of the run that <paramref name="run"/> is, as far as the loop makes them.</summary>
    public IEnumerable<DurableEvent> Ahead(RunId run)
    {
        for (var i = _next; i < records.Count; i++)
        {
            if (records[i].Event is RunFinished { Outcome: TurnOutcome.Crashed } or RunStarted || (records[i].Event is UserSpoke && i > _next))
            {
                yield break;
            }

            if (records[i].Run == run && IsMade(records[i]))
            {
                yield return records[i].Event;
            }
        }
    }
}
