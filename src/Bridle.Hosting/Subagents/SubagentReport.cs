using Bridle.Sessions;

namespace Bridle.Hosting.Subagents;

/// <summary>How the work of a subagent ended, for whoever gave it.</summary>
public enum SubagentStatus
{
    /// <summary>It says that it is done.</summary>
    Done,

    /// <summary>It ran out of what it may spend, or its answer was cut, and left an answer all the same.</summary>
    DoneWithConcerns,

    /// <summary>There is nothing to use: it ran in circles, failed, was refused, or ran out without a word.</summary>
    Blocked,

    /// <summary>It waits for an answer that nobody there can give.</summary>
    NeedsContext,
}

/// <summary>What a subagent brings back.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Text">Its last answer; empty when there was none.</param>
/// <param name="Concern">What went wrong, in words for a person, or null.</param>
/// <param name="Turn">Everything that came of its turn.</param>
public sealed record SubagentReport(SubagentStatus Status, string Text, string? Concern, TurnResult Turn)
{
    /// <summary>The report of a turn.</summary>
    public static SubagentReport Of(TurnResult turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var hasText = !string.IsNullOrWhiteSpace(turn.Answer);
        var status = turn.Outcome switch
        {
            Events.TurnOutcome.Completed when hasText => SubagentStatus.Done,
            Events.TurnOutcome.LimitReached or Events.TurnOutcome.Truncated when hasText => SubagentStatus.DoneWithConcerns,
            Events.TurnOutcome.Waiting => SubagentStatus.NeedsContext,
            _ => SubagentStatus.Blocked,
        };
        return new(status, turn.Answer, turn.Error ?? (status is SubagentStatus.Done ? null : $"It ended as {turn.Outcome}."), turn);
    }
}
