using System.Text;
using System.Text.Json;

namespace Bridle.Models.Http;

/// <summary>Errors of vendors that speak in content blocks, in words for a person.</summary>
internal static class VendorErrors
{
    private const int MaxWords = 600;

    public static ModelError Malformed(string what) =>
        new(ModelErrorKind.Malformed, what, "Check that the address and the protocol (--api) belong together; if they do, ask again.");

    public static ModelError Cut(string missing) =>
        new(ModelErrorKind.Cut, $"The reply ended without {missing}.", "Ask again; if it keeps happening, look at what is between here and the server.");

    public static ModelError Refused(string? why) => new(
        ModelErrorKind.Refused,
        string.IsNullOrWhiteSpace(why) ? "The model refused to answer." : $"The model refused to answer: {why.Trim()}",
        "Say it differently, start a new session without what was refused, or use another model.");

    public static ModelError ContextFull() =>
        new(ModelErrorKind.ContextOverflow, "The conversation fills the model's context window; no room was left for an answer.", Advice(ModelErrorKind.ContextOverflow, null));

    /// <summary>The error with the server's own words and the advice that fits its kind.</summary>
    public static ModelError Of(ModelErrorKind kind, int? status, string? type, string words, Uri? posted)
    {
        var said = words.Length > MaxWords ? words[..MaxWords] + "…" : words;
        var code = (status, type) switch
        {
            (int number, { } name) => $"HTTP {number}, {name}",
            (int number, null) => $"HTTP {number}",
            (null, { } name) => name,
            _ => "no code",
        };
        var where = kind == ModelErrorKind.NotFound && posted is not null ? $" at {WireUrls.Shown(posted)}" : "";
        return new(kind, said.Length > 0 ? $"The server answered{where}: {said} ({code})" : $"The server answered{where} with an error and no explanation ({code}).", Advice(kind, posted))
        {
            Status = status,
        };
    }

    /// <summary>The kind that a status alone tells.</summary>
    public static ModelErrorKind Kind(int status) => status switch
    {
        401 => ModelErrorKind.Authentication,
        402 => ModelErrorKind.Quota,
        403 => ModelErrorKind.Permission,
        404 => ModelErrorKind.NotFound,
        413 => ModelErrorKind.TooLarge,
        429 => ModelErrorKind.RateLimit,
        503 or 529 => ModelErrorKind.Overloaded,
        >= 500 => ModelErrorKind.Server,
        _ => ModelErrorKind.BadRequest,
    };

    /// <summary>What a body that is not the vendor's JSON says: a web page's title or the beginning of the text.</summary>
    public static string Words(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body).Trim();
        return text.StartsWith('<') ? HtmlWords.Title(text) : text;
    }

    public static JsonElement? Json(ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Advice(ModelErrorKind kind, Uri? posted) => kind switch
    {
        ModelErrorKind.Authentication => "Check the key: it is missing, mistyped, expired or belongs to another vendor.",
        ModelErrorKind.Permission => "Use a key that may use this model, or another model.",
        ModelErrorKind.Quota => "Add credit or raise the limit at the vendor, or use another provider.",
        ModelErrorKind.RateLimit => "Wait a little, send fewer requests at a time, or raise the limit at the vendor.",
        ModelErrorKind.Overloaded => "The vendor is overloaded; wait a little or use another model.",
        ModelErrorKind.Server => "The vendor failed; wait a little and ask again.",
        ModelErrorKind.NotFound => $"Check the model's name with 'bridle models list'. {(posted is null ? "" : WireUrls.PathHint(posted))}".TrimEnd(),
        ModelErrorKind.ContextOverflow => "Compact the conversation, start a new session, or use a model with a larger window.",
        ModelErrorKind.TooLarge => "Send fewer or smaller files and images.",
        ModelErrorKind.ToolsUnsupported => "Use --prompted-tools, or a model that calls tools.",
        _ => "The request was not accepted as it is; if the words above do not help, report this.",
    };
}
