using System.Text.Json;
using Bridle.Events;
using Bridle.Models;
using Bridle.Runs;

namespace Bridle.Loop;

/// <summary>How the loop left a run.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Answer">The model's last words to the person; empty when there were none.</param>
/// <param name="Error">What went wrong in words, or null.</param>
/// <param name="ModelError">The model failure behind it, or null.</param>
public sealed record TurnEnd(TurnOutcome Outcome, string Answer, string? Error = null, ModelError? ModelError = null)
{
    /// <summary>The record that ends the run.</summary>
    internal RunFinished Record(Run run) => new(
        Outcome, run.Budget.Usage, run.Budget.Cost, run.Budget.Steps, run.Denied, Error, ModelError is { } error ? JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Kind.ToString()) : null)
    {
        EstimatedUsage = run.Budget.EstimatedUsage, EstimatedCost = run.Budget.EstimatedCost,
    };
}
