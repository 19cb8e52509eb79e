using System.Text.Json.Serialization;
using Bridle.Messages;

namespace Bridle.Models;

/// <summary>The closed set of ways in which a model can fail. Every vendor error becomes one of these.</summary>
[JsonConverter(typeof(SnakeCaseEnum<ModelErrorKind>))]
public enum ModelErrorKind
{
    /// <summary>The key is missing or wrong (401).</summary>
    Authentication,

    /// <summary>The key may not do this (403).</summary>
    Permission,

    /// <summary>No money or quota left (402, insufficient_quota). Not retried.</summary>
    Quota,

    /// <summary>Too many requests (429).</summary>
    RateLimit,

    /// <summary>The vendor is overloaded (503, 529).</summary>
    Overloaded,

    /// <summary>The vendor failed (5xx).</summary>
    Server,

    /// <summary>No such model or path (404).</summary>
    NotFound,

    /// <summary>The vendor did not accept the request (400, 422).</summary>
    BadRequest,

    /// <summary>The request does not fit the context window.</summary>
    ContextOverflow,

    /// <summary>The body is too large (413).</summary>
    TooLarge,

    /// <summary>This model does not take tools.</summary>
    ToolsUnsupported,

    /// <summary>The vendor did not accept an image of the request: the model sees none, or this one cannot be read.</summary>
    ImagesRefused,

    /// <summary>The server cannot be reached.</summary>
    Connection,

    /// <summary>Nothing came for too long.</summary>
    Timeout,

    /// <summary>The reply broke off before its end.</summary>
    Cut,

    /// <summary>What came is not what the protocol says.</summary>
    Malformed,

    /// <summary>The vendor or the model refused to answer.</summary>
    Refused,
}

/// <summary>Why there is no reply.</summary>
/// <param name="Kind">Which of the closed set.</param>
/// <param name="Message">What happened, with the server's own words where it gave any. Never holds a key.</param>
/// <param name="Advice">What to do next, one sentence.</param>
public sealed record ModelError(ModelErrorKind Kind, string Message, string Advice)
{
    /// <summary>What happened and what to do next, as sentences of their own: many a server's words end without a full stop.</summary>
    public string Told => Tell(Message, Advice);

    /// <summary>The HTTP status, or null.</summary>
    public int? Status { get; init; }

    /// <summary>How long the server asked to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the server said about trying again, or null.</summary>
    public bool? ShouldRetry { get; init; }

    /// <summary>The vendor's id of the request, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>The server had the request and did not refuse it, as where nothing came for too long or the connection broke: it may have been answered, and be billed.</summary>
    public bool IsSent { get; init; }

    /// <summary>How many tries were made.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>What happened and what to do next, as sentences of their own.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="advice">What to do next; may be empty.</param>
    public static string Tell(string message, string advice)
    {
        var told = (message ?? "").TrimEnd();
        return string.IsNullOrWhiteSpace(advice) ? told : $"{told}{(told.TrimEnd('"', '\'', ')', '”', '’') is [] or [.., '.' or '!' or '?' or '…' or ':' or '。' or '！' or '？'] ? "" : ".")} {advice}".TrimStart();
    }
}
