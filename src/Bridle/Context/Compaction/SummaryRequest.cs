using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Context.Compaction;

/// <summary>Asks a model to summarise the part of a conversation that is about to go.</summary>
internal static class SummaryRequest
{
    private const int MaxOutput = 2_000;

    /// <summary>The request. Calls and results are told in words, so that any model takes it; images are named.</summary>
    /// <param name="messages">What goes.</param>
    /// <param name="focus">What a person asked to keep in mind, or null.</param>
    /// <param name="room">The most characters of the conversation that it may hold, as a transcript counts them.</param>
    /// <param name="maxOutput">The most tokens the model gives in one reply, or null.</param>
    public static ModelRequest Of(IReadOnlyList<Message> messages, string? focus, long room, int? maxOutput)
    {
        var told = ConversationText.Of(messages);
        if (TokenEstimate.QuartersOf(told) is var length && length > room)
        {
            // The beginning holds the task and the end what is being done.
            var head = TokenEstimate.Fitting(told, room / 5);
            told = $"{told[..head]}\n[…]\n{told[Whole(told, TokenEstimate.Fitting(told, length - (room - (room / 5))))..]}";
        }

        var ask = focus is null ? "" : $"\n\nThe person asks that the summary keeps in mind above all: {focus}";
        return new ModelRequest
        {
            System = Prompt.Value,
            Messages = [Message.User($"<conversation>\n{told}\n</conversation>\n\nSummarise the conversation above under the headings you were given.{ask}")],
            ToolCalling = ToolCalling.None,
            MaxOutputTokens = Math.Min(maxOutput ?? MaxOutput, MaxOutput),
            Stream = true,
        };
    }

    private static Lazy<string> Prompt { get; } = new(() =>
    {
        using var stream = typeof(SummaryRequest).Assembly.GetManifestResourceStream("compaction.md") ?? throw new InvalidOperationException("compaction.md is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    });

    // Never between the halves of a surrogate pair.
    private static int Whole(string text, int at) => at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
}
