using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Sessions;

/// <summary>What came of a message.</summary>
/// <param name="Outcome">How the turn ended.</param>
/// <param name="Answer">The model's answer; empty when there was none.</param>
/// <param name="Usage">Tokens of the turn.</param>
/// <param name="Cost">US dollars of the turn, or null when a price was unknown.</param>
/// <param name="Steps">Replies asked for.</param>
/// <param name="Denied">Calls that were denied.</param>
/// <param name="Error">What went wrong, in words for a person, or null.</param>
/// <param name="ModelError">The model failure behind it, or null.</param>
/// <param name="Simulated">True when the rehearsal model answered.</param>
public sealed record TurnResult(
    TurnOutcome Outcome, string Answer, Usage Usage, decimal? Cost, int Steps, IReadOnlyList<DeniedCall> Denied, string? Error, ModelError? ModelError, bool Simulated)
{
    /// <summary>The model that answered last, as <c>provider/model</c>: another one than the session's where one stood in.</summary>
    public string? Model { get; init; }
}
