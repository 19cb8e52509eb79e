namespace Bridle.Sandboxing;

/// <summary>The hosts that confined programs asked for in vain, in the order of asking; the last thousand are kept. Safe to use concurrently.</summary>
public sealed class RefusedHosts
{
    private const int Most = 1000;
    private readonly Queue<string> _told = [];
    private readonly HashSet<RefusalWatch> _watching = [];
    private readonly Lock _lock = new();
    private int _count;

    /// <summary>Where the list is now, for <see cref="Since"/>.</summary>
    public int Mark
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Adds one, in a sentence for the model and the person.</summary>
    public void Add(string sentence)
    {
        lock (_lock)
        {
            _count++;
            _told.Enqueue(sentence);
            if (_told.Count > Most)
            {
                _told.Dequeue();
            }
        }
    }

    /// <summary>What came after a mark, as far as it is kept, each sentence once.</summary>
    public IReadOnlyList<string> Since(int mark)
    {
        lock (_lock)
        {
            return [.. _told.Skip(Math.Max(0, mark - (_count - _told.Count))).Distinct()];
        }
    }

    /// <summary>Watches what comes while a call runs; dispose when it has ended.</summary>
    internal RefusalWatch Watch()
    {
        lock (_lock)
        {
            var watch = new RefusalWatch(this, _count);
            _watching.Add(watch);
            if (_watching.Count > 1)
            {
                foreach (var one in _watching)
                {
                    one.IsAlone = false;
                }
            }

            return watch;
        }
    }

    internal void End(RefusalWatch watch)
    {
        lock (_lock)
        {
            _watching.Remove(watch);
        }
    }
}

/// <summary>What was refused while one call ran.</summary>
internal sealed class RefusalWatch(RefusedHosts hosts, int mark) : IDisposable
{
    /// <summary>Whether no other call that is watched ran at the same time.</summary>
    public bool IsAlone { get; set; } = true;

    /// <summary>What came until now.</summary>
    public IReadOnlyList<string> Told => hosts.Since(mark);

    /// <inheritdoc/>
    public void Dispose() => hosts.End(this);
}
