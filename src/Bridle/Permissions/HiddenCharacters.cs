using System.Globalization;
using System.Text;

namespace Bridle.Permissions;

/// <summary>Characters that a person does not see as what they are. Where somebody decides about a text, what the parser takes for hidden and what is marked on the screen must be the same.</summary>
public static class HiddenCharacters
{
    /// <summary>Whether it shows nothing, or a space that is none. The plain space, tab and newline are not hidden; a lone half of a pair is not asked about here.</summary>
    public static bool Has(Rune rune) => rune.Value is not (' ' or '\n' or '\t')
        && (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate
        || IsFiller(rune.Value) || rune.Value is 0x034F or 0x17B4 or 0x17B5 or 0xFFFD or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF));

    /// <summary>Whether running text has no use for it either, such as a space of no width: unlike joiners of scripts and emoji, soft hyphens and the icons of fonts.</summary>
    public static bool IsNeverText(Rune rune) =>
        IsFiller(rune.Value) || rune.Value is 0x180E or 0x200B or 0x200E or 0x200F or 0x061C or 0x2028 or 0x2029 or 0xFEFF or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or (>= 0xFFF9 and <= 0xFFFB) or (>= 0xE0000 and <= 0xE007F);

    /// <summary>
    /// Whether it is a letter of a script whose letters look like Latin ones (Greek, Coptic, Cyrillic, Armenian, Cherokee, and the wide and mathematical forms). One inside a word
    /// with Latin letters is there to be taken for one.
    /// </summary>
    public static bool LooksLatin(Rune rune) => Rune.IsLetter(rune)
        && rune.Value is (>= 0x0370 and <= 0x058F) or (>= 0x13A0 and <= 0x13FF) or (>= 0x1C80 and <= 0x1C8F) or (>= 0x1F00 and <= 0x1FFF) or (>= 0x2C80 and <= 0x2CFF)
            or (>= 0x2DE0 and <= 0x2DFF) or (>= 0xA640 and <= 0xA69F) or (>= 0xAB70 and <= 0xABBF) or (>= 0xFF21 and <= 0xFF5A) or (>= 0x1D400 and <= 0x1D7FF);

    // Letters and marks by their category that show nothing.
    private static bool IsFiller(int rune) => rune is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800;
}
