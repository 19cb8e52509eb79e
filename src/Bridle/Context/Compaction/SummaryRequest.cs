using System.Text;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Context.Compaction;

/// <summary>Asks a model to summarise the part of a conversation that is about to go.</summary>
internal static class SummaryRequest
{
    private const int LongText = 2_400;
    private const int LongResult = 1_200;
    private const int MaxOutput = 2_000;

    /// <summary>The request. Calls and results are told in words, so that any model takes it; images are named.</summary>
    /// <param name="messages">What goes.</param>
    /// <param name="focus">What a person asked to keep in mind, or null.</param>
    /// <param name="room">The most characters of the conversation that it may hold.</param>
    /// <param name="maxOutput">The most tokens the model gives in one reply, or null.</param>
    public static ModelRequest Of(IReadOnlyList<Message> messages, string? focus, long room, int? maxOutput)
    {
        var told = Told(messages);
        if (told.Length > room)
        {
            // The beginning holds the task and the end what is being done.
            var head = (int)(room / 5);
            told = $"{told[..Whole(told, head)]}\n[…]\n{told[Whole(told, told.Length - (int)(room - head))..]}";
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

    private static string Told(IReadOnlyList<Message> messages)
    {
        var text = new StringBuilder();
        foreach (var said in messages.SelectMany(message => message.Parts.Select(part => new { message.Role, Part = part })))
        {
            var line = said.Part switch
            {
                TextPart { Text.Length: 0 } => null,
                TextPart words when said.Role is Role.User && Reminders.IsNote(words.Text) => $"harness: {words.Text}",
                TextPart before when said.Role is Role.User && before.Text.StartsWith(SummarySections.Opening, StringComparison.Ordinal) => $"earlier notes: {before.Text[SummarySections.Opening.Length..]}",
                TextPart words => $"{(said.Role is Role.User ? "person" : "agent")}: {CompactedHistory.WithoutMiddle(words.Text, LongText)}",
                ToolCallPart call => $"agent calls {call.Name}: {CompactedHistory.WithoutMiddle(call.Arguments, LongResult)}",
                ToolResultPart result => $"{result.Name} {(result.IsError ? "failed" : "answers")}: {CompactedHistory.WithoutMiddle(string.Concat(result.Content.Select(Worded)), LongResult)}",
                ImagePart image => $"person: [an image, {image.MediaType}]",
                _ => null,
            };
            text.Append(line is null ? "" : $"{Framed(line)}\n");
        }

        return text.ToString();
    }

    // Never between the halves of a surrogate pair.
    private static int Whole(string text, int at) => at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;

    // Only the first line of a part says who speaks: a result that goes on with "person: …" in a line of its own must not pass for the person, nor for the end of it all.
    private static string Framed(string line) =>
        line.ReplaceLineEndings("\n").Replace("\n", "\n  ", StringComparison.Ordinal).Replace("</conversation", "&lt;/conversation", StringComparison.OrdinalIgnoreCase);

    private static string Worded(MessagePart part) => part switch
    {
        TextPart text => text.Text,
        ImagePart image => $"[an image, {image.MediaType}]",
        _ => "",
    };
}
