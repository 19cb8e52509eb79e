namespace Bridle.Hosting.Networking;

/// <summary>Ends a conversation in which nothing has moved for a while.</summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;
    private TimeSpan _patience;

    public IdleTimer(TimeSpan patience, TimeProvider time, CancellationToken end)
    {
        _patience = patience;
        _timer = new CancellationTokenSource(patience, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, end);
    }

    /// <summary>Cancelled when it was too long, or all ends.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Something moved.</summary>
    public void Moved() => _timer.CancelAfter(_patience);

    /// <summary>From now on another patience counts.</summary>
    public void Use(TimeSpan patience)
    {
        _patience = patience;
        Moved();
    }

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
