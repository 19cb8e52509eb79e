using System.Text;

namespace Bridle.Cli.Terminals;

/// <summary>How reading a line ended.</summary>
internal enum LineEnd
{
    /// <summary>With Enter.</summary>
    Entered,

    /// <summary>With Ctrl+D on an empty line, or there is no more input.</summary>
    Closed,

    /// <summary>With Escape on an empty line.</summary>
    Escaped,
}

/// <summary>
/// Reads one line, or several when they are pasted or written with Alt+Enter, with the usual editing keys and history. Draws only its own lines.
/// </summary>
internal sealed class LineReader(IStrokes strokes, TextWriter screen, Func<int> width, InputHistory? history = null)
{
    private readonly EditedLine _line = new();
    private int _row;
    private string? _written;

    /// <summary>Moves no cursor: what is typed is written, what is changed is written anew. For terminals that know no sequences, and for people who have the screen read to them.</summary>
    public bool Plain { get; init; }

    /// <summary>What is typed so far; survives a cancelled read.</summary>
    public string Draft
    {
        get => _line.Text;
        set => _line.Text = value;
    }

    /// <summary>Reads until Enter. A cancelled read clears its lines from the screen and keeps the draft.</summary>
    public async Task<(LineEnd End, string Text)> ReadAsync(string prompt, CancellationToken cancellationToken, Stroke? first = null)
    {
        (_row, _written) = (0, null);
        Draw(prompt);
        try
        {
            while (true)
            {
                var next = first ?? await strokes.ReadAsync(cancellationToken);
                first = null;
                if (next is not { } stroke)
                {
                    return End(LineEnd.Closed);
                }

                if (Finish(stroke) is { } end)
                {
                    // The whole text stays on the screen, and what follows goes below it.
                    _line.Text = _line.Text;
                    Draw(prompt);
                    return End(end);
                }

                // Redrawing in the middle of a paste would take longer than the paste.
                if (!strokes.Waiting)
                {
                    Draw(prompt);
                }
            }
        }
        catch (OperationCanceledException)
        {
            Clear();
            throw;
        }
    }

    private LineEnd? Finish(Stroke stroke)
    {
        var key = stroke.Key;
        if (stroke.IsPaste || stroke.Text.Length > 1)
        {
            _line.Insert(stroke.Text);
            return null;
        }

        if (stroke.IsEscapeFirst && key.Key is not (ConsoleKey.Enter or ConsoleKey.Backspace or ConsoleKey.B or ConsoleKey.F))
        {
            strokes.PutBack(stroke.WithoutAlt());
            key = new('\x1b', ConsoleKey.Escape, false, false, false);
        }

        switch (key.Key)
        {
            case ConsoleKey.Enter when key.Modifiers != 0:
            case ConsoleKey.J when key.Modifiers.HasFlag(ConsoleModifiers.Control):
                _line.Insert("\n");
                return null;
            case ConsoleKey.Enter:
                return LineEnd.Entered;
            case ConsoleKey.D when key.Modifiers.HasFlag(ConsoleModifiers.Control) && _line.Text.Length == 0:
                return LineEnd.Closed;
            case ConsoleKey.Escape when _line.Text.Length == 0:
                return LineEnd.Escaped;
            case ConsoleKey.Escape:
                _line.Text = "";
                return null;
            case ConsoleKey.UpArrow when history?.Back(_line.Text) is { } earlier:
                _line.Text = earlier;
                return null;
            case ConsoleKey.DownArrow when history?.Forward() is { } later:
                _line.Text = later;
                return null;
            default:
                _line.Apply(key);
                return null;
        }
    }

    private (LineEnd, string) End(LineEnd end)
    {
        var text = _line.Text;
        _line.Text = "";
        screen.WriteLine();
        screen.Flush();
        if (end is LineEnd.Entered)
        {
            history?.Add(text);
        }

        return (end, text);
    }

    private void Clear()
    {
        if (Plain)
        {
            _written = null;
            return;
        }

        screen.Write(_row > 0 ? $"\x1b[{_row}A\r\x1b[J" : "\r\x1b[J");
        screen.Flush();
        _row = 0;
    }

    // What was typed at the end is added; after any other change the line is written again below.
    private void DrawPlain(string prompt)
    {
        var text = Shown(_line.Text);
        if (_written is { } written && text.StartsWith(written, StringComparison.Ordinal))
        {
            screen.Write(text[written.Length..]);
        }
        else if (_written?.StartsWith(text, StringComparison.Ordinal) is true && !_written.Contains('\n'))
        {
            screen.Write(string.Concat(Enumerable.Repeat("\b \b", TextWidth.Of(_written.AsSpan(text.Length)))));
        }
        else
        {
            screen.Write((_written is null ? "" : "\n") + prompt + text);
        }

        _written = text;
        screen.Flush();
    }

    private void Draw(string prompt)
    {
        if (Plain)
        {
            DrawPlain(prompt);
            return;
        }

        var columns = Math.Max(10, width());
        var draw = new StringBuilder();
        if (_row > 0)
        {
            draw.Append($"\x1b[{_row}A");
        }

        draw.Append("\r\x1b[J").Append(prompt);
        var start = TextWidth.After(prompt, 0, columns).Column;
        var shown = Shown(_line.Text);
        draw.Append(shown.Replace("\n", "\r\n", StringComparison.Ordinal));
        var end = TextWidth.After(shown, start, columns);
        if (end.Column == 0 && shown.Length > 0 && shown[^1] != '\n')
        {
            // The terminal wraps only when the next character comes; make it wrap now, so that rows are counted right.
            draw.Append(" \r");
        }

        var cursor = TextWidth.After(Shown(_line.Text[.._line.Cursor]), start, columns);
        if (end.Row > cursor.Row)
        {
            draw.Append($"\x1b[{end.Row - cursor.Row}A");
        }

        draw.Append('\r');
        if (cursor.Column > 0)
        {
            draw.Append($"\x1b[{cursor.Column}C");
        }

        _row = cursor.Row;
        screen.Write(draw.ToString());
        screen.Flush();
    }

    private static string Shown(string text) => VisibleText.Of(text).Replace("\t", "    ", StringComparison.Ordinal);
}
