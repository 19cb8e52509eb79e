using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>What the wire form of a message depends on beside the message.</summary>
/// <param name="Origin">Whose opaque data goes along; none when empty.</param>
/// <param name="Images">Whether images are sent or only mentioned.</param>
/// <param name="Reasoning">Whether the model's own reasoning goes back to it.</param>
/// <param name="Odd">As <see cref="WireNames.Odd"/> has it.</param>
internal readonly record struct ChatForm(string Origin, bool Images, bool Reasoning, string? Odd)
{
    public string Name => $"{(Images ? 'i' : '-')}{(Reasoning ? 'r' : '-')}{Origin}{Odd}";
}

/// <summary>Writes messages of Chat Completions: one of ours may be several there, because every tool result is a message of its own.</summary>
internal static class ChatMessages
{
    private const string NoImage = "[an image was left out]";

    /// <summary>Writes the wire messages of <paramref name="message"/>, one after another; none when there is nothing to say.</summary>
    public static void Write(Utf8JsonWriter writer, Message message, ChatForm form)
    {
        if (message.Role == Role.Assistant)
        {
            WriteAssistant(writer, message, form);
            return;
        }

        // Every result first and without anything between: a call must be answered before anyone else speaks.
        foreach (var result in message.Parts.OfType<ToolResultPart>())
        {
            WriteResult(writer, result, form);
        }

        WriteUser(writer, message, form);
    }

    private static void WriteAssistant(Utf8JsonWriter writer, Message message, ChatForm form)
    {
        var text = message.Text;
        var calls = message.Parts.OfType<ToolCallPart>().ToList();
        if (text.Length == 0 && calls.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "assistant");
        if (form.Reasoning && message.Parts.OfType<ReasoningPart>().FirstOrDefault(part => part.Vendor is { Data.ValueKind: JsonValueKind.String } vendor && vendor.Origin == form.Origin) is { } reasoning)
        {
            writer.WriteString(reasoning.Vendor!.Data.Text(), reasoning.Text);
        }

        if (text.Length > 0)
        {
            writer.WriteString("content", text);
        }
        else
        {
            writer.WriteNull("content");
        }

        if (calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                WriteCall(writer, call, form);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolCallPart call, ChatForm form)
    {
        writer.WriteStartObject();
        writer.WriteString("id", call.Id.Value);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", WireNames.ForOpenAi(call.Name, form.Odd));

        // Chat templates parse this text; a server would fail on what is no object.
        writer.WriteString("arguments", WireJson.IsObject(call.Arguments) ? call.Arguments : "{}");
        writer.WriteEndObject();
        if (call.Vendor is { Data.ValueKind: JsonValueKind.Object } vendor && vendor.Origin == form.Origin)
        {
            foreach (var property in vendor.Data.EnumerateObject())
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, ToolResultPart result, ChatForm form)
    {
        writer.WriteStartObject();
        writer.WriteString("role", "tool");
        writer.WriteString("tool_call_id", result.Call.Value);
        writer.WriteString("content", ResultText.Of(result, form.Images ? "[an image; it follows]" : NoImage));
        writer.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter writer, Message message, ChatForm form)
    {
        var said = message.Parts.Where(part => part is TextPart or ImagePart).ToList();
        var shown = form.Images
            ? message.Parts.OfType<ToolResultPart>().SelectMany(result => result.Content.OfType<ImagePart>().Where(image => !image.Bytes.IsEmpty), (result, image) => (result, image)).ToList()
            : [];
        if (said.Count == 0 && shown.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "user");
        if (shown.Count == 0 && !(form.Images && said.Exists(part => part is ImagePart { Bytes.IsEmpty: false })))
        {
            writer.WriteString("content", string.Join("\n\n", said.Select(part => part is TextPart text ? text.Text : NoImage)));
            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray("content");
        foreach (var (result, image) in shown)
        {
            WriteText(writer, $"The image in the result of {result.Name} ({result.Call}):");
            WriteImage(writer, image);
        }

        foreach (var part in said)
        {
            if (part is ImagePart { Bytes.IsEmpty: false } image)
            {
                WriteImage(writer, image);
            }
            else
            {
                WriteText(writer, part is TextPart text ? text.Text : NoImage);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter writer, ImagePart image)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "image_url");
        writer.WriteStartObject("image_url");
        writer.WriteString("url", DataUrls.Of(image));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
