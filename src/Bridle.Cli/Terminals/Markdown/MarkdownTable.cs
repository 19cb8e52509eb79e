using Bridle.Cli.Terminals.Screens;

namespace Bridle.Cli.Terminals.Markdown;

/// <summary>The rows of a table with its columns made even. One that is wider than the terminal stays as it was written: nothing of it is cut off.</summary>
internal static class MarkdownTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<string> rows, int width, Styling style)
    {
        if (rows.Count < 2 || !IsRuler(rows[1]))
        {
            return rows.SelectMany(row => StyledText.Wrap(row, width, 2, breakWords: false));
        }

        var cells = rows.Select(row => Cells(row).Select(cell => InlineMarks.Of(cell, style)).ToList()).ToList();
        var count = cells.Max(row => row.Count);
        var widths = Enumerable.Range(0, count).Select(column => cells.Where((_, row) => row != 1).Max(row => column < row.Count ? StyledText.Width(row[column]) : 0)).ToList();
        if (widths.Sum() + (3 * count) + 1 > width)
        {
            return rows.SelectMany(row => StyledText.Wrap(row, width, 2, breakWords: false));
        }

        return cells.Select((row, index) => index == 1
            ? style.Dim($"|{string.Join('|', widths.Select(columns => new string('-', columns + 2)))}|")
            : $"{style.Dim("|")} {string.Join($" {style.Dim("|")} ", widths.Select((columns, column) => Padded(column < row.Count ? row[column] : "", columns, index == 0, style)))} {style.Dim("|")}");
    }

    private static string Padded(string cell, int columns, bool isHead, Styling style) =>
        (isHead ? style.Bold(cell) : cell) + new string(' ', columns - StyledText.Width(cell));

    private static bool IsRuler(string row) => row.Contains('-', StringComparison.Ordinal) && row.All(character => character is '|' or '-' or ':' or ' ');

    private static List<string> Cells(string row)
    {
        var (cells, from, code) = (new List<string>(), 1, false);
        var text = row.Trim();
        for (var at = 1; at < text.Length; at++)
        {
            code ^= text[at] == '`';
            if (text[at] == '|' && text[at - 1] != '\\' && !code)
            {
                cells.Add(text[from..at].Trim());
                from = at + 1;
            }
        }

        return cells;
    }
}
