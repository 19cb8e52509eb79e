using Bridle.Events;
using Bridle.Loop;
using Bridle.Messages;
using Bridle.Runs;

namespace Bridle.Sessions.Replaying;

/// <summary>Says before a turn is done what the log says that was said there. What judges took is in no reply and is counted here, so that the end of the run can be compared.</summary>
internal sealed class ReplayedBeforeDone(ReplayFeed feed, List<(RunId Run, ModelConsulted Consulted)> consulted) : IBeforeDone
{
    public ValueTask<NotDone?> AskAsync(Run run, string answer, CancellationToken cancellationToken)
    {
        foreach (var (_, one) in consulted.Where(one => one.Run == run.Id))
        {
            run.Budget.SpendBeside(one);
        }

        consulted.Clear();
        return ValueTask.FromResult(feed.Next?.Event switch
        {
            ReminderAdded kept when NotDone.Sources.Contains(kept.Source) => new NotDone(kept.Source, kept.Text),
            RunFinished { Outcome: TurnOutcome.NotAccepted, Error: { } error } => new NotDone("", error, TurnOutcome.NotAccepted),
            _ => null,
        });
    }
}
