namespace Bridle.Models.Extensions;

/// <summary>A model's failure for callers that expect exceptions, as users of <c>IChatClient</c> do.</summary>
public sealed class ModelException(ModelError error) : Exception(error.Told)
{
    /// <summary>What went wrong.</summary>
    public ModelError Error { get; } = error;
}
