using System.Globalization;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Hosting.Providers;

/// <summary>The variables that say how requests are sent: <c>HARNESS_HTTP_TIMEOUT_SECS</c> and <c>HARNESS_OPENAI_EXTRA_BODY</c>.</summary>
internal static class WireSettings
{
    private const string Timeout = "HARNESS_HTTP_TIMEOUT_SECS";
    private const string ExtraBody = "HARNESS_OPENAI_EXTRA_BODY";

    /// <summary>The variables that it reads.</summary>
    public static IReadOnlyList<string> Variables { get; } = [Timeout, ExtraBody];

    /// <summary>What is wrong with them, in words for a person, or null.</summary>
    public static string? Problem(HostEnvironment environment) =>
        environment[Timeout] is { } seconds && ParseTimeout(seconds) is null ? $"{Timeout} is '{seconds}'. It must be a number of seconds from 1 to 86400."
        : environment[ExtraBody] is { } body && ParseBody(body) is null ? $"{ExtraBody} must be a JSON object."
        : null;

    /// <summary>The options for a model on that wire protocol.</summary>
    public static ModelOptions For(HostEnvironment environment, string api, IReadOnlyDictionary<string, string> headers)
    {
        var options = new ModelOptions { Headers = headers };
        if (environment[Timeout] is { } seconds && ParseTimeout(seconds) is { } timeout)
        {
            options = options with { IdleTimeout = timeout };
        }

        return api.StartsWith("openai", StringComparison.Ordinal) && environment[ExtraBody] is { } body ? options with { ExtraBody = ParseBody(body) } : options;
    }

    private static TimeSpan? ParseTimeout(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 86_400 ? TimeSpan.FromSeconds(seconds) : null;

    private static JsonElement? ParseBody(string text)
    {
        try
        {
            using var document = SoundJson.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
