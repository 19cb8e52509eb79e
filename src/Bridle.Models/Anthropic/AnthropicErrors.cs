using System.Text.Json;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>The vendor's errors: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
internal static class AnthropicErrors
{
    /// <summary>An error that came with status 200, in the middle of a stream.</summary>
    public static ModelError InStream(JsonElement data)
    {
        var error = VendorJson.Object(data, "error") ?? data;
        var type = VendorJson.Text(error, "type");
        return Of(type, VendorJson.Text(error, "message") ?? "", StatusOf(type), null) with { RequestId = VendorJson.Text(data, "request_id") };
    }

    /// <summary>An error reply. The body may be anything.</summary>
    public static ModelError Reply(int status, ReadOnlyMemory<byte> body, Uri posted)
    {
        if (VendorErrors.Json(body) is not { ValueKind: JsonValueKind.Object } data)
        {
            return Of(null, VendorErrors.Words(body.Span), status, posted);
        }

        // Servers that imitate the vendor send a bare string.
        var error = VendorJson.Object(data, "error") ?? data;
        var words = VendorJson.Text(error, "message") ?? VendorJson.Text(data, "error") ?? VendorErrors.Words(body.Span);
        return Of(VendorJson.Text(error, "type"), words, status, posted) with { RequestId = VendorJson.Text(data, "request_id") };
    }

    private static ModelError Of(string? type, string words, int? status, Uri? posted) => VendorErrors.Of(Kind(type, words, status ?? 400), status, type, words, posted);

    private static ModelErrorKind Kind(string? type, string words, int status)
    {
        if (Says(words, "prompt is too long") || Says(words, "exceed context limit") || Says(words, "context window") || Says(words, "exceed_context_size"))
        {
            return ModelErrorKind.ContextOverflow;
        }

        if (Says(words, "does not support tools") || Says(words, "tools are not supported") || Says(words, "tool use is not supported"))
        {
            return ModelErrorKind.ToolsUnsupported;
        }

        return type switch
        {
            _ when Says(words, "credit balance") => ModelErrorKind.Quota,
            "authentication_error" => ModelErrorKind.Authentication,
            "billing_error" => ModelErrorKind.Quota,
            "permission_error" => ModelErrorKind.Permission,
            "not_found_error" => ModelErrorKind.NotFound,
            "request_too_large" => ModelErrorKind.TooLarge,
            "rate_limit_error" => ModelErrorKind.RateLimit,
            "overloaded_error" => ModelErrorKind.Overloaded,
            "api_error" or "timeout_error" => ModelErrorKind.Server,
            _ => VendorErrors.Kind(status),
        };
    }

    private static int? StatusOf(string? type) => type switch
    {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "billing_error" => 402,
        "permission_error" => 403,
        "not_found_error" => 404,
        "conflict_error" => 409,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "api_error" => 500,
        "timeout_error" => 504,
        "overloaded_error" => 529,
        _ => null,
    };

    private static bool Says(string words, string what) => words.Contains(what, StringComparison.OrdinalIgnoreCase);
}
