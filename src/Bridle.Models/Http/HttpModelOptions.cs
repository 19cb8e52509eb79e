namespace Bridle.Models.Http;

/// <summary>How <see cref="HttpModel"/> sends, waits and gives up.</summary>
internal sealed record HttpModelOptions
{
    /// <summary>How long nothing at all may come: before the first byte of a streamed reply and between its pieces. Pings and comments count as something.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The same for a reply that was not asked to be streamed, where silence is the rule until all of it is there. Null for five times the idle timeout.</summary>
    public TimeSpan? WholeReplyTimeout { get; init; }

    /// <summary>How long a TCP and TLS connection may take to be made.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What sends. Null for the connections that all models of the process share.</summary>
    public HttpMessageInvoker? Connections { get; init; }

    /// <summary>Tries in all, the first one included.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The wait before the second try; it doubles with every further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait that is chosen here.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest wait that a server may ask for; a longer one ends the request at once.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>No further try starts later than this after the first one.</summary>
    public TimeSpan RetryWindow { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Bytes that one reply may have.</summary>
    public long MaxReplyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The clock behind every wait.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A number from 0 to below 1 that spreads the waits.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    internal TimeSpan SilenceFor(bool streamed) => streamed ? IdleTimeout : WholeReplyTimeout ?? (IdleTimeout * 5);
}
