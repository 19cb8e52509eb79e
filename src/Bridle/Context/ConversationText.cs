using System.Text;
using Bridle.Context.Compaction;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Context;

/// <summary>A conversation told in words for a model that reads it as material: who spoke, what was called, what came of it, each with its middle left out where it is long.</summary>
public static class ConversationText
{
    private const int LongText = 2_400;
    private const int LongResult = 1_200;

    /// <summary>
    /// The messages in their order, a line for each part and an indented line for each further line in it: a result cannot pass for a person, nor for the end of a frame
    /// called <c>conversation</c> around the text. Reasoning is left out, images are named.
    /// </summary>
    public static string Of(IReadOnlyList<Message> messages)
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
