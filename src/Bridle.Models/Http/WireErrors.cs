using System.Text;
using System.Text.Json;

namespace Bridle.Models.Http;

/// <summary>What all error bodies have in common, whatever vendor or server they come from.</summary>
/// <param name="Message">The server's own words; empty when it gave none.</param>
/// <param name="Code">Its code or type, or null.</param>
internal sealed record ErrorWords(string Message, string? Code)
{
    private const int Longest = 2000;

    /// <summary>
    /// Reads <c>{"error":{"message","type","code"}}</c>, the same in an array, a bare string as error, FastAPI's <c>detail</c>, <c>message</c> at the top, a web page or plain text.
    /// </summary>
    public static ErrorWords Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = WireJson.Parse(body);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, Longest * 4)]).Trim();
            return new(text.StartsWith('<') ? HtmlWords.Title(text) : Brief(text), null);
        }
    }

    /// <summary>The same from a parsed document.</summary>
    public static ErrorWords Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0)
        {
            root = root[0];
        }

        var error = root.At("error") ?? root;
        if (error.ValueKind == JsonValueKind.String)
        {
            return new(Brief(error.Text()), root.TextAt("code"));
        }

        var message = error.TextAt("message") ?? error.TextAt("error") ?? root.TextAt("message") ?? (root.At("detail") is { } detail ? detail.ValueKind == JsonValueKind.String ? detail.Text() : detail.GetRawText() : null);
        var code = error.At("code") is { } given ? given.ValueKind == JsonValueKind.String ? given.Text() : given.GetRawText() : null;
        var type = error.TextAt("status") ?? error.TextAt("type");
        return new(Brief(message ?? (error.ValueKind == JsonValueKind.Object ? error.GetRawText() : "")), code is null || int.TryParse(code, out _) ? type ?? code : code);
    }

    private static string Brief(string text) => text.Length > Longest ? text[..Longest] + "…" : text;
}

/// <summary>Maps statuses and codes to the closed set, each with a sentence of advice.</summary>
internal static class WireErrors
{
    /// <summary>The error for a status and the server's words.</summary>
    public static ModelError Of(int status, ErrorWords words, Uri posted)
    {
        var kind = OverflowWords.Match(status, words) ? ModelErrorKind.ContextOverflow
            : ToolRefusal.Match(words) ? ModelErrorKind.ToolsUnsupported
            : Kind(status, words);
        return Make(kind, status, words.Message, posted);
    }

    /// <summary>The error for an error event inside a reply with status 200; <paramref name="words"/> has to say what kind it is.</summary>
    public static ModelError InStream(ErrorWords words, Uri? posted = null)
    {
        var status = StatusOf(words.Code);
        var kind = OverflowWords.Match(status, words) ? ModelErrorKind.ContextOverflow
            : ToolRefusal.Match(words) ? ModelErrorKind.ToolsUnsupported
            : Kind(status, words);
        return Make(kind, null, words.Message, posted);
    }

    private static ModelErrorKind Kind(int status, ErrorWords words) => (status, words.Code) switch
    {
        (_, "insufficient_quota" or "billing_error" or "billing_hard_limit_reached" or "credit_balance_too_low") or (402, _) => ModelErrorKind.Quota,
        (401, _) => ModelErrorKind.Authentication,
        (403, _) => ModelErrorKind.Permission,
        (404, _) => ModelErrorKind.NotFound,
        (413, _) => ModelErrorKind.TooLarge,
        (429, _) when words.Message.Contains("exceeded your current quota", StringComparison.OrdinalIgnoreCase) && words.Code is not "RESOURCE_EXHAUSTED" => ModelErrorKind.Quota,
        (429, _) => ModelErrorKind.RateLimit,
        (503 or 529, _) => ModelErrorKind.Overloaded,
        ( >= 500, _) => ModelErrorKind.Server,
        _ => ModelErrorKind.BadRequest,
    };

    private static int StatusOf(string? code) => code switch
    {
        "authentication_error" or "invalid_api_key" or "UNAUTHENTICATED" => 401,
        "permission_error" or "PERMISSION_DENIED" => 403,
        "billing_error" => 402,
        "not_found_error" or "model_not_found" or "NOT_FOUND" => 404,
        "request_too_large" => 413,
        "rate_limit_error" or "rate_limit_exceeded" or "RESOURCE_EXHAUSTED" => 429,
        "overloaded_error" or "server_overloaded" or "UNAVAILABLE" => 529,
        "invalid_request_error" or "invalid_prompt" or "INVALID_ARGUMENT" or "context_length_exceeded" or "exceed_context_size_error" => 400,
        not null when int.TryParse(code, out var number) && number is >= 400 and < 600 => number,
        _ => 500,
    };

    /// <summary>The error of a kind that the caller knows better.</summary>
    public static ModelError Make(ModelErrorKind kind, int? status, string words, Uri? posted)
    {
        var url = posted is null ? "the server" : WireUrls.Shown(posted);
        var said = words.Length > 0 ? $": {words}" : ".";
        var (what, advice) = kind switch
        {
            ModelErrorKind.Authentication => ("The key was not accepted", "Check the key: `bridle init` sets a new one."),
            ModelErrorKind.Permission => ("The key may not use this model", "Choose another model, or ask the vendor for access."),
            ModelErrorKind.Quota => ("There is no money or quota left", "Add credit with the vendor, or choose another model."),
            ModelErrorKind.RateLimit => ("Too many requests", "Wait a little and ask again."),
            ModelErrorKind.Overloaded => ("The vendor is overloaded", "Wait a little and ask again, or choose another model."),
            ModelErrorKind.Server => ("The server failed", "Ask again later; with a server of your own, look at its log."),
            ModelErrorKind.NotFound => ($"Not found: {url}", $"Check the model's name (`bridle models list`). {(posted is null ? "" : WireUrls.PathHint(posted))}".TrimEnd()),
            ModelErrorKind.ContextOverflow => ("The conversation does not fit the model's context window", "Compact the conversation, or choose a model with a larger window."),
            ModelErrorKind.TooLarge => ("The request is too large", "Leave out large images or files."),
            ModelErrorKind.ImagesRefused => ("The server did not take an image of the request", "Leave images out, make a sound or smaller copy of them, or choose a model that sees images."),
            ModelErrorKind.ToolsUnsupported => ("This model takes no tools", "Choose another model, or use --prompted-tools."),
            _ => ("The request was not accepted", "If the server's words do not help, check that the address and the protocol (--api) belong together."),
        };
        return new(kind, status is null ? what + said : $"{what} (HTTP {status}){said}", advice) { Status = status };
    }
}

/// <summary>Recognises a model or server that takes no tools.</summary>
internal static class ToolRefusal
{
    private static readonly string[] Phrases =
    [
        "does not support tools", "does not support tool", "doesn't support tool", "tools are not supported", "tool use is not supported", "tool calling is not supported", "no endpoints found that support tool use",
        "does not support function", "functions are not supported", "function calling is not enabled", "\"auto\" tool choice requires", "tools is not supported", "tools param requires --jinja",
    ];

    public static bool Match(ErrorWords words) => Array.Exists(Phrases, phrase => words.Message.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
