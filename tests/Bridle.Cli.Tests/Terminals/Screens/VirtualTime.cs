namespace Bridle.Cli.Tests.Terminals.Screens;

/// <summary>A time that stands still until it is moved. It has no timers.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _now;

    public void Move(TimeSpan by) => _now += by;
}
