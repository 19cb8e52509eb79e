using System.Collections.Concurrent;
using Bridle.Events;

namespace Bridle.Loop;

/// <summary>What a person typed while the model worked. Posted from any thread, taken between two steps.</summary>
public sealed class Inbox
{
    private readonly ConcurrentQueue<InboxMessage> _waiting = new();

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting.IsEmpty;

    /// <summary>Leaves a message for the next step.</summary>
    public void Post(InboxMessage message) => _waiting.Enqueue(message);

    /// <summary>Takes all that waits, in order.</summary>
    public IReadOnlyList<InboxMessage> Take()
    {
        var taken = new List<InboxMessage>();
        while (_waiting.TryDequeue(out var message))
        {
            taken.Add(message);
        }

        return taken;
    }
}
