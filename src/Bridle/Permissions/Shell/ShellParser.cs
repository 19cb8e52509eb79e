using System.Globalization;

namespace Bridle.Permissions.Shell;

/// <summary>Makes the tree of a shell text: the one parser for everything that permission asks about commands.</summary>
internal static class ShellParser
{
    /// <summary>What is longer is read for deny rules and asked.</summary>
    public const int MaxLength = 10_000;

    /// <summary>The problem of a text that runs nothing.</summary>
    public const string Empty = "it is empty";

    /// <summary>Reads a text as bash does. Never throws; where it cannot follow, the tree holds what came before and says why.</summary>
    public static ShellScript Parse(string text) => Parse(text, 0);

    /// <summary>Reads a text that stands in another one so many levels deep.</summary>
    public static ShellScript Parse(string text, int depth)
    {
        var end = text.IndexOf('\0');
        var reading = new Reading(text, 0, end < 0 ? text.Length : end, depth);
        var body = reading.Commands.ReadAll();
        var problem = text.Length > MaxLength ? $"it is longer than {MaxLength:N0} characters" : HiddenIn(text) ?? reading.Problem;
        return new ShellScript(text, body, problem ?? (body.Items.Count == 0 ? Empty : null));
    }

    /// <summary>What in the text a person would not see as it is, or null.</summary>
    public static string? HiddenIn(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= ' ' and < '\x7f' or '\n' or '\t')
            {
                continue;
            }

            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                if (IsHidden(CharUnicodeInfo.GetUnicodeCategory(text, i), char.ConvertToUtf32(text, i)))
                {
                    return "it holds invisible characters";
                }

                i++;
            }
            else if (char.IsControl(text[i]))
            {
                return "it holds control characters";
            }
            else if (char.IsSurrogate(text[i]) || IsHidden(CharUnicodeInfo.GetUnicodeCategory(text[i]), text[i]))
            {
                return "it holds invisible characters";
            }
        }

        return null;
    }

    // Beside the categories: fillers and joiners that Unicode counts as letters or marks but that show nothing.
    private static bool IsHidden(UnicodeCategory category, int rune) =>
        category is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate
        || rune is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 or 0xFFFD or 0x2800 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);
}
