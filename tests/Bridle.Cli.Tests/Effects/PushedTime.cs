namespace Bridle.Cli.Tests.Effects;

/// <summary>The time of this machine, which can be pushed on; timers fire when the push passes them, and by themselves when their time comes.</summary>
internal sealed class PushedTime : TimeProvider
{
    private readonly List<PushedTimer> _timers = [];
    private TimeSpan _pushed;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _pushed;

    public void Push(TimeSpan by)
    {
        _pushed += by;
        PushedTimer[] timers;
        lock (_timers)
        {
            timers = [.. _timers];
        }

        foreach (var timer in timers.Where(timer => timer.Due <= GetUtcNow()))
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new PushedTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_timers)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    private sealed class PushedTimer : ITimer
    {
        private readonly PushedTime _time;
        private readonly ITimer _real;
        private readonly Action _call;

        public PushedTimer(PushedTime time, TimerCallback callback, object? state)
        {
            _time = time;
            _call = () => callback(state);
            _real = System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public void Fire()
        {
            Due = DateTimeOffset.MaxValue;
            _call();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : _time.GetUtcNow() + dueTime;
            return _real.Change(dueTime, period);
        }

        public void Dispose()
        {
            Due = DateTimeOffset.MaxValue;
            _real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Due = DateTimeOffset.MaxValue;
            return _real.DisposeAsync();
        }
    }
}
