using Bridle.Models;

namespace Bridle.Recall;

/// <summary>How requests for vectors are paid for.</summary>
/// <param name="Model">The model that makes them, under the name by which sums list it, with its price where that is known.</param>
/// <param name="Beside">Refuses before the spend and counts what a request took.</param>
public sealed record EmbeddingCost(ModelInfo Model, AskingBeside Beside)
{
    /// <summary>By which word sums list them.</summary>
    public const string Purpose = "recall";

    /// <summary>Whether a request may have been paid for whose generator threw this.</summary>
    public Func<Exception, bool> MayBePaid { get; init; } = failure => failure is IOException or TimeoutException or OperationCanceledException;
}
