using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Telemetry;

/// <summary>What was said since the last reply, and the reply, in the form of the conventions. Kept only when somebody asked for content.</summary>
internal sealed class TelemetryContent(bool wanted, SecretRedactor redactor)
{
    private const int Longest = 16 * 1024;
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Message> _said = [];

    /// <summary>A text with its middle left out when it is long.</summary>
    public static string Short(string text) => text.Length <= Longest ? text : $"{text[..(Longest / 2)]}\n[{text.Length - Longest} characters left out]\n{text[^(Longest / 2)..]}";

    /// <summary>Remembers what a record adds to the conversation.</summary>
    public void Note(DurableEvent one)
    {
        if (wanted)
        {
            IReadOnlyList<MessagePart> parts = one switch
            {
                UserSpoke spoke => spoke.Parts,
                InboxDrained drained => [.. drained.Messages.Select(message => new TextPart(message.Text))],
                ReminderAdded reminder => [new TextPart(reminder.Text)],
                ToolReturned returned => [new ToolResultPart(returned.Call, returned.Tool ?? "", returned.Content, returned.IsError)],
                _ => [],
            };
            _said.AddRange(parts.Count == 0 ? [] : [new Message(Role.User, parts)]);
        }
    }

    /// <summary>What was said and what was answered, as JSON; null when nobody asked for it.</summary>
    public (string Input, string Output)? Of(ModelReply reply)
    {
        if (!wanted)
        {
            return null;
        }

        var said = Json(_said, null);
        _said.Clear();
        return (said, Json([new Message(Role.Assistant, reply.Parts)], JsonNamingPolicy.SnakeCaseLower.ConvertName(reply.Stop.ToString())));
    }

    private string Json(IEnumerable<Message> messages, string? finish)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_plain))
        {
            writer.WriteStartArray();
            foreach (var message in messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role", message.Parts.Any(part => part is ToolResultPart) ? "tool" : message.Role is Role.User ? "user" : "assistant");
                writer.WriteStartArray("parts");
                foreach (var part in message.Parts)
                {
                    Write(writer, part);
                }

                writer.WriteEndArray();
                if (finish is not null)
                {
                    writer.WriteString("finish_reason", finish);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return redactor.Redact(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void Write(Utf8JsonWriter writer, MessagePart part)
    {
        writer.WriteStartObject();
        switch (part)
        {
            case ToolCallPart call:
                writer.WriteString("type", "tool_call");
                writer.WriteString("id", call.Id.Value);
                writer.WriteString("name", call.Name);
                writer.WriteString("arguments", Short(call.Arguments));
                break;
            case ToolResultPart result:
                writer.WriteString("type", "tool_call_response");
                writer.WriteString("id", result.Call.Value);
                writer.WriteString("response", Short(string.Join('\n', result.Content.OfType<TextPart>().Select(text => text.Text))));
                break;
            case ImagePart image:
                writer.WriteString("type", "blob");
                writer.WriteString("mime_type", image.MediaType);
                break;
            default:
                writer.WriteString("type", part is ReasoningPart ? "reasoning" : "text");
                writer.WriteString("content", Short(part is ReasoningPart reasoning ? reasoning.Text : ((TextPart)part).Text));
                break;
        }

        writer.WriteEndObject();
    }
}
