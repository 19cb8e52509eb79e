using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>Writes the parts of a message as content blocks.</summary>
internal static class AnthropicBlocks
{
    public static List<WireBlock> Of(Message message, ModelInfo model)
    {
        var blocks = new List<WireBlock>(message.Parts.Count);
        foreach (var part in message.Parts)
        {
            if (Write(part, model) is { } write)
            {
                blocks.Add(new WireBlock(VendorJson.Bytes(write), part is ToolResultPart));
            }
        }

        return blocks;
    }

    /// <summary>An id in the alphabet the vendor allows. Ids of other vendors may use more; they get a name of their own, always the same.</summary>
    public static string IdOf(CallId id) =>
        id.Value.Length > 0 && id.Value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? id.Value
            : "call_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id.Value)))[..24];

    private static Action<Utf8JsonWriter>? Write(MessagePart part, ModelInfo model) => part switch
    {
        // The vendor refuses text of white space alone.
        TextPart text => string.IsNullOrWhiteSpace(text.Text) ? null : writer => WriteText(writer, text, VendorJson.Own(text, model)),
        ImagePart image => writer => WriteImage(writer, image, model),
        // Thinking without its maker's own form cannot be sent, and other makers' thinking is nobody's business.
        ReasoningPart reasoning => VendorJson.Own(reasoning, model) is { } block ? block.WriteTo : null,
        ToolCallPart call => writer => WriteCall(writer, call, VendorJson.Own(call, model)),
        ToolResultPart result => writer => WriteResult(writer, result, model),
        _ => null,
    };

    private static void WriteText(Utf8JsonWriter writer, TextPart text, JsonElement? extras)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text.Text);
        WriteExtras(writer, extras);
        writer.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter writer, ImagePart image, ModelInfo model)
    {
        writer.WriteStartObject();
        if (image.Bytes.IsEmpty || model.Images == Known.No)
        {
            writer.WriteString("type", "text");
            writer.WriteString("text", image.Bytes.IsEmpty ? $"[An image ({image.MediaType}) that is no longer there.]" : $"[An image ({image.MediaType}); this model does not see images.]");
        }
        else
        {
            writer.WriteString("type", "image");
            writer.WriteStartObject("source");
            writer.WriteString("type", "base64");
            writer.WriteString("media_type", image.MediaType);
            writer.WriteBase64String("data", image.Bytes.Span);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolCallPart call, JsonElement? extras)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", IdOf(call.Id));
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("input");
        VendorJson.WriteArguments(writer, call.Arguments);
        WriteExtras(writer, extras);
        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, ToolResultPart result, ModelInfo model)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_result");
        writer.WriteString("tool_use_id", IdOf(result.Call));
        if (result.Content.Any(part => part is ImagePart))
        {
            writer.WriteStartArray("content");
            foreach (var part in result.Content)
            {
                Write(part, model)?.Invoke(writer);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteString("content", string.Join('\n', result.Content.OfType<TextPart>().Select(part => part.Text)));
        }

        if (result.IsError)
        {
            writer.WriteBoolean("is_error", true);
        }

        writer.WriteEndObject();
    }

    private static void WriteExtras(Utf8JsonWriter writer, JsonElement? extras)
    {
        if (extras is { ValueKind: JsonValueKind.Object } fields)
        {
            foreach (var field in fields.EnumerateObject())
            {
                field.WriteTo(writer);
            }
        }
    }
}
