using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bridle.Models.Catalog;

/// <summary>Reads a provider's list of models, whatever its dialect. Fields that a server leaves out stay unknown; a name that no model has (empty, with control characters, endless) is left out.</summary>
internal static class ModelListing
{
    private const int LongestName = 256;

    /// <summary>The entries of a list document. Unknown shapes give none.</summary>
    public static IReadOnlyList<CatalogEntry> Read(string provider, JsonElement list, DateTimeOffset at)
    {
        var items = Array(list, "data") ?? Array(list, "models") ?? (list.ValueKind is JsonValueKind.Array ? list : null);
        return items is { } array ? [.. array.EnumerateArray().Select(item => ReadOne(provider, item, at)).OfType<CatalogEntry>()] : [];
    }

    private static CatalogEntry? ReadOne(string provider, JsonElement item, DateTimeOffset at)
    {
        if (item.ValueKind is not JsonValueKind.Object || (Text(item, "id") ?? Text(item, "key") ?? Text(item, "name") ?? Text(item, "model")) is not { } name || !IsName(name))
        {
            return null;
        }

        // Gemini lists names as "models/x" and says which of them generate content.
        if (Array(item, "supportedGenerationMethods") is { } methods)
        {
            if (!Strings(methods).Contains("generateContent"))
            {
                return null;
            }

            name = name.StartsWith("models/", StringComparison.Ordinal) ? name["models/".Length..] : name;
        }

        if (Text(item, "type") is "embedding" or "embeddings" || IsForSomethingElse(item))
        {
            return null;
        }

        return new CatalogEntry(provider, name)
        {
            ContextWindow = Number(item, "context_length") ?? Number(item, "context_window") ?? Number(item, "max_model_len") ?? Number(item, "inputTokenLimit")
                ?? Number(item, "max_context_length") ?? Number(item, "max_input_tokens") ?? Number(Object(item, "meta"), "n_ctx_train"),
            MaxOutputTokens = Number(item, "outputTokenLimit") ?? Number(Object(item, "top_provider"), "max_completion_tokens") ?? Number(item, "max_tokens") ?? Number(item, "max_output_tokens"),
            Tools = Tools(item),
            Images = Images(item),
            Price = PriceOf(Object(item, "pricing")),
            At = at,
        };
    }

    // Names are shown in lists and offered while somebody types: nothing of them may steer a terminal or read as something else.
    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && !name.EnumerateRunes().Any(rune =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune == Rune.ReplacementChar);

    // Lemonade lists models of every kind, and on request those that are not on the machine yet.
    private static bool IsForSomethingElse(JsonElement item) =>
        (item.TryGetProperty("downloaded", out var downloaded) && downloaded.ValueKind is JsonValueKind.False)
        || (Array(item, "labels") is { } labels && Strings(labels).Any(label => label is "embeddings" or "reranking" or "transcription" or "audio" or "tts" or "speech" or "image" or "upscaling"));

    /// <summary>The capabilities an Ollama server tells of one model by <c>/api/show</c>.</summary>
    public static CatalogEntry WithOllamaDetails(CatalogEntry entry, JsonElement show)
    {
        var capabilities = Array(show, "capabilities") is { } array ? Strings(array) : null;
        var window = Object(show, "model_info") is { } info
            ? info.EnumerateObject().Where(field => field.Name.EndsWith(".context_length", StringComparison.Ordinal)).Select(field => (JsonElement?)field.Value).FirstOrDefault()
            : null;
        return entry with
        {
            Tools = YesNo(capabilities, "tools"),
            Images = YesNo(capabilities, "vision"),
            ContextWindow = window is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var tokens) ? tokens : entry.ContextWindow,
        };
    }

    private static Known Tools(JsonElement item)
    {
        if (Object(item, "capabilities") is { } capabilities && capabilities.TryGetProperty("trained_for_tool_use", out var trained))
        {
            return trained.ValueKind is JsonValueKind.True ? Known.Yes : Known.No;
        }

        var lists = (Field: "supported_parameters", Word: "tools") is var router && Array(item, router.Field) is { } parameters ? YesNo(Strings(parameters), router.Word)
            : Array(item, "labels") is { } labels ? YesNo(Strings(labels), "tool-calling")
            : Array(item, "capabilities") is { } words ? (Strings(words).Contains("tool_use") || Strings(words).Contains("tools") ? Known.Yes : Known.No)
            : Known.Unknown;
        return lists;
    }

    private static Known Images(JsonElement item) =>
        Array(Object(item, "architecture"), "input_modalities") is { } modalities ? YesNo(Strings(modalities), "image")
        : Array(item, "labels") is { } labels ? YesNo(Strings(labels), "vision")
        : Object(item, "capabilities") is { } capabilities && capabilities.TryGetProperty("vision", out var vision) ? (vision.ValueKind is JsonValueKind.True ? Known.Yes : Known.No)
        : Text(item, "type") is "vlm" ? Known.Yes
        : Known.Unknown;

    // OpenRouter states dollars for one token, as text.
    private static Price? PriceOf(JsonElement? pricing) =>
        Dollars(pricing, "prompt") is { } input && Dollars(pricing, "completion") is { } output
            ? new Price(input, output, Dollars(pricing, "input_cache_read"), Dollars(pricing, "input_cache_write"))
            : null;

    private static decimal? Dollars(JsonElement? pricing, string field) =>
        Text(pricing, field) is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var perToken) && perToken >= 0 ? perToken * 1_000_000m : null;

    private static Known YesNo(IReadOnlyCollection<string>? words, string word) => words is null ? Known.Unknown : words.Contains(word) ? Known.Yes : Known.No;

    private static List<string> Strings(JsonElement array) => [.. array.EnumerateArray().Where(one => one.ValueKind is JsonValueKind.String).Select(one => one.GetString()!)];

    private static JsonElement? Field(JsonElement? item, string name, JsonValueKind kind) =>
        item is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    private static JsonElement? Object(JsonElement? item, string name) => Field(item, name, JsonValueKind.Object);

    private static JsonElement? Array(JsonElement? item, string name) => Field(item, name, JsonValueKind.Array);

    private static string? Text(JsonElement? item, string name) => Field(item, name, JsonValueKind.String)?.GetString();

    private static int? Number(JsonElement? item, string name) => Field(item, name, JsonValueKind.Number) is { } number && number.TryGetInt32(out var value) && value > 0 ? value : null;
}
