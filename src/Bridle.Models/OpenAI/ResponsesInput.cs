using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>Writes messages as input items of Responses, each part in its place: reasoning stays before the call it led to.</summary>
internal static class ResponsesInput
{
    private const string NoImage = "[an image was left out]";

    /// <summary>Writes the items of <paramref name="message"/>; none when there is nothing to say.</summary>
    public static void Write(Utf8JsonWriter writer, Message message, ChatForm form)
    {
        if (message.Role == Role.Assistant)
        {
            WriteAssistant(writer, message, form);
            return;
        }

        foreach (var result in message.Parts.OfType<ToolResultPart>())
        {
            WriteResult(writer, result, form);
        }

        var said = message.Parts.Where(part => part is TextPart or ImagePart).ToList();
        if (said.Count > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "user");
            writer.WriteStartArray("content");
            foreach (var part in said)
            {
                WriteContent(writer, part, form);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private static void WriteAssistant(Utf8JsonWriter writer, Message message, ChatForm form)
    {
        foreach (var part in message.Parts)
        {
            switch (part)
            {
                case ReasoningPart { Vendor: { } vendor } when form.Reasoning && vendor.Origin == form.Origin && vendor.Data.TextAt("type") == "reasoning":
                    vendor.Data.WriteTo(writer);
                    break;
                case TextPart { Text.Length: > 0 } text:
                    WriteText(writer, text, form);
                    break;
                case ToolCallPart call:
                    WriteCall(writer, call, form);
                    break;
            }
        }
    }

    private static void WriteText(Utf8JsonWriter writer, TextPart text, ChatForm form)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        CopyExtras(writer, text.Vendor, form);
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        writer.WriteString("type", "output_text");
        writer.WriteString("text", text.Text);
        writer.WriteStartArray("annotations");
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolCallPart call, ChatForm form)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "function_call");
        CopyExtras(writer, call.Vendor, form);
        writer.WriteString("call_id", call.Id.Value);
        writer.WriteString("name", WireNames.ForOpenAi(call.Name, form.Odd));
        writer.WriteString("arguments", WireJson.IsObject(call.Arguments) ? call.Arguments : "{}");
        writer.WriteEndObject();
    }

    private static void CopyExtras(Utf8JsonWriter writer, VendorData? vendor, ChatForm form)
    {
        if (vendor is { Data.ValueKind: JsonValueKind.Object } && vendor.Origin == form.Origin)
        {
            foreach (var property in vendor.Data.EnumerateObject())
            {
                property.WriteTo(writer);
            }
        }
    }

    private static void WriteResult(Utf8JsonWriter writer, ToolResultPart result, ChatForm form)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "function_call_output");
        writer.WriteString("call_id", result.Call.Value);
        if (form.Images && result.Content.Any(part => part is ImagePart { Bytes.IsEmpty: false }))
        {
            writer.WriteStartArray("output");
            var words = ResultText.Of(result with { Content = [.. result.Content.Where(part => part is TextPart)] }, "");
            if (words.Length > 0)
            {
                WriteContent(writer, new TextPart(words), form);
            }

            foreach (var image in result.Content.OfType<ImagePart>())
            {
                WriteContent(writer, image, form);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteString("output", ResultText.Of(result, NoImage));
        }

        writer.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter writer, MessagePart part, ChatForm form)
    {
        writer.WriteStartObject();
        if (part is ImagePart { Bytes.IsEmpty: false } image && form.Images)
        {
            writer.WriteString("type", "input_image");
            writer.WriteString("image_url", DataUrls.Of(image));
        }
        else
        {
            writer.WriteString("type", "input_text");
            writer.WriteString("text", part is TextPart text ? text.Text : NoImage);
        }

        writer.WriteEndObject();
    }
}
