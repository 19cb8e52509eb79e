namespace Bridle.Cli.Terminals;

/// <summary>The text that a person is typing, with a cursor in it. Moves by whole characters as people see them, not by UTF-16 units.</summary>
internal sealed class EditedLine
{
    private string _text = "";

    /// <summary>The text; setting it puts the cursor at its end.</summary>
    public string Text
    {
        get => _text;
        set => (_text, Cursor) = (value, value.Length);
    }

    /// <summary>The position of the cursor in the text.</summary>
    public int Cursor { get; private set; }

    public void Insert(string text)
    {
        _text = _text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Does what an editing key says. False when the key edits nothing.</summary>
    public bool Apply(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        var alt = key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        switch (key.Key)
        {
            case ConsoleKey.Backspace when control || alt:
            case ConsoleKey.W when control:
                Remove(WordStart(), Cursor);
                return true;
            case ConsoleKey.Backspace or ConsoleKey.H when key.Key == ConsoleKey.Backspace || control:
                Remove(Previous(), Cursor);
                return true;
            case ConsoleKey.Delete:
                Remove(Cursor, Next());
                return true;
            case ConsoleKey.D when control && _text.Length > 0:
                Remove(Cursor, Next());
                return true;
            case ConsoleKey.U when control:
                Remove(LineStart(), Cursor);
                return true;
            case ConsoleKey.K when control:
                Remove(Cursor, LineEnd());
                return true;
            default:
                return Move(key.Key, control, alt) || Type(key, control, alt);
        }
    }

    /// <summary>Takes away so many characters before the cursor.</summary>
    public void RemoveBefore(int length) => Remove(Math.Max(0, Cursor - length), Cursor);

    /// <summary>Moves to the line above or below, to the same place in it. False when there is none.</summary>
    public bool MoveLine(int by)
    {
        var (start, offset) = (LineStart(), Cursor - LineStart());
        if (by < 0 ? start == 0 : LineEnd() == _text.Length)
        {
            return false;
        }

        Cursor = by < 0 ? start - 1 : LineEnd() + 1;
        Cursor = Math.Min(LineStart() + offset, LineEnd());
        return true;
    }

    private bool Move(ConsoleKey key, bool control, bool alt)
    {
        int? to = key switch
        {
            ConsoleKey.LeftArrow when control || alt => WordStart(),
            ConsoleKey.RightArrow when control || alt => WordEnd(),
            ConsoleKey.B when alt => WordStart(),
            ConsoleKey.F when alt => WordEnd(),
            ConsoleKey.LeftArrow => Previous(),
            ConsoleKey.RightArrow => Next(),
            ConsoleKey.B when control => Previous(),
            ConsoleKey.F when control => Next(),
            ConsoleKey.Home => LineStart(),
            ConsoleKey.A when control => LineStart(),
            ConsoleKey.End => LineEnd(),
            ConsoleKey.E when control => LineEnd(),
            _ => null,
        };
        Cursor = to ?? Cursor;
        return to is not null;
    }

    private bool Type(ConsoleKeyInfo key, bool control, bool alt)
    {
        if (key.Key is ConsoleKey.Tab)
        {
            Insert("    ");
            return true;
        }

        if (char.IsControl(key.KeyChar) || (control && !alt))
        {
            return false;
        }

        Insert(key.KeyChar.ToString());
        return true;
    }

    private void Remove(int from, int to)
    {
        _text = _text.Remove(from, to - from);
        Cursor = from;
    }

    private int Previous()
    {
        var boundaries = System.Globalization.StringInfo.ParseCombiningCharacters(_text);
        return boundaries.LastOrDefault(at => at < Cursor, 0);
    }

    private int Next()
    {
        var boundaries = System.Globalization.StringInfo.ParseCombiningCharacters(_text);
        return boundaries.FirstOrDefault(at => at > Cursor, _text.Length);
    }

    private int LineStart() => Cursor == 0 ? 0 : _text.LastIndexOf('\n', Cursor - 1) + 1;

    private int LineEnd() => _text.IndexOf('\n', Cursor) is >= 0 and var end ? end : _text.Length;

    private int WordStart()
    {
        var at = Cursor;
        while (at > 0 && char.IsWhiteSpace(_text[at - 1]))
        {
            at--;
        }

        while (at > 0 && !char.IsWhiteSpace(_text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int WordEnd()
    {
        var at = Cursor;
        while (at < _text.Length && char.IsWhiteSpace(_text[at]))
        {
            at++;
        }

        while (at < _text.Length && !char.IsWhiteSpace(_text[at]))
        {
            at++;
        }

        return at;
    }
}
