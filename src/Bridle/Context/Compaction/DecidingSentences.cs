using System.Text.RegularExpressions;

namespace Bridle.Context.Compaction;

/// <summary>The sentences of a text that decide something, as far as their words tell: a choice and its reason mostly stand in one sentence, and nowhere else.</summary>
internal static partial class DecidingSentences
{
    private const int MostLength = 300;

    // What is longer than this is a file or a listing that the model repeats, not what it thinks.
    private const int MostRead = 20_000;

    /// <summary>Them in their order, each in one line.</summary>
    public static IEnumerable<string> In(string text) =>
        Ends().Split(text.Length <= MostRead ? text : text[..MostRead]).Select(sentence => string.Join(' ', sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimStart('-', '*', '#', '>', ' '))
            .Where(sentence => sentence.Length > 10 && Words().IsMatch(sentence)).Select(Short);

    private static string Short(string sentence) => sentence.Length <= MostLength ? sentence : $"{sentence[..(char.IsHighSurrogate(sentence[MostLength - 2]) ? MostLength - 2 : MostLength - 1)]}…";

    // A full stop inside of a name or a number ends nothing.
    [GeneratedRegex(@"(?<=[.!?])\s+|(?<=[。！？])|\n+", RegexOptions.CultureInvariant)]
    private static partial Regex Ends();

    [GeneratedRegex(
        @"\b(decid(e|es|ed|ing)|decisions?|choos(e|es|ing)|chosen?|chose|opt(ed|ing)? for|settl(e|ed|ing) (on|for)|agreed (on|to|that)|(go|going|went|stick|sticking) with|(instead|rather) (of|than)|(i|we)( will|'ll| won't| shall| am going to|'m going to) (not |never |always )?(use(?! (the )?(read|grep|glob|bash|edit|write|ls|git)\b)|keep|leave|avoid|drop|replace)|must (not|never)|entsch(eid|ied)\w*|décid\w+|decid(o|í|imos|ido)\b)|决定|決定|選択|решил",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
