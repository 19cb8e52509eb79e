using Bridle.Events;

namespace Bridle.Testing;

/// <summary>Keeps every event it is given.</summary>
public sealed class CollectingSink : IEventSink
{
    private readonly List<SessionEvent> _events = [];

    /// <summary>The events so far, in their order.</summary>
    public IReadOnlyList<SessionEvent> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Called with each event before it is kept.</summary>
    public Action<SessionEvent>? OnEvent { get; init; }

    /// <inheritdoc/>
    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        OnEvent?.Invoke(sessionEvent);
        lock (_events)
        {
            _events.Add(sessionEvent);
        }

        return ValueTask.CompletedTask;
    }
}
