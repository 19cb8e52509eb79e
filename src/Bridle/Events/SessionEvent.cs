using Bridle.Messages;

namespace Bridle.Events;

/// <summary>What a session tells its observers: either something recorded in the log or something only shown.</summary>
public abstract record SessionEvent(RunId Run);

/// <summary>A durable event as it stands in the log: numbered without gaps from 1, with the time of its append (UTC, milliseconds).</summary>
public sealed record Recorded(long N, DateTimeOffset At, RunId Run, DurableEvent Event) : SessionEvent(Run);

/// <summary>A transient event: shown as it happens, never stored.</summary>
public sealed record Shown(RunId Run, TransientEvent Event) : SessionEvent(Run);

/// <summary>Takes the events of a session, one at a time and in order. A slow sink slows the session down; one that throws is reported and dropped.</summary>
public interface IEventSink
{
    /// <summary>Called once for each event; never concurrently for one session.</summary>
    ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken);
}
