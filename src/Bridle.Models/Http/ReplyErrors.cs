using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>Ways in which a complete reply is none.</summary>
internal static class ReplyErrors
{
    /// <summary>The end of a stream with that reply: a reply without parts that was refused, or that had no room, is no reply.</summary>
    public static ModelUpdate EndOf(ModelReply reply) => reply switch
    {
        { Parts.Count: 0, Stop: StopReason.Refusal } => new ReplyFailed(Refused(null), "", reply.Usage),
        { Parts.Count: 0, Stop: StopReason.ContextFull } => new ReplyFailed(ContextFull(), "", reply.Usage),
        _ => new ReplyFinished(reply),
    };

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
