using System.Globalization;
using System.Text;

namespace Bridle.Cli.Terminals;

/// <summary>How many columns text takes on a terminal.</summary>
internal static class TextWidth
{
    public static int Of(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control)
        {
            return 0;
        }

        var wide = rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF)
            or (>= 0x1F900 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
        return wide ? 2 : 1;
    }

    /// <summary>Row and column of the cursor after the text was written from the given column on a terminal of the given width.</summary>
    public static (int Row, int Column) After(string text, int column, int width)
    {
        var row = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                (row, column) = (row + 1, 0);
                continue;
            }

            var taken = Of(rune);
            if (column + taken > width)
            {
                (row, column) = (row + 1, 0);
            }

            column += taken;
        }

        return column >= width ? (row + 1, 0) : (row, column);
    }
}
