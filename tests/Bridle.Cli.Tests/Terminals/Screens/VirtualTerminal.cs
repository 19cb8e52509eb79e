using System.Globalization;
using System.Text;
using Bridle.Cli.Terminals;

namespace Bridle.Cli.Tests.Terminals.Screens;

/// <summary>
/// A terminal in memory: rows, scrollback, wide characters, wrapping that waits for the next character, colours, and what the program uses of the sequences.
/// Any other sequence or control character fails the test, so that nothing reaches a terminal that was not meant to.
/// </summary>
internal sealed class VirtualTerminal(int width, int height) : TextWriter
{
    private readonly Lock _lock = new();
    private readonly List<Row> _rows = [new()];
    private int _row;
    private int _column;
    private bool _wraps;
    private string _style = "";

    public override Encoding Encoding => Encoding.UTF8;

    public int Width { get; private set; } = width;

    public int Height { get; private set; } = height;

    public bool CursorIsHidden { get; private set; }

    public bool TakesPastes { get; private set; }

    /// <summary>How often the bell rang.</summary>
    public int Bells { get; private set; }

    /// <summary>Notifications, as the desktop would show them.</summary>
    public List<string> Notifications { get; } = [];

    /// <summary>How many times a frame was written, and the longest of them.</summary>
    public int Frames { get; private set; }

    public int LongestWrite { get; private set; }

    /// <summary>The styles that were in use so far.</summary>
    public HashSet<string> Styles { get; } = [];

    /// <summary>Everything from the first line of the scrollback on.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _rows.Select(row => row.Text)).TrimEnd();
            }
        }
    }

    /// <summary>The rows of the window, with the cursor as <c>▏</c> before the character it stands on.</summary>
    public string Window
    {
        get
        {
            lock (_lock)
            {
                var rows = _rows.Skip(Top).Select((row, index) => CursorIsHidden || index + Top != _row ? row.Text : row.WithCursor(_column));
                return string.Join('\n', rows).TrimEnd();
            }
        }
    }

    private int Top => Math.Max(0, _rows.Count - Height);

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_lock)
        {
            Take(value ?? "");
        }
    }

    /// <summary>Waits until the text is there as often as said.</summary>
    public async Task<string> WaitForAsync(string text, int times = 1)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var shown = Text;
            if (shown.Split(text).Length - 1 >= times)
            {
                return shown;
            }

            Assert.False(patience.IsCancellationRequested, $"'{text}' did not appear {times} times.\n{shown}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private void Take(string text)
    {
        LongestWrite = Math.Max(LongestWrite, text.Length);
        for (var at = 0; at < text.Length;)
        {
            at += text[at] switch
            {
                '\x1b' => Sequence(text, at),
                '\r' => Return(),
                '\n' => Feed(),
                '\a' => Ring(),
                _ => Put(text, at),
            };
        }
    }

    /// <summary>Makes the window another size; broken lines are broken anew, as most terminals do.</summary>
    public void Resize(int columns, int rows)
    {
        lock (_lock)
        {
            Reflow(columns, rows);
        }
    }

    private void Reflow(int columns, int rows)
    {
        var (cursor, lines) = ((0, 0), new List<Row>());
        for (var from = 0; from < _rows.Count;)
        {
            var to = from;
            while (_rows[to].Continues)
            {
                to++;
            }

            var cells = _rows.GetRange(from, to - from + 1).SelectMany(row => row.Padded(row.Continues ? Width : row.Cells.Count)).ToList();
            var first = lines.Count;
            for (var at = 0; at == 0 || at < cells.Count; at += columns)
            {
                lines.Add(new() { Cells = [.. cells.Skip(at).Take(columns)], Continues = at + columns < cells.Count });
            }

            if (_row >= from && _row <= to)
            {
                var offset = ((_row - from) * Width) + _column;
                cursor = (first + (offset / columns), offset % columns);
                while (lines.Count <= cursor.Item1)
                {
                    lines.Add(new());
                }
            }

            from = to + 1;
        }

        _rows.Clear();
        _rows.AddRange(lines);
        (_row, _column) = cursor;
        (Width, Height, _wraps) = (columns, rows, false);
    }

    private int Return()
    {
        (_column, _wraps) = (0, false);
        return 1;
    }

    // As a terminal's driver does, the line also begins anew.
    private int Feed()
    {
        (_row, _column, _wraps) = (_row + 1, 0, false);
        Reach();
        return 1;
    }

    private int Ring()
    {
        Bells++;
        return 1;
    }

    private void Reach()
    {
        while (_rows.Count <= _row)
        {
            _rows.Add(new());
        }
    }

    private int Put(string text, int at)
    {
        var length = StringInfo.GetNextTextElementLength(text.AsSpan(at));
        var character = text.Substring(at, length);
        Assert.False(character.EnumerateRunes().Any(IsHidden), $"U+{(int)character[0]:X4} reached the terminal in '{text[Math.Max(0, at - 40)..Math.Min(text.Length, at + 20)]}'");
        var columns = TextWidth.OfCharacter(character);
        if (_wraps || _column + columns > Width)
        {
            _rows[_row].Continues = true;
            (_row, _column, _wraps) = (_row + 1, 0, false);
            Reach();
        }

        _rows[_row].Set(_column, character, columns);
        _column += columns;
        if (_column >= Width)
        {
            (_column, _wraps) = (Width - 1, true);
        }

        return length;
    }

    private static bool IsHidden(Rune rune) =>
        Rune.IsControl(rune) || rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF or 0x2028 or 0x2029 or (>= 0xE0000 and <= 0xE007F);

    private int Sequence(string text, int at)
    {
        if (text.AsSpan(at).StartsWith("\x1b]9;"))
        {
            var end = text.IndexOf('\a', at);
            Notifications.Add(text[(at + 4)..end]);
            return end - at + 1;
        }

        Assert.True(at + 1 < text.Length && text[at + 1] == '[', $"An unknown sequence: {VisibleText.Of(text[at..])}");
        var last = at + 2;
        while (text[last] is < '@' or > '~')
        {
            last++;
        }

        var parameters = text[(at + 2)..last];
        if (text[last] is 'm')
        {
            _style = parameters == "0" ? "" : parameters;
            Styles.Add(_style);
        }
        else if (parameters.StartsWith('?'))
        {
            Mode(parameters[1..], text[last] == 'h');
        }
        else
        {
            Move(parameters.Length > 0 ? int.Parse(parameters, CultureInfo.InvariantCulture) : 1, text[last], parameters);
        }

        return last - at + 1;
    }

    private void Mode(string mode, bool on)
    {
        switch (mode)
        {
            case "25":
                CursorIsHidden = !on;
                break;
            case "2004":
                TakesPastes = on;
                break;
            case "2026":
                Frames += on ? 1 : 0;
                break;
            default:
                Assert.Fail($"An unknown mode: {mode}");
                break;
        }
    }

    private void Move(int count, char what, string parameters)
    {
        _wraps = false;
        switch (what)
        {
            case 'A':
                Assert.True(_row - count >= Top, $"The cursor would leave the window at its top: row {_row - Top} of {Height}, up {count}.");
                _row -= count;
                break;
            case 'B':
                _row = Math.Min(_row + count, Top + Height - 1);
                Reach();
                break;
            case 'C':
                _column = Math.Min(Width - 1, _column + count);
                break;
            case 'M':
                for (var i = 0; i < count && _row < _rows.Count; i++)
                {
                    _rows.RemoveAt(_row);
                }

                Reach();
                break;
            case 'H' when parameters.Length == 0:
                (_row, _column) = (Top, 0);
                break;
            case 'J' when parameters == "2":
                _rows.RemoveRange(Top, _rows.Count - Top);
                Reach();
                break;
            case 'L':
                _rows.InsertRange(_row, Enumerable.Range(0, count).Select(_ => new Row()));
                break;
            default:
                Assert.Fail($"An unknown sequence: {parameters}{what}");
                break;
        }
    }

    /// <summary>A row; the second column of a wide character holds an empty string.</summary>
    private sealed class Row
    {
        public List<string> Cells { get; init; } = [];

        /// <summary>The terminal broke the line at the end of this row.</summary>
        public bool Continues { get; set; }

        public string Text => string.Concat(Cells).TrimEnd();

        public IEnumerable<string> Padded(int columns) => Cells.Concat(Enumerable.Repeat(" ", Math.Max(0, columns - Cells.Count)));

        public string WithCursor(int column) => string.Concat(Padded(column).Take(column)) + "▏" + string.Concat(Cells.Skip(column)).TrimEnd();

        public void Set(int column, string character, int columns)
        {
            while (Cells.Count < column + columns)
            {
                Cells.Add(" ");
            }

            if (columns == 0)
            {
                return;
            }

            Cells[column] = character;
            for (var i = 1; i < columns; i++)
            {
                Cells[column + i] = "";
            }
        }
    }
}
