using Bridle.Events;
using Bridle.Journal;
using Bridle.Loop;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Runs;

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

    /// <summary>Replies whose server did not say what they took: <see cref="Usage"/> lacks them.</summary>
    public int Unmeasured { get; init; }

    /// <summary>Whether <see cref="Usage"/> and <see cref="Cost"/> hold estimates: replies that broke off, of which no server said what they took.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>What each sensor last came to that looked in the turn, in the order in which they first looked.</summary>
    public IReadOnlyList<SensorRan> Sensors { get; init; } = [];

    /// <summary>What of the turn is in no file, where another program changed the log while it ran; null where all was written down.</summary>
    public UnrecordedTurn? Unrecorded { get; init; }

    // The log has no secrets in it; neither has what the caller shows.
    internal static TurnResult Of(Run run, TurnEnd end) => new(
        end.Outcome, run.Redact(end.Answer), run.Budget.Usage, run.Budget.Cost, run.Budget.Steps,
        [.. run.Denied.Select(denied => denied with { Reason = run.Redact(denied.Reason) })],
        end.Error is { } error ? run.Redact(error) : null,
        end.ModelError is { } failed ? failed with { Message = run.Redact(failed.Message) } : null,
        run.Model.Info.Simulated)
    {
        Model = run.Model.Info.FullName, Sensors = run.Sensors, Unmeasured = run.Budget.Unmeasured, IsEstimated = run.Budget.IsEstimated,
    };
}
