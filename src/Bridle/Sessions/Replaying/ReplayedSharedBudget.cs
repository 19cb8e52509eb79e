using Bridle.Events;
using Bridle.Models;
using Bridle.Runs;

namespace Bridle.Sessions.Replaying;

/// <summary>Refuses what the log says that limits shared with other sessions refused, and lowers what they lowered: what those had spent is in other logs.</summary>
internal sealed class ReplayedSharedBudget(ReplayFeed feed) : ISharedBudget
{
    private const string Before = "Stop here: ";
    private const string After = ". Give your best answer now";

    public string? Refuse(Price? price, long inputTokens, ref int maxOutput, bool final)
    {
        switch (feed.Next?.Event)
        {
            case ReminderAdded { Source: "budget" } note when note.Text.StartsWith(Before + ISharedBudget.Refusal, StringComparison.Ordinal) && note.Text.IndexOf(After, StringComparison.Ordinal) is > 0 and var end:
                return note.Text[Before.Length..end];
            case RunFinished { Outcome: TurnOutcome.LimitReached, Error: { } error } when final && error.StartsWith($"Stopped: {ISharedBudget.Refusal}", StringComparison.Ordinal):
                return error;
            case ModelRequested { MaxOutputTokens: { } most } when most < maxOutput:
                maxOutput = most;
                return null;
            default:
                return null;
        }
    }

    public ValueTask<bool> LiftAsync(CancellationToken cancellationToken) => ValueTask.FromResult(false);
}
