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

    /// <summary>Tokens of all its replies, as far as servers said.</summary>
    public Usage Usage => Replies.Aggregate(Usage.None, (sum, reply) => sum + (reply.Usage ?? Usage.None));

    /// <summary>US dollars of all its replies; null when that of one is not known.</summary>
    public decimal? Cost => Replies.Any(reply => reply.Cost is null) ? null : Replies.Sum(reply => reply.Cost);

    /// <summary>Replies whose server did not say what they took.</summary>
    public int Unmeasured => Replies.Count(reply => reply.Usage is null);

    /// <summary>The result of the turn that it looked back at, with what the review took in its sums.</summary>
    public TurnResult With(TurnResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result with { Usage = result.Usage + Usage, Cost = result.Cost + Cost, Unmeasured = result.Unmeasured + Unmeasured };
    }
}
