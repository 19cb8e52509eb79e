using System.Globalization;
using System.Text.Json;
using Bridle.Models.Http;

namespace Bridle.Models.Gemini;

/// <summary>The vendor's errors: <c>{"error":{"code","message","status","details"}}</c>, in an array when the reply was to be one.</summary>
internal static class GeminiErrors
{
    /// <summary>An error that came with status 200, in the middle of a stream.</summary>
    public static ModelError InStream(JsonElement response) => Of(VendorJson.Object(response, "error")!.Value, null, null);

    /// <summary>The model tried to call and failed to say what. Worth asking once more, without anything changed.</summary>
    public static ModelError BadCall(string finish, string? message) => new(
        ModelErrorKind.Malformed,
        $"The model wrote a tool call that its vendor could not read ({finish}{(string.IsNullOrWhiteSpace(message) ? "" : $": {message.Trim()}")}).",
        "Ask again; if it keeps happening, use another model.")
    {
        ShouldRetry = true,
    };

    /// <summary>An error reply. The body may be anything.</summary>
    public static ModelError Reply(int status, ReadOnlyMemory<byte> body, Uri posted)
    {
        var data = VendorErrors.Json(body);
        if (data is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0)
        {
            data = list[0];
        }

        return data is { } found && VendorJson.Object(found, "error") is { } error
            ? Of(error, status, posted)
            : VendorErrors.Of(VendorErrors.Kind(status), status, null, VendorErrors.Words(body.Span), posted);
    }

    private static ModelError Of(JsonElement error, int? status, Uri? posted)
    {
        var code = status ?? (int?)VendorJson.Number(error, "code");
        var name = VendorJson.Text(error, "status");
        var words = VendorJson.Text(error, "message") ?? "";
        return VendorErrors.Of(Kind(error, name, words, code ?? 400), code, name, words, posted) with { RetryAfter = RetryDelay(error) };
    }

    private static ModelErrorKind Kind(JsonElement error, string? name, string words, int status)
    {
        if (Says(words, "exceeds the maximum number of tokens") || Says(words, "input token count"))
        {
            return ModelErrorKind.ContextOverflow;
        }

        if (Says(words, "API key not valid") || Says(words, "API key expired") || HasReason(error, "API_KEY_INVALID"))
        {
            return ModelErrorKind.Authentication;
        }

        if (Says(words, "function calling is not enabled") || Says(words, "function calling is not supported") || Says(words, "does not support function calling"))
        {
            return ModelErrorKind.ToolsUnsupported;
        }

        return name switch
        {
            // A daily quota is not worth waiting for; a quota for a minute says when to come back.
            "RESOURCE_EXHAUSTED" when Says(words, "billing") && RetryDelay(error) is null => ModelErrorKind.Quota,
            "RESOURCE_EXHAUSTED" => ModelErrorKind.RateLimit,
            "UNAUTHENTICATED" => ModelErrorKind.Authentication,
            "PERMISSION_DENIED" => ModelErrorKind.Permission,
            "NOT_FOUND" => ModelErrorKind.NotFound,
            "UNAVAILABLE" => ModelErrorKind.Overloaded,
            "INTERNAL" or "DEADLINE_EXCEEDED" or "UNKNOWN" => ModelErrorKind.Server,
            _ => VendorErrors.Kind(status),
        };
    }

    private static TimeSpan? RetryDelay(JsonElement error)
    {
        foreach (var detail in Details(error))
        {
            if (VendorJson.Text(detail, "@type")?.EndsWith("RetryInfo", StringComparison.Ordinal) == true
                && VendorJson.Text(detail, "retryDelay") is { } delay
                && double.TryParse(delay.AsSpan().TrimEnd('s'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                && seconds is >= 0 and < 1e6)
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return null;
    }

    private static bool HasReason(JsonElement error, string reason) => Details(error).Any(detail => VendorJson.Text(detail, "reason") == reason);

    private static IEnumerable<JsonElement> Details(JsonElement error) => VendorJson.Array(error, "details") is { } details ? details.EnumerateArray() : [];

    private static bool Says(string words, string what) => words.Contains(what, StringComparison.OrdinalIgnoreCase);
}
