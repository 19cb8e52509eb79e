using System.Globalization;
using System.Text;

namespace Bridle.Memory;

/// <summary>Texts by the words in them, so that two can be compared and one be found without a model: runs of letters and digits in lower case, and pairs of characters where a script has no spaces.</summary>
public static class NoteWords
{
    private const int ShortestWord = 2;

    /// <summary>The words of a text, each once. Parts of <c>snake_case</c> and <c>kebab-case</c> count as words.</summary>
    public static HashSet<string> Of(string text) => new(InOrder(text), StringComparer.Ordinal);

    /// <summary>The words of a text as they come.</summary>
    public static IReadOnlyList<string> InOrder(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        Rune? before = null;
        foreach (var letter in text.ToLowerInvariant().EnumerateRunes())
        {
            if (IsUnspaced(letter))
            {
                Take(words, word);
                words.Add(before is { } last ? $"{last}{letter}" : letter.ToString());
                before = letter;
                continue;
            }

            before = null;
            if (Rune.IsLetterOrDigit(letter) || Rune.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark || (word.Length > 0 && letter.Value is '+' or '#'))
            {
                word.Append(letter.ToString());
            }
            else
            {
                Take(words, word);
            }
        }

        Take(words, word);
        return words;
    }

    /// <summary>The share of their words that two texts have in common, 0 to 1.</summary>
    public static double Likeness(IReadOnlySet<string> one, IReadOnlySet<string> other)
    {
        if (one.Count == 0 || other.Count == 0)
        {
            return 0;
        }

        var common = one.Count(other.Contains);
        return common / (double)(one.Count + other.Count - common);
    }

    private static void Take(List<string> words, StringBuilder word)
    {
        if (word.Length >= ShortestWord || (word.Length == 1 && char.IsDigit(word[0])))
        {
            words.Add(word.ToString());
        }

        word.Clear();
    }

    // Han, Hiragana, Katakana, Thai, Lao, Khmer: written without spaces between words.
    private static bool IsUnspaced(Rune letter) =>
        letter.Value is (>= 0x3040 and <= 0x30ff) or (>= 0x3400 and <= 0x9fff) or (>= 0xf900 and <= 0xfaff) or (>= 0x20000 and <= 0x3ffff) or (>= 0x0e00 and <= 0x0eff) or (>= 0x1780 and <= 0x17ff)
        && Rune.IsLetterOrDigit(letter);
}
