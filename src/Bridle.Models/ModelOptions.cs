using System.Text.Json;

namespace Bridle.Models;

/// <summary>How requests to one model are sent.</summary>
public sealed record ModelOptions
{
    /// <summary>How long nothing at all may come from the server; a reply that is not streamed may take five times as long. HARNESS_HTTP_TIMEOUT_SECS sets it.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long making a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries of one request in all, while nothing of the reply was shown.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Headers beside the protocol's own, which they replace.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// A JSON object whose properties replace or join those of every request body; null as a value takes a property out.
    /// HARNESS_OPENAI_EXTRA_BODY sets it. Null for none.
    /// </summary>
    public JsonElement? ExtraBody { get; init; }

    /// <summary>The clock behind every wait.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Lets a Gemini model search the web by its vendor's own search and lists the sources under the answer. Beside tools only from its third generation on,
    /// because older ones take no search together with functions. Other protocols do not know it.
    /// </summary>
    public bool WebGrounding { get; init; }

    /// <summary>
    /// Sends the key of Anthropic Messages as <c>Authorization: Bearer</c>, as some proxies want it, instead of <c>x-api-key</c>. The version of that API is set by
    /// a header of the name <c>anthropic-version</c>; it is 2023-06-01 otherwise.
    /// </summary>
    public bool Bearer { get; init; }
}
