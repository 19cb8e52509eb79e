using System.Globalization;
using System.Text;

namespace Bridle.Cli.Terminals.Screens;

/// <summary>
/// The one writer of an interactive terminal. What is committed goes into the scrollback once and stays the person's; the live region below it is painted over in place,
/// and only where it changed. A frame writes a bounded number of characters, so that a key waits for one frame and never for the whole output.
/// May be called from any thread; frames are painted by one.
/// </summary>
/// <param name="terminal">Takes characters and sequences.</param>
/// <param name="size">Columns and rows of the terminal now.</param>
/// <param name="live">The live region for a width and a height.</param>
internal sealed class Screen(TextWriter terminal, Func<(int Width, int Height)> size, Func<int, int, LiveRegion> live)
{
    /// <summary>The most characters of committed text in one frame.</summary>
    public const int MostCommitted = CommittedLines.Most;

    private readonly Lock _painting = new();
    private readonly CommittedLines _committed = new();
    private readonly StringBuilder _frame = new();
    private LiveRegion _shown = LiveRegion.Empty;
    private (int Row, int Column) _at;
    private int _width;
    private bool _dirty = true;
    private bool _hidden;
    private bool _lent;

    /// <summary>Held while the live region is asked for. Who holds it and both commits and changes what is live does so in one frame.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Called whenever a frame is wanted that was not wanted before.</summary>
    public Action Wanted { get; set; } = () => { };

    /// <summary>Whether a frame has something to show.</summary>
    public bool IsDirty
    {
        get
        {
            lock (Gate)
            {
                return _dirty || _committed.Count > 0;
            }
        }
    }

    /// <summary>Characters written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Adds lines to the scrollback. They are cleaned of everything but colours, and never written again.</summary>
    public void Commit(string text)
    {
        lock (Gate)
        {
            _committed.Add(StyledText.Clean(text));
        }

        Wanted();
    }

    /// <summary>What is committed from here on may be taken back; or, when it is <paramref name="kept"/>, nothing that came until now.</summary>
    public void Mark(bool kept)
    {
        lock (Gate)
        {
            if (kept)
            {
                _committed.Keep();
            }
            else
            {
                _committed.Mark();
            }

        }
    }

    /// <summary>Takes back what was committed since the mark, as far as it still stands in the window; the scrollback is the person's.</summary>
    public void TakeBack()
    {
        lock (Gate)
        {
            _committed.TakeBack();
        }

        Invalidate();
    }

    /// <summary>Says that the live region looks different now.</summary>
    public void Invalidate()
    {
        lock (Gate)
        {
            if (_dirty)
            {
                return;
            }

            _dirty = true;
        }

        Wanted();
    }

    /// <summary>Paints what changed. True when something was written.</summary>
    public bool Frame()
    {
        lock (_painting)
        {
            if (_lent)
            {
                return false;
            }

            var (width, height) = size();
            List<string> committed;
            LiveRegion wanted;
            lock (Gate)
            {
                committed = TakeCommitted(width, height);
                wanted = live(width, height);
                _dirty = false;
            }

            Compose(committed, wanted, width, height);
            return Write();
        }
    }

    /// <summary>Writes everything that was committed, takes the live region away and leaves the cursor on a line of its own.</summary>
    public void Clear()
    {
        lock (_painting)
        {
            List<string> committed;
            do
            {
                var (width, height) = size();
                lock (Gate)
                {
                    committed = TakeCommitted(width, height);
                    _dirty = true;
                }

                Compose(committed, LiveRegion.Empty, width, height);
                Write();
            }
            while (committed.Count > 0);
        }
    }

    /// <summary>Leaves the terminal alone until the result is disposed; what is committed meanwhile waits.</summary>
    public IDisposable Lend()
    {
        Clear();
        lock (_painting)
        {
            _lent = true;
        }

        return new Lent(this);
    }

    /// <summary>Forgets what stands there and paints anew, below wherever the cursor is: somebody else has written meanwhile.</summary>
    public void Restart()
    {
        lock (_painting)
        {
            (_shown, _at, _hidden, _lent) = (LiveRegion.Empty, (0, 0), false, false);
            _frame.Append('\r');
            lock (Gate)
            {
                _committed.Lose();

                // Nobody painted while it was lent, so that what was wanted then is wanted still.
                _dirty = false;
            }
        }

        Invalidate();
    }

    /// <summary>Takes the live region away and writes a last sequence, unless the terminal does not even take what is being written.</summary>
    public void Abandon(string sequence)
    {
        if (!_painting.TryEnter(TimeSpan.FromMilliseconds(200)))
        {
            return;
        }

        try
        {
            Compose([], LiveRegion.Empty, _width, 2);
            terminal.Write(_frame.Append(sequence).ToString());
            terminal.Flush();
            _frame.Clear();
            _lent = true;
        }
        finally
        {
            _painting.Exit();
        }
    }

    /// <summary>Writes a sequence that shows nothing, such as a bell.</summary>
    public void Signal(string sequence)
    {
        if (sequence.Length == 0)
        {
            return;
        }

        lock (_painting)
        {
            terminal.Write(sequence);
            terminal.Flush();
            Written += sequence.Length;
        }
    }

    private List<string> TakeCommitted(int width, int height)
    {
        Remove(_committed.Owed(_shown.Lines.Count, width, height));
        return _committed.Take(width, height);
    }

    // With the live region below, which is painted anew.
    private void Remove(int rows)
    {
        if (rows > 0)
        {
            GoTo((_at.Row + rows, _at.Column), (0, 0));
            Erase(rows + _shown.Lines.Count);
            (_shown, _at) = (LiveRegion.Empty, (0, 0));
        }
    }

    private void Compose(List<string> committed, LiveRegion wanted, int width, int height)
    {
        // One column and one row stay free: a full line would wrap on some terminals, a full screen would scroll.
        var next = wanted.Last(Math.Max(1, height - 1));
        next = next with { Lines = [.. next.Lines.Select(line => StyledText.Cut(StyledText.Clean(line), Math.Max(1, width - 1)))] };
        if (_width != width && _width > 0)
        {
            Reflow(width, height);
        }

        _width = width;
        if (committed.Count > 0 || _shown.Lines.Count == 0)
        {
            Redraw(committed, next);
        }
        else
        {
            Patch(next);
        }

        Place(next);
        _shown = next;
    }

    // A terminal that became narrower has broken the lines that stand there; where they begin is reckoned, and they are painted anew.
    private void Reflow(int width, int height)
    {
        int Rows(int columns) => Math.Max(1, (columns + width - 1) / width);
        var above = _shown.Lines.Take(_at.Row).Sum(line => Rows(StyledText.Width(line))) + (_at.Column / width);
        GoTo((Math.Min(above, height - 1), _at.Column), (0, 0));
        Erase(height);
        (_shown, _at) = (LiveRegion.Empty, (0, 0));
    }

    private void Redraw(List<string> committed, LiveRegion next)
    {
        if (committed.Count == 0 && next.Lines.Count == 0)
        {
            return;
        }

        GoTo(_at, (0, 0));
        Erase(_shown.Lines.Count);
        foreach (var line in committed)
        {
            _frame.Append(line).Append("\r\n");
        }

        _frame.AppendJoin("\r\n", next.Lines);
        _at = next.Lines.Count == 0 ? (0, 0) : (next.Lines.Count - 1, StyledText.Width(next.Lines[^1]));
    }

    private void Patch(LiveRegion next)
    {
        for (var row = 0; row < next.Lines.Count; row++)
        {
            var there = row < _shown.Lines.Count;
            if (there && _shown.Lines[row] == next.Lines[row])
            {
                continue;
            }

            var width = StyledText.Width(next.Lines[row]);
            if (there)
            {
                GoTo(_at, (row, 0));
                _frame.Append(width < StyledText.Width(_shown.Lines[row]) ? "\x1b[1M\x1b[1L" : "");
            }
            else
            {
                GoTo(_at, (row - 1, 0));
                _frame.Append("\r\n");
            }

            _frame.Append(next.Lines[row]);
            _at = (row, width);
        }

        if (next.Lines.Count < _shown.Lines.Count)
        {
            GoTo(_at, (next.Lines.Count, 0));
            Erase(_shown.Lines.Count - next.Lines.Count);
            _at = (next.Lines.Count, 0);
            GoTo(_at, (Math.Max(0, next.Lines.Count - 1), 0));
            _at = (Math.Max(0, next.Lines.Count - 1), 0);
        }
    }

    // The rows are taken out, and nothing is below them. Cleared ones would stay as long as they were, and be broken when the terminal becomes narrower;
    // and some terminals keep in their scrollback what is cleared from the top of the window on.
    private void Erase(int rows)
    {
        if (rows > 0)
        {
            _frame.Append(CultureInfo.InvariantCulture, $"\x1b[{rows}M");
        }
    }

    private void Place(LiveRegion next)
    {
        if (next.Cursor is { } cursor)
        {
            if (next.Lines.Count > 0 && cursor != _at)
            {
                GoTo(_at, cursor);
                _at = cursor;
            }

            _frame.Append(_hidden ? "\x1b[?25h" : "");
            _hidden = false;
        }
        else if (!_hidden)
        {
            _frame.Append("\x1b[?25l");
            _hidden = true;
        }
    }

    private void GoTo((int Row, int Column) from, (int Row, int Column) to)
    {
        if (from == to)
        {
            return;
        }

        if (from.Row != to.Row)
        {
            _frame.Append(CultureInfo.InvariantCulture, $"\x1b[{Math.Abs(from.Row - to.Row)}{(to.Row < from.Row ? 'A' : 'B')}");
        }

        if (from.Column != to.Column || to.Column == 0)
        {
            _frame.Append('\r');
            if (to.Column > 0)
            {
                _frame.Append(CultureInfo.InvariantCulture, $"\x1b[{to.Column}C");
            }
        }
    }

    // Terminals that know the outer sequences show a frame at once; the others ignore them.
    private bool Write()
    {
        if (_frame.Length == 0)
        {
            return false;
        }

        var text = _frame.Insert(0, "\x1b[?2026h").Append("\x1b[?2026l").ToString();
        _frame.Clear();
        terminal.Write(text);
        terminal.Flush();
        Written += text.Length;
        return true;
    }

    private sealed class Lent(Screen owner) : IDisposable
    {
        public void Dispose() => owner.Restart();
    }
}
