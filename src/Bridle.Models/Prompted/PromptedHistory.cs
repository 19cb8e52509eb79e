using System.Runtime.CompilerServices;
using System.Text;
using Bridle.Messages;

namespace Bridle.Models.Prompted;

/// <summary>
/// Says calls and results in plain text. A message that has neither stays the same instance, and one that has is converted once, so that what a protocol remembers
/// about its wire form stays good.
/// </summary>
internal sealed class PromptedHistory
{
    private readonly ConditionalWeakTable<Message, Message> _known = [];

    public IReadOnlyList<Message> Of(IReadOnlyList<Message> messages)
    {
        var converted = new List<Message>(messages.Count);
        Message? before = null;
        foreach (var message in messages)
        {
            converted.Add(Of(message, before));
            before = message;
        }

        return converted;
    }

    private Message Of(Message message, Message? before)
    {
        if (!message.Parts.Any(part => part is ToolCallPart or ToolResultPart))
        {
            return message;
        }

        if (!_known.TryGetValue(message, out var known))
        {
            known = message.Role == Role.Assistant ? Spoken(message) : Answered(message, before);
            _known.AddOrUpdate(message, known);
        }

        return known;
    }

    private static Message Spoken(Message message)
    {
        var parts = new List<MessagePart>(message.Parts.Count);
        var newLine = true;
        foreach (var part in message.Parts)
        {
            if (part is ToolCallPart call)
            {
                parts.Add(new TextPart((newLine ? "" : "\n") + CallBlock.Write(call) + "\n"));
                newLine = true;
            }
            else
            {
                parts.Add(part);
                newLine = part is not TextPart { Text.Length: > 0 } text || text.Text[^1] == '\n';
            }
        }

        return message with { Parts = parts };
    }

    // Answers first, each under its heading; what the person said in the same breath comes after them, and images last.
    private static Message Answered(Message message, Message? before)
    {
        var text = new StringBuilder();
        var images = new List<MessagePart>();
        foreach (var result in message.Parts.OfType<ToolResultPart>())
        {
            Separate(text);
            text.Append(result.IsError ? "Error from " : "Result of ").Append(result.Name).Append(" (").Append(result.Call.Value).Append("):\n");
            text.AppendJoin('\n', result.Content.OfType<TextPart>().Select(part => part.Text));
            var call = before?.Parts.OfType<ToolCallPart>().FirstOrDefault(call => call.Id == result.Call);
            if (result.IsError && call is not null && CallBlock.IsUnreadable(call))
            {
                text.Append("\n\n").Append(PromptedText.Repair);
            }

            var seen = result.Content.OfType<ImagePart>().ToList();
            if (seen.Count > 0)
            {
                text.Append(text[^1] == '\n' ? "" : "\n").Append(seen.Count == 1 ? "[1 image below]" : $"[{seen.Count} images below]");
                images.AddRange(seen);
            }
        }

        foreach (var said in message.Parts.OfType<TextPart>())
        {
            Separate(text);
            text.Append(said.Text);
        }

        images.AddRange(message.Parts.OfType<ImagePart>());
        return message with { Parts = [new TextPart(text.ToString()), .. images] };
    }

    private static void Separate(StringBuilder text)
    {
        if (text.Length > 0)
        {
            text.Append("\n\n");
        }
    }
}
