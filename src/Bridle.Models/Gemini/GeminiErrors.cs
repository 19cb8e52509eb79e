using System.Globalization;
using System.Text.Json;
using Bridle.Models.Http;

namespace Bridle.Models.Gemini;

/// <summary>The vendor's errors: <c>{"error":{"code","message","status","details"}}</c>, in an array when the reply was to be one.</summary>
internal static class GeminiErrors
{
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
        try
        {
            using var document = WireJson.Parse(body);
            var root = document.RootElement is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : document.RootElement;
            if (root.At("error") is { } error)
            {
                return Of(error, status, posted);
            }
        }
        catch (JsonException)
        {
            // Said by what is between here and the vendor.
        }

        return WireErrors.Of(status, ErrorWords.Read(body), posted);
    }

    /// <summary>The error in an error object; without a status when it came in a stream that had begun with 200.</summary>
    public static ModelError Of(JsonElement error, int? status, Uri? posted)
    {
        var words = ErrorWords.Read(error);
        var code = status ?? (int)(error.NumberAt("code") ?? 500);
        var made = Special(error, words.Message) is { } kind ? WireErrors.Make(kind, code, words.Message, posted)
            : status is not null ? WireErrors.Of(code, words, posted!)
            : WireErrors.InStream(words, posted);
        return made with { Status = status, RetryAfter = RetryDelay(error) };
    }

    private static ModelErrorKind? Special(JsonElement error, string words)
    {
        // A wrong key comes with the status of a bad request.
        if (Says(words, "API key not valid") || Says(words, "API key expired") || HasReason(error, "API_KEY_INVALID"))
        {
            return ModelErrorKind.Authentication;
        }

        // A quota for a minute says when to come back; one for a day or a plan does not, and is not worth waiting for.
        if (error.TextAt("status") == "RESOURCE_EXHAUSTED" && Says(words, "billing") && RetryDelay(error) is null)
        {
            return ModelErrorKind.Quota;
        }

        return null;
    }

    private static TimeSpan? RetryDelay(JsonElement error)
    {
        foreach (var detail in error.ItemsAt("details"))
        {
            if (detail.TextAt("@type")?.EndsWith("RetryInfo", StringComparison.Ordinal) == true
                && detail.TextAt("retryDelay") is { } delay
                && double.TryParse(delay.AsSpan().TrimEnd('s'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                && seconds is >= 0 and < 1e6)
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return null;
    }

    private static bool HasReason(JsonElement error, string reason) => error.ItemsAt("details").Any(detail => detail.TextAt("reason") == reason);

    private static bool Says(string words, string what) => words.Contains(what, StringComparison.OrdinalIgnoreCase);
}
