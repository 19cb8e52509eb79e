using System.Text;

namespace Bridle.Cli.Terminals;

/// <summary>Breaks the program's own sentences between words, where a terminal would break them anywhere.</summary>
internal static class WordWrap
{
    /// <summary>
    /// The text with no line wider than <paramref name="width"/>, unless a single word is. Lines that follow on are indented like the line they belong to,
    /// or by <paramref name="hang"/> columns. Colours take no room.
    /// </summary>
    public static string Of(string text, int width, int? hang = null) =>
        text.Length < width / 2 ? text : string.Join('\n', text.Split('\n').Select(line => Line(line, width, hang)));

    private static string Line(string line, int width, int? hang)
    {
        var indent = new string(' ', Math.Min(hang ?? line.Length - line.TrimStart(' ').Length, width / 2));
        var wrapped = new StringBuilder();
        var (column, gap, at) = (0, 0, 0);
        while (at < line.Length)
        {
            var spaces = Run(line, at, ' ');
            var word = Word(line, at + spaces);
            var taken = Columns(word);
            if (wrapped.Length > 0 && gap > 0 && column + spaces + taken > width && taken > 0)
            {
                wrapped.Append('\n').Append(indent);
                column = indent.Length;
            }
            else
            {
                wrapped.Append(' ', spaces);
                column += spaces;
            }

            wrapped.Append(word);
            (column, gap, at) = (column + taken, gap + taken, at + spaces + word.Length);
        }

        return wrapped.ToString();
    }

    private static int Run(string line, int at, char what)
    {
        var end = at;
        while (end < line.Length && line[end] == what)
        {
            end++;
        }

        return end - at;
    }

    private static string Word(string line, int at) => line[at..(line.IndexOf(' ', at) is >= 0 and var end ? end : line.Length)];

    private static int Columns(string word)
    {
        var columns = 0;
        for (var at = 0; at < word.Length;)
        {
            if (word[at] == '\x1b' && word.IndexOf('m', at) is > 0 and var end)
            {
                at = end + 1;
                continue;
            }

            Rune.DecodeFromUtf16(word.AsSpan(at), out var rune, out var taken);
            columns += TextWidth.Of(rune);
            at += taken;
        }

        return columns;
    }
}
