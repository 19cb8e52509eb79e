using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bridle.Permissions;

namespace Bridle.Cli.Terminals;

/// <summary>
/// Text from models, tools and files made safe for a terminal: nothing in it can move the cursor, set the title, hide or reorder other text.
/// What would is shown instead, so that a person sees that it is there.
/// </summary>
internal static partial class VisibleText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        Array.ConvertAll([.. Enumerable.Range(0, 0x7F).Where(code => code is '\n' or '\t' || !char.IsControl((char)code))], code => (char)code));

    /// <summary>For running text: newlines and tabs stay, so do the joiners that scripts and emoji need.</summary>
    public static string Of(string text) => Show(text, everything: false);

    /// <summary>For what a person is asked to approve: every invisible character is shown.</summary>
    public static string Exactly(string text) => Show(text, everything: true);

    /// <summary>For a line of the program's own, which may have colours: these stay, and every other sequence in it came from elsewhere.</summary>
    public static string Styled(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var (shown, from) = (new StringBuilder(text.Length + 16), 0);
        foreach (var style in Style().EnumerateMatches(text))
        {
            shown.Append(Of(text[from..style.Index])).Append(text.AsSpan(style.Index, style.Length));
            from = style.Index + style.Length;
        }

        return shown.Append(Of(text[from..])).ToString();
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Style();

    /// <summary>The whole of it as one line, with a mark for each end of a line: what stands behind one is not to be taken for a line of the program's own.</summary>
    public static string OnOneLine(string text) => Exactly(text.ReplaceLineEndings("\n")).Replace("\n", "␤", StringComparison.Ordinal).Replace('\t', ' ');

    /// <summary>One line of at most the given number of characters; a longer text ends in an ellipsis.</summary>
    public static string Line(string text, int most)
    {
        var line = Of(text.ReplaceLineEndings(" ").Replace('\t', ' ')).Trim();
        return line.Length <= most ? line : string.Concat(line.AsSpan(0, CutAt(line, Math.Max(1, most - 1))), "…");
    }

    private static string Show(string text, bool everything)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        var foreign = everything ? MixedIn(text) : [];
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            Append(shown, rune, everything, foreign.Contains(at));
            at += rune.Utf16SequenceLength;
        }

        return shown.ToString();
    }

    private static void Append(StringBuilder shown, Rune rune, bool everything, bool foreign)
    {
        var hidden = rune.Value switch
        {
            '\n' or '\t' => false,
            < 0x20 or 0x7F or (>= 0x80 and < 0xA0) => true,
            _ => foreign || (everything ? HiddenCharacters.Has(rune) : HiddenCharacters.IsNeverText(rune)),
        };
        if (!hidden)
        {
            shown.Append(rune.ToString());
        }
        else if (rune.Value < 0x20)
        {
            shown.Append((char)(0x2400 + rune.Value));
        }
        else
        {
            shown.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
        }
    }

    // Where letters stand that are taken for the Latin ones of the same word.
    private static HashSet<int> MixedIn(string text)
    {
        var (mixed, word, latin, at) = (new HashSet<int>(), new List<int>(), false, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune))
            {
                Close();
            }
            else if (HiddenCharacters.LooksLatin(rune))
            {
                word.Add(at);
            }
            else
            {
                latin |= rune.IsAscii;
            }

            at += rune.Utf16SequenceLength;
        }

        Close();
        return mixed;

        void Close()
        {
            if (latin)
            {
                mixed.UnionWith(word);
            }

            latin = false;
            word.Clear();
        }
    }

    private static int CutAt(string text, int length) => char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
}
