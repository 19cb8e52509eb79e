using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Ollama;

/// <summary>Writes messages and tools as Ollama wants them: arguments as objects, results by the tool's name, images beside the text.</summary>
internal static class OllamaMessages
{
    private const string NoImage = "[an image was left out]";

    /// <summary>Writes the wire messages of <paramref name="message"/>; none when there is nothing to say.</summary>
    public static void Write(Utf8JsonWriter writer, Message message, bool images, string origin)
    {
        if (message.Role == Role.Assistant)
        {
            WriteAssistant(writer, message, origin);
            return;
        }

        foreach (var result in message.Parts.OfType<ToolResultPart>())
        {
            writer.WriteStartObject();
            writer.WriteString("role", "tool");
            writer.WriteString("content", ResultText.Of(result, images ? "[an image; it follows]" : NoImage));
            writer.WriteString("tool_name", result.Name);
            writer.WriteEndObject();
        }

        WriteUser(writer, message, images);
    }

    /// <summary>Writes the tools.</summary>
    public static void WriteTools(Utf8JsonWriter writer, IReadOnlyList<ToolSchema> tools)
    {
        writer.WriteStartArray();
        foreach (var tool in tools)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.WritePropertyName("parameters");
            tool.Parameters.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteUser(Utf8JsonWriter writer, Message message, bool images)
    {
        var words = message.Parts.Where(part => part is TextPart || (part is ImagePart image && !(images && !image.Bytes.IsEmpty))).Select(part => part is TextPart text ? text.Text : NoImage).ToList();
        var shown = images ? message.Parts.OfType<ImagePart>().Where(image => !image.Bytes.IsEmpty).ToList() : [];
        var results = images ? message.Parts.OfType<ToolResultPart>().Where(result => result.Content.Any(part => part is ImagePart { Bytes.IsEmpty: false })).ToList() : [];
        if (words.Count == 0 && shown.Count == 0 && results.Count == 0)
        {
            return;
        }

        words.InsertRange(0, results.Select(result => $"The image in the result of {result.Name} is attached."));
        shown.InsertRange(0, results.SelectMany(result => result.Content.OfType<ImagePart>().Where(image => !image.Bytes.IsEmpty)));
        writer.WriteStartObject();
        writer.WriteString("role", "user");
        writer.WriteString("content", string.Join("\n\n", words));
        if (shown.Count > 0)
        {
            writer.WriteStartArray("images");
            shown.ForEach(image => writer.WriteBase64StringValue(image.Bytes.Span));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteAssistant(Utf8JsonWriter writer, Message message, string origin)
    {
        var text = message.Text;
        var calls = message.Parts.OfType<ToolCallPart>().ToList();
        if (text.Length == 0 && calls.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "assistant");
        writer.WriteString("content", text);
        if (string.Concat(message.Parts.OfType<ReasoningPart>().Where(part => part.Vendor?.Origin == origin).Select(part => part.Text)) is { Length: > 0 } thinking)
        {
            writer.WriteString("thinking", thinking);
        }

        if (calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                writer.WriteStartObject();
                writer.WriteStartObject("function");
                writer.WriteString("name", call.Name);
                writer.WritePropertyName("arguments");
                WireJson.WriteArguments(writer, call.Arguments);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
