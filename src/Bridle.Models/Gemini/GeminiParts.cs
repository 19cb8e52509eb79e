using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Gemini;

/// <summary>
/// Writes the parts of a message as content parts. A part's own vendor data holds the fields beside its text or call, above all <c>thoughtSignature</c>; every call
/// that came from the model has such data, if only an empty object.
/// </summary>
internal static class GeminiParts
{
    /// <summary>Where the vendor data of a call says that the id was the vendor's and not made up.</summary>
    public const string GivenId = "_given_id";

    /// <summary>Accepted by the vendor in place of the signature on a call that another model made.</summary>
    private const string ForeignSignature = "skip_thought_signature_validator";

    /// <summary>Writes the parts of one kind into an array.</summary>
    public static void Write(Utf8JsonWriter writer, Message message, BlockContext context)
    {
        if (context.Kind == BlockKind.Answers)
        {
            foreach (var result in message.Parts.OfType<ToolResultPart>())
            {
                WriteResult(writer, result, context);
            }

            return;
        }

        var signed = !WantsSignatures(context.Model) || message.Parts.Any(part => VendorParts.Own(part, context.Model) is not null);
        foreach (var part in message.Parts)
        {
            WriteRest(writer, part, context.Model, signed);
            signed |= part is ToolCallPart;
        }
    }

    /// <summary>From its third generation on the vendor refuses calls of the current turn without a signature, and takes images inside results.</summary>
    public static bool WantsSignatures(ModelInfo model)
    {
        var name = model.Name.AsSpan(model.Name.LastIndexOf('/') + 1);
        return name.StartsWith("gemini-", StringComparison.OrdinalIgnoreCase) && name.Length > 7 && name[7] is >= '3' and <= '9';
    }

    private static void WriteRest(Utf8JsonWriter writer, MessagePart part, ModelInfo model, bool signed)
    {
        var own = VendorParts.Own(part, model);
        switch (part)
        {
            // An empty text may carry a signature, and then it goes back.
            case TextPart text when text.Text.Length > 0 || own is not null:
                writer.WriteStartObject();
                writer.WriteString("text", text.Text);
                VendorParts.WriteFields(writer, own);
                writer.WriteEndObject();
                break;
            case ReasoningPart when own is { } whole:
                whole.WriteTo(writer);
                break;
            case ImagePart image:
                WriteImage(writer, image, model);
                break;
            case ToolCallPart call:
                WriteCall(writer, call, own, signed);
                break;
            // An older generation takes images beside the results.
            case ToolResultPart result when !WantsSignatures(model):
                foreach (var image in result.Content.OfType<ImagePart>())
                {
                    WriteImage(writer, image, model);
                }

                break;
        }
    }

    private static void WriteImage(Utf8JsonWriter writer, ImagePart image, ModelInfo model)
    {
        writer.WriteStartObject();
        if (VendorParts.InsteadOf(image, model) is { } words)
        {
            writer.WriteString("text", words);
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

    private static void WriteCall(Utf8JsonWriter writer, ToolCallPart call, JsonElement? own, bool signed)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall");
        WriteId(writer, call.Id, own);
        writer.WriteString("name", WireNames.ForGemini(call.Name));
        writer.WritePropertyName("args");
        WireJson.WriteArguments(writer, call.Arguments);
        writer.WriteEndObject();
        foreach (var field in own is { ValueKind: JsonValueKind.Object } fields ? fields.EnumerateObject() : default)
        {
            if (field.Name != GivenId)
            {
                field.WriteTo(writer);
            }
        }

        if (!signed)
        {
            writer.WriteString("thoughtSignature", ForeignSignature);
        }

        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, ToolResultPart result, BlockContext context)
    {
        var call = context.Before?.Parts.OfType<ToolCallPart>().FirstOrDefault(call => call.Id == result.Call);
        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse");
        WriteId(writer, result.Call, call is null ? null : VendorParts.Own(call, context.Model));
        writer.WriteString("name", WireNames.ForGemini(result.Name));
        writer.WriteStartObject("response");
        writer.WriteString(result.IsError ? "error" : "output", VendorParts.TextOf(result));
        writer.WriteEndObject();
        var images = WantsSignatures(context.Model) ? result.Content.OfType<ImagePart>().ToList() : [];
        if (images.Count > 0)
        {
            writer.WriteStartArray("parts");
            foreach (var image in images)
            {
                WriteImage(writer, image, context.Model);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // The vendor matches results by order and name; an id goes back only if it gave one.
    private static void WriteId(Utf8JsonWriter writer, CallId id, JsonElement? own)
    {
        if (own.At(GivenId) is { ValueKind: JsonValueKind.True })
        {
            writer.WriteString("id", id.Value);
        }
    }
}
