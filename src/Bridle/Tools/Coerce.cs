using System.Globalization;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>The conversions that are safe because they leave no doubt about what was meant. Shared by typed tools and by tools known by a schema.</summary>
internal static class Coerce
{
    private const double LastExactInteger = 9007199254740992;

    /// <summary>Text, or null when the value is something else or no valid Unicode. Numbers and booleans count as the text they are written as.</summary>
    public static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => StringOf(value),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    public static bool? Flag(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.Number:
                return value.TryGetDouble(out var number) && number is 0 or 1 ? number == 1 : null;
            case JsonValueKind.String:
                return StringOf(value)?.Trim().ToLowerInvariant() switch
                {
                    "true" or "yes" or "1" => true,
                    "false" or "no" or "0" => false,
                    _ => null,
                };
            default:
                return null;
        }
    }

    /// <summary>A whole number that loses nothing: 3, 3.0, 3e2 and "3" are, 3.7 and true are not.</summary>
    public static long? Whole(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetInt64(out var exact) ? exact : value.TryGetDouble(out var number) ? WholeOf(number) : null;
        }

        var text = value.ValueKind == JsonValueKind.String ? StringOf(value)?.Trim() : null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed
            : NumberOf(text) is { } real ? WholeOf(real)
            : null;
    }

    /// <summary>A finite number, or one written as text.</summary>
    public static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null,
        JsonValueKind.String => NumberOf(StringOf(value)?.Trim()),
        _ => null,
    };

    /// <summary>The value itself when it has that kind, or the array or object of that kind that a text holds as JSON; else null.</summary>
    public static JsonElement? Structure(JsonElement value, JsonValueKind kind)
    {
        if (value.ValueKind == kind)
        {
            return value;
        }

        var text = value.ValueKind == JsonValueKind.String ? StringOf(value)?.Trim() : null;
        if (text is null || text.Length < 2 || text[0] != (kind == JsonValueKind.Array ? '[' : '{'))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The string, or null when it holds half a surrogate pair.</summary>
    public static string? StringOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The property's name, or null when it holds half a surrogate pair.</summary>
    public static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The value in the words of an error message: short, one line.</summary>
    public static string Describe(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return "an object";
            case JsonValueKind.Array:
                return "an array";
            case JsonValueKind.Undefined:
                return "nothing";
            default:
                var raw = value.GetRawText();
                return raw.Length <= 40 ? raw : string.Concat(raw.AsSpan(0, 37), "...");
        }
    }

    /// <summary>A choice without the differences that do not matter.</summary>
    public static string Plain(string text) => text.Trim().Replace('-', '_').Replace(' ', '_');

    private static long? WholeOf(double number) =>
        Math.Abs(number) <= LastExactInteger && Math.Floor(number) == number ? (long)number : null;

    private static double? NumberOf(string? text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number) ? number : null;
}
