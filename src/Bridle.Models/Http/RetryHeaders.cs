using System.Globalization;
using System.Net.Http.Headers;

namespace Bridle.Models.Http;

/// <summary>The headers about trying again, which mean the same with every vendor.</summary>
internal static class RetryHeaders
{
    private const double Most = 1e11;

    /// <summary>Fills in what the error does not say itself.</summary>
    public static ModelError Complete(ModelError error, int status, HttpResponseHeaders headers, TimeProvider time) => error with
    {
        Status = error.Status ?? status,
        RetryAfter = Wait(headers, time) ?? error.RetryAfter,
        ShouldRetry = error.ShouldRetry ?? Value(headers, "x-should-retry")?.ToLowerInvariant() switch
        {
            "true" => true,
            "false" => false,
            _ => null,
        },
        RequestId = error.RequestId ?? Value(headers, "x-request-id") ?? Value(headers, "request-id"),
    };

    private static TimeSpan? Wait(HttpResponseHeaders headers, TimeProvider time)
    {
        if (Number(Value(headers, "retry-after-ms")) is { } milliseconds)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        if (Value(headers, "retry-after") is not { } after)
        {
            return null;
        }

        if (Number(after) is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        if (!DateTimeOffset.TryParse(after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until))
        {
            return null;
        }

        // The server's own clock, when it tells it, so that a wrong clock here does not matter.
        var wait = until - (headers.Date ?? time.GetUtcNow());
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    // However long a server asks to wait, a span of time can hold it; it is more than anybody waits.
    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 ? Math.Min(number, Most) : null;

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.First() : null;
}
