using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bridle.Models.Http;

/// <summary>Reading what a server sent without believing that it has the right shape: what is missing or of another type is null.</summary>
internal static class JsonReading
{
    /// <summary>The property, or null when this is no object, lacks it or has null there.</summary>
    public static JsonElement? At(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <inheritdoc cref="At(JsonElement, string)"/>
    public static JsonElement? At(this JsonElement? element, string name) => element?.At(name);

    /// <summary>The text of a string property; half of a surrogate pair stays as it is, because its other half may come in the next piece.</summary>
    public static string? TextAt(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.String } value ? value.Text() : null;

    /// <inheritdoc cref="TextAt(JsonElement, string)"/>
    public static string? TextAt(this JsonElement? element, string name) => element?.TextAt(name);

    /// <summary>A whole number, also when it was sent as a float or in quotes.</summary>
    public static long? NumberAt(this JsonElement element, string name) => element.At(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt64(out var whole) ? whole : (long)number.GetDouble(),
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.Text(), CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => null,
    };

    /// <inheritdoc cref="NumberAt(JsonElement, string)"/>
    public static long? NumberAt(this JsonElement? element, string name) => element?.NumberAt(name);

    /// <summary>The items of an array property; none when it is no array.</summary>
    public static JsonElement.ArrayEnumerator ItemsAt(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;

    /// <inheritdoc cref="ItemsAt(JsonElement, string)"/>
    public static JsonElement.ArrayEnumerator ItemsAt(this JsonElement? element, string name) => element is { } some ? some.ItemsAt(name) : default;

    /// <summary>The text of a string element.</summary>
    public static string Text(this JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return Unescape(element.GetRawText().AsSpan()[1..^1]);
        }
    }

    /// <summary>Unescapes a JSON string that holds half of a surrogate pair, which the library refuses.</summary>
    private static string Unescape(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\' || i + 1 == raw.Length)
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u' && i + 4 < raw.Length && ushort.TryParse(raw.Slice(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var unit))
            {
                text.Append((char)unit);
                i += 4;
                continue;
            }

            text.Append(raw[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other });
        }

        return text.ToString();
    }
}
