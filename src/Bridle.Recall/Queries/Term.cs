using System.Globalization;
using System.Text;
using Bridle.Recall.Texts;

namespace Bridle.Recall.Queries;

/// <summary>One thing to look for, folded as texts are.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="IsPrefix">Words that begin with it count as well.</param>
/// <param name="IsQuoted">It was written in quotes.</param>
internal sealed record Term(string Text, bool IsPrefix = false, bool IsQuoted = false)
{
    /// <summary>The shortest text that trigrams find.</summary>
    public const int Trigram = 3;

    private const string OfSentences = ",.;:!?'()-";

    /// <summary>Whether it has characters of words at all.</summary>
    public bool HasWords { get; } = Text.EnumerateRunes().Any(IsOfWord);

    /// <summary>Whether characters count that are of no word, as in C++, 50% or Parser.cs: then a text must have it just so. In quotes those of ordinary sentences do not count.</summary>
    public bool IsLiteral { get; } = Text.EnumerateRunes().Any(rune => !IsOfWord(rune) && !Rune.IsWhiteSpace(rune) && !(IsQuoted && rune.IsAscii && OfSentences.Contains((char)rune.Value)));

    /// <summary>Whether runs without spaces meet other letters in it. The index has both as words beside each other, and does not know whether a space was between them.</summary>
    public bool IsMixed { get; } = Text.Any(CjkRuns.IsOne) && Text.EnumerateRunes().Any(rune => IsOfWord(rune) && !(rune.IsBmp && CjkRuns.IsOne((char)rune.Value)));

    /// <summary>Whether the index alone cannot say that a text has it.</summary>
    public bool NeedsLook => IsLiteral || IsMixed || !HasWords;

    /// <summary>How many characters it has.</summary>
    public int Length { get; } = Text.EnumerateRunes().Count();

    /// <summary>What full text search is asked for words; only where there are words.</summary>
    public string Words => Quoted(CjkRuns.Split(Text, isQuery: true).Trim()) + (IsPrefix || EndsAlone ? " *" : "");

    // One character of a run: pairs begin with it.
    private bool EndsAlone => CjkRuns.IsOne(Text[^1]) && (Text.Length is 1 || !CjkRuns.IsOne(Text[^2]));

    /// <summary>
    /// What full text search is asked for trigrams: few of them, from all over it, because each has very many messages to go through and the text is looked at afterwards. Null for what is too short.
    /// </summary>
    /// <param name="most">How many at most.</param>
    public string? Grams(int most)
    {
        var runes = Text.EnumerateRunes().ToList();
        var last = runes.Count - Trigram;
        var count = Math.Min(last + 1, most);
        return last < 0 ? null : string.Join(" AND ",
            Enumerable.Range(0, count).Select(i => count is 1 ? 0 : i * last / (count - 1)).Select(at => Quoted(string.Concat(runes.Skip(at).Take(Trigram)))).Distinct());
    }

    /// <summary>Whether a folded text has it.</summary>
    public bool IsIn(string folded) => folded.Contains(Text, StringComparison.Ordinal);

    /// <summary>Whether a folded text has it in the way that is meant: signs as they stand, words as words, the words of what is quoted.</summary>
    public bool IsMeantIn(string folded) =>
        IsLiteral || !HasWords ? IsIn(folded)
        : IsWordOf(folded) || (IsQuoted && Text.Split([' ', .. OfSentences], StringSplitOptions.RemoveEmptyEntries).All(word => new Term(word).IsWordOf(folded)));

    /// <summary>Whether a folded text has it where a word begins and, unless it is the beginning of a word, where one ends.</summary>
    public bool IsWordOf(string folded)
    {
        for (var at = folded.IndexOf(Text, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(Text, at + 1, StringComparison.Ordinal))
        {
            if (IsWordAt(folded, at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same of one place. Characters of scripts without spaces begin and end anywhere.</summary>
    public bool IsWordAt(string folded, int at)
    {
        var end = at + Text.Length;
        return (at is 0 || IsBorder(folded[at - 1], Text[0])) && (IsPrefix || end >= folded.Length || IsBorder(folded[end], Text[^1]));
    }

    /// <summary>Whether full text search takes a character as part of a word.</summary>
    public static bool IsOfWord(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or <= UnicodeCategory.NonSpacingMark or (>= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber);

    private static bool IsBorder(char outside, char inside) => !IsOfWord(outside) || !IsOfWord(inside) || CjkRuns.IsOne(outside) || CjkRuns.IsOne(inside);

    private static bool IsOfWord(char letter) => !Rune.TryCreate(letter, out var rune) || IsOfWord(rune);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
