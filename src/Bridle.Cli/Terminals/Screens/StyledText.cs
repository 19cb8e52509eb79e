using System.Globalization;
using System.Text;

namespace Bridle.Cli.Terminals.Screens;

/// <summary>Text with colours in it (and no other sequences): measured, cut and broken by columns, so that each line stands by itself.</summary>
internal static class StyledText
{
    private const string Reset = "\x1b[0m";

    /// <summary>The columns that a line takes.</summary>
    public static int Width(string line)
    {
        var columns = 0;
        for (var at = 0; at < line.Length;)
        {
            var length = Next(line, at, out var isStyle);
            columns += isStyle ? 0 : TextWidth.OfCharacter(line.AsSpan(at, length));
            at += length;
        }

        return columns;
    }

    /// <summary>The line, or its beginning and an ellipsis where it takes more columns.</summary>
    public static string Cut(string line, int columns)
    {
        if (line.Length * 2 <= columns || Width(line) <= columns)
        {
            return line;
        }

        var (cut, taken, styled) = (new StringBuilder(), 0, false);
        for (var at = 0; at < line.Length;)
        {
            var length = Next(line, at, out var isStyle);
            var character = line.AsSpan(at, length);
            var width = isStyle ? 0 : TextWidth.OfCharacter(character);
            if (taken + width > columns - 1)
            {
                break;
            }

            (taken, styled, at) = (taken + width, styled || isStyle, at + length);
            cut.Append(character);
        }

        return cut.Append('…').Append(styled ? Reset : "").ToString();
    }

    /// <summary>
    /// Breaks a text into lines of at most <paramref name="width"/> columns, between words where there are any. What follows on is indented by <paramref name="hang"/>.
    /// A word that is wider than a line is broken only when <paramref name="breakWords"/>; else the terminal breaks it, and it can be copied whole.
    /// </summary>
    public static IReadOnlyList<string> Wrap(string text, int width, int hang = 0, bool breakWords = true)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length * 2 <= width || Width(line) <= width)
            {
                lines.Add(line);
            }
            else
            {
                new LineBreaking(Math.Max(2, width), Math.Clamp(hang, 0, Math.Max(0, width / 2)), breakWords, lines).Break(line);
            }
        }

        return lines;
    }

    /// <summary>
    /// The text with nothing in it but characters, newlines and the few colours that this program uses. The last wall before the terminal: what comes from models and
    /// tools has been made visible before.
    /// </summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var (clean, plain) = (new StringBuilder(text.Length), 0);
        for (var at = 0; at < text.Length;)
        {
            var length = text[at] == '\x1b' ? StyleLength(text, at) : 0;
            if (length > 0)
            {
                clean.Append(VisibleText.Of(text[plain..at])).Append(text, at, length);
                plain = at + length;
            }

            at += Math.Max(1, length);
        }

        return clean.Append(VisibleText.Of(text[plain..])).Replace("\t", "    ").ToString();
    }

    /// <summary>The lines of a text, each with the style that is in force in it and none left open at its end.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        var style = "";
        foreach (var line in text.Split('\n'))
        {
            var before = style;
            for (var at = line.IndexOf('\x1b', StringComparison.Ordinal); at >= 0; at = line.IndexOf('\x1b', at + 1))
            {
                var sequence = line.Substring(at, Math.Max(1, StyleLength(line, at)));
                style = sequence == Reset ? "" : style + sequence;
            }

            yield return before + line + (style.Length > 0 ? Reset : "");
        }
    }

    /// <summary>The length of the colour sequence or the character that begins here.</summary>
    internal static int Next(string text, int at, out bool isStyle)
    {
        var style = text[at] == '\x1b' ? StyleLength(text, at) : 0;
        isStyle = style > 0;
        return isStyle ? style : StringInfo.GetNextTextElementLength(text.AsSpan(at));
    }

    // Only what Styling writes; hiding text (8) and blinking (5) are not among it.
    private static int StyleLength(string text, int at)
    {
        if (at + 2 >= text.Length || text[at + 1] != '[')
        {
            return 0;
        }

        var end = at + 2;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == ';'))
        {
            end++;
        }

        return end < text.Length && text[end] == 'm' && Styling.Knows(text.AsSpan(at + 2, end - at - 2)) ? end - at + 1 : 0;
    }

    /// <summary>Breaks one line; the style in force is ended at each break and taken up again after it.</summary>
    private sealed class LineBreaking(int width, int hang, bool breakWords, List<string> lines)
    {
        private readonly StringBuilder _line = new();
        private readonly StringBuilder _word = new();
        private string _style = "";
        private string _wordStyle = "";
        private int _column;
        private int _wordColumns;
        private int _gap;

        public void Break(string line)
        {
            for (var at = 0; at < line.Length;)
            {
                var length = Next(line, at, out var isStyle);
                Take(line.Substring(at, length), isStyle);
                at += length;
            }

            EndWord();
            lines.Add(Closed(_line.ToString()));
        }

        private void Take(string piece, bool isStyle)
        {
            if (isStyle)
            {
                _wordStyle = piece == Reset ? "" : _wordStyle + piece;
                _word.Append(piece);
            }
            else if (piece == " ")
            {
                EndWord();
                _gap++;
            }
            else
            {
                var columns = TextWidth.OfCharacter(piece);
                if (breakWords && _wordColumns + columns > width - hang && _wordColumns > 0)
                {
                    EndWord();
                }

                _word.Append(piece);
                _wordColumns += columns;
            }
        }

        private void EndWord()
        {
            if (_wordColumns == 0)
            {
                // Only a change of style; it takes no room.
                _line.Append(_word);
            }
            else
            {
                if (_column + _gap + _wordColumns > width && _column > (lines.Count == 0 ? 0 : hang))
                {
                    lines.Add(Closed(_line.ToString()));
                    _line.Clear().Append(' ', hang).Append(_style);
                    (_column, _gap) = (hang, 0);
                }

                _line.Append(' ', _gap).Append(_word);
                _column += _gap + _wordColumns;
                _gap = 0;
            }

            _style = _wordStyle;
            _word.Clear();
            _wordColumns = 0;
        }

        private string Closed(string line) => _style.Length > 0 ? line + Reset : line;
    }
}
