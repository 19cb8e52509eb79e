using System.Text;

namespace Bridle.Cli.Terminals.Markdown;

/// <summary>Colours code line by line; knows from line to line whether it is inside of a comment or a long string. What it does not know it leaves as it is.</summary>
internal sealed class CodeColours(CodeLanguage? language, Styling style)
{
    // What ends the comment or string that the last line began, and whether that is a comment.
    private (string Close, bool IsComment)? _inside;

    /// <summary>The line in colours. The characters are the same.</summary>
    public string Line(string line)
    {
        if (language is null || !style.On)
        {
            return line;
        }

        var (coloured, at) = (new StringBuilder(line.Length + 32), 0);
        while (at < line.Length)
        {
            at = Take(line, at, language, coloured);
        }

        return coloured.ToString();
    }

    private int Take(string line, int at, CodeLanguage known, StringBuilder coloured)
    {
        if (_inside is { } inside)
        {
            var close = line.IndexOf(inside.Close, at, StringComparison.Ordinal);
            var end = close < 0 ? line.Length : close + inside.Close.Length;
            _inside = close < 0 ? inside : null;
            return Put(coloured, line[at..end], inside.IsComment, end);
        }

        if (known.BlockComment is { } block && StartsAt(line, at, block.Open))
        {
            return Begin(line, at, block.Open, (block.Close, true), coloured);
        }

        if (known.LineComments.Any(mark => StartsAt(line, at, mark)))
        {
            return Put(coloured, line[at..], true, line.Length);
        }

        if (known.LongStrings.FirstOrDefault(mark => StartsAt(line, at, mark)) is { } longString)
        {
            return Begin(line, at, longString, (longString, false), coloured);
        }

        if (known.Strings.FirstOrDefault(mark => StartsAt(line, at, mark)) is { } quote)
        {
            var end = StringEnd(line, at + 1, quote[0]);
            return Put(coloured, line[at..end], false, end);
        }

        return Word(line, at, known, coloured);
    }

    private int Begin(string line, int at, string open, (string Close, bool IsComment) inside, StringBuilder coloured)
    {
        var close = line.IndexOf(inside.Close, at + open.Length, StringComparison.Ordinal);
        var end = close < 0 ? line.Length : close + inside.Close.Length;
        _inside = close < 0 ? inside : null;
        return Put(coloured, line[at..end], inside.IsComment, end);
    }

    private int Put(StringBuilder coloured, string text, bool isComment, int end)
    {
        coloured.Append(isComment ? style.Dim(text) : style.Green(text));
        return end;
    }

    private int Word(string line, int at, CodeLanguage known, StringBuilder coloured)
    {
        var end = at;
        while (end < line.Length && (char.IsLetterOrDigit(line[end]) || line[end] == '_'))
        {
            end++;
        }

        if (end == at)
        {
            coloured.Append(line[at]);
            return at + 1;
        }

        var word = line[at..end];
        coloured.Append(known.Words.Contains(word) ? style.Magenta(word) : char.IsAsciiDigit(word[0]) ? style.Cyan(word) : word);
        return end;
    }

    private static bool StartsAt(string line, int at, string mark) => string.CompareOrdinal(line, at, mark, 0, mark.Length) == 0;

    private static int StringEnd(string line, int at, char quote)
    {
        while (at < line.Length && line[at] != quote)
        {
            at += line[at] == '\\' ? 2 : 1;
        }

        return Math.Min(line.Length, at + 1);
    }
}
