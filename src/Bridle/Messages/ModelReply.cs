using System.Text.Json.Serialization;

namespace Bridle.Messages;

/// <summary>Why the model stopped. Unknown reasons of a vendor become <see cref="Other"/>.</summary>
[JsonConverter(typeof(SnakeCaseEnum<StopReason>))]
public enum StopReason
{
    /// <summary>The model is done.</summary>
    EndTurn,

    /// <summary>The model waits for the results of its calls. Set whenever a reply has calls, whatever the vendor said.</summary>
    ToolUse,

    /// <summary>The output limit was reached.</summary>
    MaxTokens,

    /// <summary>A stop sequence was met.</summary>
    StopSequence,

    /// <summary>The vendor or the model refused.</summary>
    Refusal,

    /// <summary>The vendor paused a long turn; sending the reply back unchanged goes on.</summary>
    Pause,

    /// <summary>The context window is full.</summary>
    ContextFull,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>
/// Tokens of one reply, normalised over vendors: <paramref name="Input"/> excludes what came from the cache or was written to it,
/// <paramref name="Output"/> includes <paramref name="Reasoning"/>.
/// </summary>
public sealed record Usage(long Input, long CacheRead, long CacheWrite, long Output, long Reasoning)
{
    /// <summary>No tokens.</summary>
    public static Usage None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>Input of all three kinds plus output.</summary>
    [JsonIgnore]
    public long Total => Input + CacheRead + CacheWrite + Output;

    /// <summary>Adds field by field.</summary>
    public static Usage operator +(Usage left, Usage right) => new(
        left.Input + right.Input, left.CacheRead + right.CacheRead, left.CacheWrite + right.CacheWrite,
        left.Output + right.Output, left.Reasoning + right.Reasoning);
}

/// <summary>One complete reply of a model, in the order in which its parts came.</summary>
/// <param name="Parts">Text, reasoning and calls.</param>
/// <param name="Stop">Why it ended.</param>
/// <param name="Usage">Null when the server did not say.</param>
/// <param name="Model">The model name the server reported, or null.</param>
public sealed record ModelReply(IReadOnlyList<MessagePart> Parts, StopReason Stop, Usage? Usage, string? Model)
{
    /// <summary>The calls of this reply in their order.</summary>
    [JsonIgnore]
    public IEnumerable<ToolCallPart> Calls => Parts.OfType<ToolCallPart>();

    /// <summary>All text parts, joined without a separator.</summary>
    [JsonIgnore]
    public string Text => string.Concat(Parts.OfType<TextPart>().Select(part => part.Text));
}
