using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>Checks of a request's shape that all fakes share; each returns what is wrong, or null.</summary>
internal static class JsonChecks
{
    /// <summary>The property, or null when it is missing or null.</summary>
    public static JsonElement? At(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The text of a string property, or null.</summary>
    public static string? TextAt(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The first property that is not among the allowed ones, or that comes twice.</summary>
    public static string? Unknown(this JsonElement element, params ReadOnlySpan<string> allowed)
    {
        var seen = new HashSet<string>();
        foreach (var property in element.EnumerateObject())
        {
            if (!allowed.Contains(property.Name) || !seen.Add(property.Name))
            {
                return property.Name;
            }
        }

        return null;
    }

    /// <summary>Whether a text is a name of up to <paramref name="longest"/> ASCII letters, digits, underscores and hyphens.</summary>
    public static bool IsName(string text, int longest) => text.Length > 0 && text.Length <= longest && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>Whether a text is a complete JSON object.</summary>
    public static bool IsObject(string? text)
    {
        try
        {
            using var document = JsonDocument.Parse(text ?? "");
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Cuts a text into at most <paramref name="pieces"/> pieces of equal length.</summary>
    public static IEnumerable<string> Pieces(string text, int pieces)
    {
        var size = Math.Max(1, (text.Length + pieces - 1) / pieces);
        for (var at = 0; at < text.Length; at += size)
        {
            yield return text.Substring(at, Math.Min(size, text.Length - at));
        }
    }
}
