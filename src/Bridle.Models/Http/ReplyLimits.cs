namespace Bridle.Models.Http;

/// <summary>Nothing came for longer than the idle timeout.</summary>
internal sealed class SilenceException(TimeSpan limit) : IOException($"Nothing came for {limit.TotalSeconds:0.###} s.")
{
    /// <summary>The limit that was passed.</summary>
    public TimeSpan Limit { get; } = limit;
}

/// <summary>The reply is larger than it may be.</summary>
internal sealed class ReplyTooLargeException(long limit) : IOException($"The reply is larger than {limit / (1024 * 1024)} MB.");

/// <summary>Cancels when nothing happens between <see cref="Begin"/> and <see cref="End"/> for too long, or when the caller cancels.</summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;
    private volatile bool _expired;

    public SilenceWatch(TimeProvider time, TimeSpan limit, CancellationToken caller)
    {
        Limit = limit;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _timer = time.CreateTimer(static state => ((SilenceWatch)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Limit { get; }

    public CancellationToken Token => _source.Token;

    public bool Expired => _expired;

    public void Begin() => _timer.Change(Limit, Timeout.InfiniteTimeSpan);

    public void End() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void Expire()
    {
        _expired = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The reply ended at the same moment.
        }
    }
}
