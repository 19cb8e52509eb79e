namespace Bridle.Cli.Tests.Effects;

/// <summary>Time that is ahead of the real one.</summary>
internal sealed class LaterTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
