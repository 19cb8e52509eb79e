namespace Bridle.Sessions;

/// <summary>What a session that was opened again made of a turn that another program's change ended.</summary>
/// <param name="KnowsMessage">Whether its log has the message of the turn.</param>
/// <param name="MayGoOn">Whether the same message may be sent again by itself: no call ran, or the log has every call that did, with its result.</param>
/// <param name="IsAskedAgain">Whether that would ask for a reply that was asked for, and paid, before.</param>
public sealed record KeptTurn(bool KnowsMessage, bool MayGoOn, bool IsAskedAgain)
{
    /// <summary>The calls that ended and whose results the log does not take. Without secrets.</summary>
    public IReadOnlyList<EndedCall> Dropped { get; init; } = [];
}
