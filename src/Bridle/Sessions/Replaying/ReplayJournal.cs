using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Sessions.Replaying;

/// <summary>
/// The journal of a replay. What the loop appends is compared with what the log has in that place, and the log's record is given back; records from outside that
/// follow it are folded at once. Nothing is written.
/// </summary>
internal sealed class ReplayJournal(ReplayFeed feed, IBlobs blobs, Action<Recorded> onTaken) : IJournal
{
    public long Last => feed.Last?.N ?? 0;

    public IBlobs Blobs { get; } = blobs;

    /// <summary>Folds a record from outside.</summary>
    public Action<Recorded> Fold { get; set; } = _ => { };

    /// <summary>The tokens that a run spent beside the conversation, as far as the log was read.</summary>
    public Func<RunId, long> Beside { get; set; } = _ => 0;

    /// <summary>Requests that were compared, and of those the ones whose messages could be.</summary>
    public (int All, int Whole) Requests { get; private set; }

    public ValueTask<Recorded> AppendAsync(RunId run, DurableEvent durableEvent, Durability durability, CancellationToken cancellationToken)
    {
        if (durableEvent is HookRan)
        {
            // Of the hook that stands in for the recorded ones, which are folded as they come.
            return ValueTask.FromResult(new Recorded(Last, feed.Last!.At, run, durableEvent));
        }

        var expected = Expected(run, durableEvent);
        if (ReplayComparison.Of(expected, run, durableEvent, Beside(run)) is { } difference)
        {
            throw new ReplayDiffersException(difference);
        }

        if (durableEvent is ModelRequested)
        {
            Requests = (Requests.All + 1, Requests.Whole + (expected.Event is ModelRequested { History: not null } ? 1 : 0));
        }

        feed.Take();
        return ValueTask.FromResult(expected);
    }

    /// <summary>Folds what comes from outside up to the next record that the loop makes. Called once the last one is folded.</summary>
    public void FoldOutside()
    {
        while (feed.Next is { } next && !ReplayFeed.IsMade(next))
        {
            Fold(feed.Take());
        }

        if (feed.Last is { } last)
        {
            onTaken(last);
        }
    }

    public IEnumerable<Recorded> Read(long from = 1) => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Recorded Expected(RunId run, DurableEvent made)
    {
        // The process died here, or the log ends here: what would have come next is not known to anybody.
        if (feed.Next is not { } next || (next.Event is RunFinished { Outcome: TurnOutcome.Crashed } && made is not RunFinished { Outcome: TurnOutcome.Crashed }) || (next.Event is UserSpoke or RunStarted && made is not (UserSpoke or RunStarted or RunFinished { Outcome: TurnOutcome.Crashed })))
        {
            throw new ReplayRunOverException();
        }

        // A hook or a missing answer ended the turn, which is no decision of the loop.
        return next.Run == run && next.Event is RunFinished { Outcome: TurnOutcome.Stopped or TurnOutcome.Waiting } && made is not RunFinished
            ? throw new ReplayRunOverException()
            : next;
    }
}

/// <summary>The replay made something else than the log has.</summary>
internal sealed class ReplayDiffersException(ReplayDifference difference) : Exception
{
    public ReplayDifference Difference { get; } = difference;
}

/// <summary>The log says no more about this run.</summary>
internal sealed class ReplayRunOverException : Exception;
