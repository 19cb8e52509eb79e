using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Gemini;

/// <summary>Writes the parts of a message as content parts. A part's own vendor data holds the fields beside its text or call, above all <c>thoughtSignature</c>.</summary>
internal static class GeminiParts
{
    /// <summary>Accepted by the vendor in place of the signature on a call that another model made.</summary>
    private const string ForeignSignature = "skip_thought_signature_validator";

    public static List<WireBlock> Of(Message message, ModelInfo model)
    {
        var blocks = new List<WireBlock>(message.Parts.Count);
        var signed = message.Parts.Any(part => VendorJson.Own(part, model) is not null);
        foreach (var part in message.Parts)
        {
            switch (part)
            {
                case TextPart text when text.Text.Length > 0 || VendorJson.Own(text, model) is not null:
                    Add(writer => WriteText(writer, text, model));
                    break;
                case ReasoningPart reasoning when VendorJson.Own(reasoning, model) is { } whole:
                    Add(whole.WriteTo);
                    break;
                case ImagePart image:
                    Add(writer => WriteImage(writer, image, model));
                    break;
                case ToolCallPart call:
                    var sign = !signed && WantsSignatures(model);
                    signed = true;
                    Add(writer => WriteCall(writer, call, model, sign));
                    break;
                case ToolResultPart result:
                    AddResult(result, model, blocks);
                    break;
            }
        }

        return blocks;

        void Add(Action<Utf8JsonWriter> write) => blocks.Add(new WireBlock(VendorJson.Bytes(write), Answers: false));
    }

    /// <summary>From its third generation on the vendor refuses calls of the current turn without a signature, and takes images inside results.</summary>
    public static bool WantsSignatures(ModelInfo model)
    {
        var name = model.Name.AsSpan(model.Name.LastIndexOf('/') + 1);
        return name.StartsWith("gemini-", StringComparison.OrdinalIgnoreCase) && name.Length > 7 && char.IsAsciiDigit(name[7]) && name[7] >= '3';
    }

    private static void WriteText(Utf8JsonWriter writer, TextPart text, ModelInfo model)
    {
        writer.WriteStartObject();
        writer.WriteString("text", text.Text);
        WriteExtras(writer, VendorJson.Own(text, model));
        writer.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter writer, ImagePart image, ModelInfo model)
    {
        writer.WriteStartObject();
        if (image.Bytes.IsEmpty || model.Images == Known.No)
        {
            writer.WriteString("text", image.Bytes.IsEmpty ? $"[An image ({image.MediaType}) that is no longer there.]" : $"[An image ({image.MediaType}); this model does not see images.]");
        }
        else
        {
            writer.WriteStartObject("inlineData");
            writer.WriteString("mimeType", image.MediaType);
            writer.WriteBase64String("data", image.Bytes.Span);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolCallPart call, ModelInfo model, bool sign)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall");
        WriteId(writer, call.Id);
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("args");
        VendorJson.WriteArguments(writer, call.Arguments);
        writer.WriteEndObject();
        WriteExtras(writer, VendorJson.Own(call, model));
        if (sign)
        {
            writer.WriteString("thoughtSignature", ForeignSignature);
        }

        writer.WriteEndObject();
    }

    private static void AddResult(ToolResultPart result, ModelInfo model, List<WireBlock> blocks)
    {
        var images = result.Content.OfType<ImagePart>().ToList();
        var inside = images.Count > 0 && WantsSignatures(model);
        blocks.Add(new WireBlock(VendorJson.Bytes(writer => WriteResult(writer, result, inside ? images : [], model)), Answers: true));
        if (!inside)
        {
            blocks.AddRange(images.Select(image => new WireBlock(VendorJson.Bytes(writer => WriteImage(writer, image, model)), Answers: false)));
        }
    }

    private static void WriteResult(Utf8JsonWriter writer, ToolResultPart result, List<ImagePart> images, ModelInfo model)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse");
        WriteId(writer, result.Call);
        writer.WriteString("name", result.Name);
        writer.WriteStartObject("response");
        writer.WriteString(result.IsError ? "error" : "output", string.Join('\n', result.Content.OfType<TextPart>().Select(part => part.Text)));
        writer.WriteEndObject();
        if (images.Count > 0)
        {
            writer.WriteStartArray("parts");
            foreach (var image in images)
            {
                WriteImage(writer, image, model);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // The vendor matches results by order and name; an id goes back only if it gave one.
    private static void WriteId(Utf8JsonWriter writer, CallId id)
    {
        if (!CallIds.IsMadeUp(id.Value))
        {
            writer.WriteString("id", id.Value);
        }
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
