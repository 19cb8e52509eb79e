using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>How JSON is written for vendors, and how their opaque data is kept.</summary>
internal static class VendorJson
{
    /// <summary>Text stays readable and short: only what JSON itself demands is escaped.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The bytes of one value.</summary>
    public static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>One value that stands on its own.</summary>
    public static JsonElement Element(Action<Utf8JsonWriter> write)
    {
        var reader = new Utf8JsonReader(Bytes(write));
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The opaque data of a part if the given model made it, else null.</summary>
    public static JsonElement? Own(MessagePart part, ModelInfo model) =>
        part.Vendor is { } vendor && vendor.Origin == model.Origin ? vendor.Data : null;

    /// <summary>
    /// Writes a call's arguments as an object. What is not one cannot be said in a protocol that wants an object, so that the model's text goes in as a
    /// string: the result that follows tells it what was wrong.
    /// </summary>
    public static void WriteArguments(Utf8JsonWriter writer, string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                document.RootElement.WriteTo(writer);
                return;
            }
        }
        catch (JsonException)
        {
            // Said below, as text.
        }

        writer.WriteStartObject();
        writer.WriteString("_malformed", arguments);
        writer.WriteEndObject();
    }

    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static long? Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;

    public static JsonElement? Object(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    public static JsonElement? Array(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value : null;
}
