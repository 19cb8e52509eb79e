namespace Bridle.Tests.Loop;

/// <summary>Time that stands still until it is moved on.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + _passed;

    public override long GetTimestamp() => _passed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state));
        timer.Change(dueTime, period);
        lock (_timers)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan by)
    {
        _passed += by;
        List<ManualTimer> due;
        lock (_timers)
        {
            due = [.. _timers];
        }

        due.ForEach(timer => timer.Elapse(by));
    }

    private sealed class ManualTimer(Action callback) : ITimer
    {
        private TimeSpan _left = Timeout.InfiniteTimeSpan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _left = dueTime;
            return true;
        }

        public void Elapse(TimeSpan by)
        {
            if (_left != Timeout.InfiniteTimeSpan && (_left -= by) <= TimeSpan.Zero)
            {
                _left = Timeout.InfiniteTimeSpan;
                callback();
            }
        }

        public void Dispose() => _left = Timeout.InfiniteTimeSpan;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
