namespace Bridle.Cli.Terminals.Screens;

/// <summary>
/// Lines on their way into the scrollback, and how many rows of them can be taken back: those since a mark, as long as it is certain that they stand right above the live
/// region, in a window that kept its size and with nothing else in between.
/// </summary>
internal sealed class CommittedLines
{
    /// <summary>The most characters that are given at once.</summary>
    public const int Most = 16 * 1024;

    private readonly Queue<string> _waiting = new();
    private (int Width, int Height)? _size;
    private (int Width, int Height)? _owedAt;
    private int _rows;
    private int _owed;
    private int _before;
    private bool _marked;

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Adds the lines of a clean text.</summary>
    public void Add(string text)
    {
        foreach (var line in StyledText.Lines(text))
        {
            for (var at = 0; ; at += Most)
            {
                // No single line may take a frame that is not bounded.
                _waiting.Enqueue(line.Length - at <= Most ? line[at..] : line.Substring(at, Most));
                if (line.Length - at <= Most)
                {
                    break;
                }
            }
        }
    }

    /// <summary>The next lines to write, in a window of that size.</summary>
    public List<string> Take(int width, int height)
    {
        var (taken, length) = (new List<string>(), 0);
        while (_waiting.TryPeek(out var line) && (taken.Count == 0 || length + line.Length <= Most))
        {
            taken.Add(_waiting.Dequeue());
            length += line.Length + 2;
            Wrote(line, width, height);
        }

        return taken;
    }

    /// <summary>From here on lines may be taken back.</summary>
    public void Mark() => (_marked, _rows, _before, _size) = (true, 0, _waiting.Count, null);

    /// <summary>Nothing of what came until now is taken back any more.</summary>
    public void Keep() => _marked = false;

    /// <summary>Takes back the lines since the mark: those that still wait are forgotten at once, the rows of the others are owed, also when there is another mark before they are painted over.</summary>
    public void TakeBack()
    {
        if (_marked)
        {
            // The queue has no other end than its first one.
            var kept = _waiting.Take(_before).ToList();
            _waiting.Clear();
            kept.ForEach(_waiting.Enqueue);
            (_marked, _owed, _owedAt) = (false, _owed + _rows, _size ?? _owedAt);
        }
    }

    /// <summary>How many rows have to be taken out above a live region, in a window of that size; they are not owed any more then. The first row of the window stays: some terminals keep it in their scrollback when it goes.</summary>
    public int Owed(int live, int width, int height)
    {
        var owed = _owedAt == (width, height) ? Math.Max(0, Math.Min(_owed, height - live - 1)) : 0;
        _owed = 0;
        return owed;
    }

    /// <summary>Somebody else has written: nobody knows any more what stands above.</summary>
    public void Lose() => (_marked, _owed) = (false, 0);

    private void Wrote(string line, int width, int height)
    {
        if (!_marked)
        {
            return;
        }

        if (_before > 0)
        {
            _before--;
            return;
        }

        _marked = (_size ??= (width, height)) == (width, height);
        _rows += Math.Max(1, (StyledText.Width(line) + width - 1) / width);
    }
}
