using System.Text.Json;

namespace Bridle.Messages;

/// <summary>
/// Parses JSON that others wrote. The library takes half of a surrogate pair (<c>"\ud800"</c>) for a string and throws <see cref="InvalidOperationException"/> only when
/// somebody reads it, which may be anywhere. Here such a text is no JSON: what comes back can be read, copied and looked through without that exception.
/// </summary>
public static class SoundJson
{
    /// <summary>The document, which the caller disposes of. Throws <see cref="JsonException"/>, with the line, for what is no JSON or holds text that is no Unicode.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, JsonDocumentOptions options = default)
    {
        Check(json.Span, options);
        return JsonDocument.Parse(json, options);
    }

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte}, JsonDocumentOptions)"/>
    public static JsonDocument Parse(string json, JsonDocumentOptions options = default) => Parse(System.Text.Encoding.UTF8.GetBytes(json), options);

    /// <summary>Throws <see cref="JsonException"/> where a string or a name is no Unicode text, and nothing else: what is no JSON at all is for the parser to say.</summary>
    public static void Check(ReadOnlySpan<byte> json, JsonDocumentOptions options = default) => Check(json, options, namesOnly: false);

    /// <summary>The same for names alone: looking for a property throws at a name that is no text, also when another one is looked for.</summary>
    public static void CheckNames(ReadOnlySpan<byte> json) => Check(json, default, namesOnly: true);

    private static void Check(ReadOnlySpan<byte> json, JsonDocumentOptions options, bool namesOnly)
    {
        // Only an escape can hold half of a pair, and only bytes that are no UTF-8 can be no text otherwise.
        if (json.IndexOf("\\u"u8) < 0 && System.Text.Unicode.Utf8.IsValid(json))
        {
            return;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = options.CommentHandling, AllowTrailingCommas = options.AllowTrailingCommas, MaxDepth = options.MaxDepth });
        while (reader.Read())
        {
            if ((reader.TokenType is JsonTokenType.PropertyName || (reader.TokenType is JsonTokenType.String && !namesOnly)) && !IsText(ref reader))
            {
                var before = json[..(int)reader.TokenStartIndex];
                throw new JsonException("a text holds half of a surrogate pair or other bytes that are no Unicode.", null, before.Count((byte)'\n'), before.Length - 1 - before.LastIndexOf((byte)'\n'));
            }
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
