using System.Globalization;
using Bridle.Cli.Terminals.Screens;

namespace Bridle.Cli.Terminals.Editing;

/// <summary>A message being written, as lines of a screen with a cursor in them.</summary>
internal static class EditorLines
{
    private const int WidestIndent = 4;

    /// <summary>The lines for a width; of a long message only those around the cursor.</summary>
    public static LiveRegion Of(MessageEditor editor, string prompt, int width, int mostRows, Styling style)
    {
        if (editor.Search is { } search)
        {
            var sought = $"search: {VisibleText.Line(search.Query, width / 2)}";
            var found = search.Match is { } match ? VisibleText.Line(match, Math.Max(10, width - 4)) : search.Query.Length > 0 ? "(nothing found)" : "(type a piece of an earlier message)";
            return new([style.Dim(prompt) + found, style.Cyan(sought) + style.Dim("  Ctrl+R older, Enter takes it, Esc leaves")], (1, TextWidth.Of(sought)));
        }

        var (rows, cursor) = Layout(VisibleText.Of(editor.Text[..editor.Cursor]), VisibleText.Of(editor.Text[editor.Cursor..]), prompt, width);
        var first = Math.Clamp(cursor.Row - (mostRows / 2), 0, Math.Max(0, rows.Count - mostRows));
        var shown = rows.Skip(first).Take(mostRows).ToList();
        if (first == 0)
        {
            shown[0] = style.Bold(prompt) + shown[0][prompt.Length..];
        }

        var lines = editor.Picker is { } picker ? shown.Concat(picker.Lines(width, style)) : shown;
        return new([.. lines], (cursor.Row - first, cursor.Column));
    }

    private static (List<string> Rows, (int Row, int Column) Cursor) Layout(string before, string after, string prompt, int width)
    {
        var indent = new string(' ', TextWidth.Of(prompt) is <= WidestIndent and var columns ? columns : 0);
        var rows = new List<string> { prompt };
        var column = TextWidth.Of(prompt);
        Add(rows, before, indent, width, ref column);
        if (column >= width)
        {
            rows.Add(indent);
            column = indent.Length;
        }

        var cursor = (rows.Count - 1, column);
        Add(rows, after, indent, width, ref column);
        return (rows, cursor);
    }

    private static void Add(List<string> rows, string text, string indent, int width, ref int column)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text.AsSpan(at));
            var character = text.Substring(at, length).Replace("\t", "    ", StringComparison.Ordinal);
            at += length;
            var taken = character == "\n" ? 0 : TextWidth.Of(character);
            if (character == "\n" || column + taken > width)
            {
                rows.Add(indent);
                column = indent.Length;
            }

            if (character != "\n")
            {
                rows[^1] += character;
                column += taken;
            }
        }
    }
}
