using System.Text;
using Bridle.Cli.Terminals;

namespace Bridle.Cli.Output;

/// <summary>A plain table: columns as wide as their widest cell, the last one cut at the terminal's width; nothing is cut when nobody reads it on a terminal.</summary>
internal static class Columns
{
    public static void Write(CommandIo io, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var shown = rows.Prepend(heads).Select(row => row.Select(cell => VisibleText.Line(cell, 10_000)).ToList()).ToList();
        var widths = heads.Select((_, column) => shown.Max(row => row[column].Length)).ToList();
        var text = new StringBuilder();
        foreach (var row in shown)
        {
            var line = string.Join("  ", row.Select((cell, column) => column == row.Count - 1 ? cell : cell.PadRight(widths[column]))).TrimEnd();
            text.AppendLine(io.OutIsTerminal ? VisibleText.Line(line, Math.Max(40, io.Width() - 1)) : line);
        }

        // At once: each line by itself would be a write to the system.
        io.Out.Write(text.ToString());
    }
}
