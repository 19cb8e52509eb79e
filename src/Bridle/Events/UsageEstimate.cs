using Bridle.Messages;

namespace Bridle.Events;

/// <summary>What a request may have taken whose server did not say, by <see cref="TokenEstimate"/>. For limits, never for what is told as known.</summary>
public static class UsageEstimate
{
    /// <summary>From the tokens of its input, as they were estimated, and the reply.</summary>
    public static Usage Of(long inputTokens, ModelReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return new(inputTokens, 0, 0, reply.Parts.Sum(MessageLength.Of) / TokenEstimate.Quarters, 0);
    }

    /// <summary>From the characters of its input, as many of ASCII as take the same room, and the reply.</summary>
    public static Usage OfText(long characters, ModelReply reply) => Of(characters / TokenEstimate.Quarters, reply);
}
