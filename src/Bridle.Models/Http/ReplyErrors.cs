namespace Bridle.Models.Http;

/// <summary>Ways in which a complete reply is none.</summary>
internal static class ReplyErrors
{
    /// <summary>Nothing but a refusal came.</summary>
    public static ModelError Refused(string? why) => new(
        ModelErrorKind.Refused,
        string.IsNullOrWhiteSpace(why) ? "The model refused to answer." : $"The model refused to answer: {why.Trim().TrimEnd('.')}.",
        "Say it differently, start a new session without what was refused, or use another model.");

    /// <summary>The input alone fills the window.</summary>
    public static ModelError ContextFull() => new(
        ModelErrorKind.ContextOverflow,
        "The conversation fills the model's context window: no room was left for an answer.",
        "Compact the conversation, or choose a model with a larger window.");
}
