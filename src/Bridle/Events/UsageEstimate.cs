using Bridle.Messages;

namespace Bridle.Events;

/// <summary>What a request may have taken whose server did not say: four characters a token. For limits, never for what is told as known.</summary>
public static class UsageEstimate
{
    private const int CharactersPerToken = 4;

    /// <summary>The tokens of a text of so many characters.</summary>
    public static long Tokens(long characters) => characters / CharactersPerToken;

    /// <summary>From the tokens of its input, as they were estimated, and the reply.</summary>
    public static Usage Of(long inputTokens, ModelReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return new(inputTokens, 0, 0, Tokens(reply.Parts.Sum(MessageLength.Of)), 0);
    }

    /// <summary>From the characters of its input and the reply.</summary>
    public static Usage OfText(long characters, ModelReply reply) => Of(Tokens(characters), reply);
}
