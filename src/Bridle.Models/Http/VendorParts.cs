using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>Opaque data beside the parts of a message: fields that a vendor sent, that mean nothing to Bridle, and that it wants back.</summary>
internal static class VendorParts
{
    /// <summary>The opaque data of a part if the given model made it, else null.</summary>
    public static JsonElement? Own(MessagePart part, ModelInfo model) => part.Vendor is { } vendor && vendor.Origin == model.Origin ? vendor.Data : null;

    /// <summary>The fields of an object that are not among the known ones; null when there are none.</summary>
    public static VendorData? Unknown(JsonElement from, ModelInfo model, params ReadOnlySpan<string> known)
    {
        List<JsonProperty>? fields = null;
        foreach (var field in from.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                (fields ??= []).Add(field);
            }
        }

        return fields is null ? null : new VendorData(model.Origin, WireJson.Element(writer =>
        {
            writer.WriteStartObject();
            foreach (var field in fields)
            {
                field.WriteTo(writer);
            }

            writer.WriteEndObject();
        }));
    }

    /// <summary>Adds such fields to the object being written.</summary>
    public static void WriteFields(Utf8JsonWriter writer, JsonElement? fields)
    {
        if (fields is { ValueKind: JsonValueKind.Object } some)
        {
            foreach (var field in some.EnumerateObject())
            {
                field.WriteTo(writer);
            }
        }
    }

    /// <summary>What is said in place of an image that cannot be sent; null when it can be.</summary>
    public static string? InsteadOf(ImagePart image, ModelInfo model) =>
        image.Bytes.IsEmpty ? $"[An image ({image.MediaType}) that is no longer there.]"
        : model.Images == Known.No ? $"[An image ({image.MediaType}); this model does not see images.]"
        : null;

    /// <summary>The text of a result's content, for protocols that want it in one string.</summary>
    public static string TextOf(ToolResultPart result) => string.Join('\n', result.Content.OfType<TextPart>().Select(part => part.Text));
}
