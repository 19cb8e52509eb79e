using Bridle.Events;
using Bridle.Messages;
using Bridle.Sessions;

namespace Bridle.Hosting.Subagents;

/// <summary>What a review came to.</summary>
/// <param name="Changes">What it kept and forgot, a line each.</param>
/// <param name="Problem">Why it came to nothing, in words for a person; null when it ended well.</param>
public sealed record ReviewReport(IReadOnlyList<string> Changes, string? Problem)
{
    /// <summary>What each of its replies took, as the session's log has it.</summary>
    public IReadOnlyList<ModelConsulted> Replies { get; init; } = [];

    /// <summary>Tokens of all its replies, as far as servers said, and about as many as those took that broke off.</summary>
    public Usage Usage => Replies.Aggregate(Usage.None, (sum, reply) => sum + (reply.Usage ?? reply.EstimatedUsage ?? Usage.None));

    /// <summary>US dollars of all its replies; null when that of one is not known.</summary>
    public decimal? Cost => Replies.Any(reply => CostOf(reply) is null) ? null : Replies.Sum(CostOf);

    /// <summary>Replies whose server did not say what they took.</summary>
    public int Unmeasured => Replies.Count(reply => reply is { Usage: null, EstimatedUsage: null });

    /// <summary>Whether <see cref="Usage"/> and <see cref="Cost"/> hold estimates: replies that broke off, of which no server said what they took.</summary>
    public bool IsEstimated => Replies.Any(reply => reply is { Usage: null, EstimatedUsage: not null });

    /// <summary>The result of the turn that it looked back at, with what the review took in its sums.</summary>
    public TurnResult With(TurnResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result with { Usage = result.Usage + Usage, Cost = result.Cost + Cost, Unmeasured = result.Unmeasured + Unmeasured, IsEstimated = result.IsEstimated || IsEstimated };
    }

    private static decimal? CostOf(ModelConsulted reply) => reply.Cost ?? (reply is { Usage: null, EstimatedUsage: not null } ? reply.EstimatedCost : null);
}
