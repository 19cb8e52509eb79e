using Bridle.Events;
using Bridle.Loop;
using Bridle.Runs;

namespace Bridle.Sessions.Replaying;

/// <summary>Says before a turn is done what the log says that was said there.</summary>
internal sealed class ReplayedBeforeDone(ReplayFeed feed) : IBeforeDone
{
    public ValueTask<NotDone?> AskAsync(Run run, string answer, CancellationToken cancellationToken) => ValueTask.FromResult(feed.Next?.Event switch
    {
        ReminderAdded kept when NotDone.Sources.Contains(kept.Source) => new NotDone(kept.Source, kept.Text),
        RunFinished { Outcome: TurnOutcome.NotAccepted, Error: { } error } => new NotDone("", error, TurnOutcome.NotAccepted),
        _ => null,
    });
}
