namespace Bridle.Sandboxing;

/// <summary>The hosts that confined programs asked for in vain, in the order of asking. Safe to use concurrently.</summary>
public sealed class RefusedHosts
{
    private const int Most = 1000;
    private readonly List<string> _told = [];
    private readonly Lock _lock = new();

    /// <summary>Where the list is now, for <see cref="Since"/>.</summary>
    public int Mark
    {
        get
        {
            lock (_lock)
            {
                return _told.Count;
            }
        }
    }

    /// <summary>Adds one, in a sentence for the model and the person.</summary>
    public void Add(string sentence)
    {
        lock (_lock)
        {
            if (_told.Count < Most)
            {
                _told.Add(sentence);
            }
        }
    }

    /// <summary>What came after a mark, each sentence once.</summary>
    public IReadOnlyList<string> Since(int mark)
    {
        lock (_lock)
        {
            return [.. _told.Skip(mark).Distinct()];
        }
    }
}
