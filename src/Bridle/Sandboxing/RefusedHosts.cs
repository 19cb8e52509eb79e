namespace Bridle.Sandboxing;

/// <summary>The hosts that confined programs asked for in vain, in the order of asking; the last thousand are kept. Safe to use concurrently.</summary>
public sealed class RefusedHosts
{
    private const int Most = 1000;
    private const int MostStarted = 4096;
    private readonly Queue<Refusal> _told = [];
    private readonly HashSet<RefusalWatch> _watching = [];
    private readonly Dictionary<int, RefusalWatch> _startedBy = [];
    private readonly Queue<int> _started = [];
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
    /// <param name="sentence">Which host, and why.</param>
    /// <param name="askers">The ids of the process that asked and of those above it; empty when nobody knows.</param>
    public void Add(string sentence, IReadOnlyList<int>? askers = null)
    {
        lock (_lock)
        {
            _told.Enqueue(new(++_count, sentence, askers ?? [], StarterOf(askers ?? [])));
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
            return [.. After(mark).Select(refusal => refusal.Sentence).Distinct()];
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

    /// <summary>A process was started for the call of that watch. Its id may have been another's before.</summary>
    internal void Started(int id, RefusalWatch by)
    {
        lock (_lock)
        {
            _startedBy[id] = by;
            _started.Enqueue(id);
            if (_started.Count > MostStarted)
            {
                _startedBy.Remove(_started.Dequeue());
            }
        }
    }

    internal void End(RefusalWatch watch)
    {
        lock (_lock)
        {
            _watching.Remove(watch);
            watch.EndedAt = _count;
        }
    }

    internal RefusalsTold ToldTo(RefusalWatch watch)
    {
        var (own, perhaps, others) = (new List<string>(), new List<string>(), new List<string>());
        lock (_lock)
        {
            foreach (var refusal in After(watch.Mark))
            {
                // A program may ask before it is known for started.
                var starter = refusal.Starter ?? StarterOf(refusal.Askers);
                if (starter == watch)
                {
                    own.Add(refusal.Sentence);
                }
                else if (starter is null)
                {
                    perhaps.Add(refusal.Sentence);
                }
                else if (refusal.Number > starter.EndedAt)
                {
                    // What a call that has ended left running; what another call asks for while it lasts is told there.
                    others.Add(refusal.Sentence);
                }
            }
        }

        return new([.. own.Distinct()], [.. perhaps.Distinct()], [.. others.Distinct()]);
    }

    private IEnumerable<Refusal> After(int mark) => _told.SkipWhile(refusal => refusal.Number <= mark);

    private RefusalWatch? StarterOf(IReadOnlyList<int> askers) => askers.Select(id => _startedBy.GetValueOrDefault(id)).FirstOrDefault(one => one is not null);

    private readonly record struct Refusal(int Number, string Sentence, IReadOnlyList<int> Askers, RefusalWatch? Starter);
}
