using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>Writes the parts of a message as content blocks.</summary>
internal static class AnthropicBlocks
{
    /// <summary>Writes the blocks of one kind into an array.</summary>
    public static void Write(Utf8JsonWriter writer, Message message, BlockContext context)
    {
        foreach (var part in message.Parts)
        {
            if (part is ToolResultPart == (context.Kind == BlockKind.Answers))
            {
                Write(writer, part, context.Model);
            }
        }
    }

    /// <summary>An id in the alphabet the vendor allows. Ids of other vendors may use more; they get a name of their own, always the same.</summary>
    public static string IdOf(CallId id) =>
        id.Value.Length > 0 && id.Value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? id.Value
            : "call_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id.Value)))[..24];

    private static void Write(Utf8JsonWriter writer, MessagePart part, ModelInfo model)
    {
        var own = VendorParts.Own(part, model);
        switch (part)
        {
            // The vendor refuses text of white space alone.
            case TextPart text when !string.IsNullOrWhiteSpace(text.Text):
                WriteText(writer, text.Text, own);
                break;
            case ImagePart image:
                WriteImage(writer, image, model);
                break;
            // Thinking without its maker's own form cannot be sent, and other makers' thinking is nobody's business.
            // A document of the model's own making is never taken back: from the version of 2026-10-21 on the vendor refuses one in an assistant message.
            case ReasoningPart when own is { } block && block.TextAt("type") is not "document":
                block.WriteTo(writer);
                break;
            case ToolCallPart call:
                WriteCall(writer, call, own);
                break;
            case ToolResultPart result:
                WriteResult(writer, result, model);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text, JsonElement? extras)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        VendorParts.WriteFields(writer, extras);
        writer.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter writer, ImagePart image, ModelInfo model)
    {
        if (VendorParts.InsteadOf(image, model) is { } words)
        {
            WriteText(writer, words, null);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "image");
        writer.WriteStartObject("source");
        writer.WriteString("type", "base64");
        writer.WriteString("media_type", image.MediaType);
        writer.WriteBase64String("data", image.Bytes.Span);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolCallPart call, JsonElement? extras)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", IdOf(call.Id));
        writer.WriteString("name", WireNames.ForAnthropic(call.Name));
        writer.WritePropertyName("input");
        WireJson.WriteArguments(writer, call.Arguments);
        VendorParts.WriteFields(writer, extras);
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
                Write(writer, part, model);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteString("content", VendorParts.TextOf(result));
        }

        if (result.IsError)
        {
            writer.WriteBoolean("is_error", true);
        }

        writer.WriteEndObject();
    }
}
