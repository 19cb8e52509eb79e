using System.Buffers;

namespace Bridle.Recall.Texts;

/// <summary>Text as it is compared: lower case and without the marks on Latin letters. One character stays one character, so that a place in one is the same place in the other.</summary>
internal static class Folding
{
    // Most of most texts.
    private static readonly SearchValues<char> Folded = SearchValues.Create(Array.ConvertAll([.. Enumerable.Range(0, '\u00c0').Where(code => code is < 'A' or > 'Z')], code => (char)code));

    private const char First = '\u00c0';
    private const char FirstMore = '\u1e00';

    // What stands behind each letter of the blocks that begin there; a dot where a letter is more than a marked one (þ, ß, æ …).
    private const string Bases =
        "aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkk.llllll."
        + ".llnnnnnn...oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzz.";

    private const string MoreBases =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
        + "wwwwwwwwwwxxxxyyzzzzzzhtwy......aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

    /// <summary>The folded form of a character.</summary>
    public static char Of(char letter)
    {
        if (letter < First)
        {
            return letter is >= 'A' and <= 'Z' ? (char)(letter | 0x20) : letter;
        }

        var plain = letter - First < Bases.Length ? Bases[letter - First] : letter >= FirstMore && letter - FirstMore < MoreBases.Length ? MoreBases[letter - FirstMore] : '.';
        return plain is '.' ? char.ToLowerInvariant(letter) : plain;
    }

    /// <summary>The folded form of a text; the same instance when it is folded already.</summary>
    public static string Of(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyExcept(Folded); i >= 0 && i < text.Length; i++)
        {
            if (Of(text[i]) != text[i])
            {
                return string.Create(text.Length, text, static (into, from) =>
                {
                    for (var i = 0; i < into.Length; i++)
                    {
                        into[i] = Of(from[i]);
                    }
                });
            }
        }

        return text;
    }
}
