using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>Text and JSON elements, one made from the other without reflection.</summary>
internal static class JsonNames
{
    /// <summary>The text as a JSON string.</summary>
    public static JsonElement Quoted(string text)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStringValue(text);
        }

        var reader = new Utf8JsonReader(bytes.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>A spelling that two elements share exactly when they are equal as JSON values.</summary>
    public static string Canonical(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    text.Append(property.Name.Length).Append(':').Append(property.Name);
                    Write(property.Value, text);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                var content = value.GetString()!;
                text.Append('"').Append(content.Length).Append(':').Append(content);
                break;
            case JsonValueKind.Number:
                text.Append(SchemaValues.Exact(value) is { } exact
                    ? exact.ToString("G29", CultureInfo.InvariantCulture)
                    : value.GetDouble().ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(value.ValueKind);
                break;
        }
    }
}
