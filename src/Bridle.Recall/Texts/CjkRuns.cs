using System.Text;

namespace Bridle.Recall.Texts;

/// <summary>
/// Chinese, Japanese and Korean have no spaces to tell words apart, so runs of their characters are indexed as pairs of neighbours (支付服务 as 支付 付服 服务) and, for the last one,
/// by itself: then two characters are found wherever they stand together, and one is found as the beginning of a pair.
/// </summary>
internal static class CjkRuns
{
    /// <summary>Whether a text has any such character.</summary>
    public static bool AreIn(ReadOnlySpan<char> text)
    {
        // None of them stands before the first jamo.
        var first = text.IndexOfAnyInRange('\u1100', '\uffff');
        foreach (var letter in first < 0 ? [] : text[first..])
        {
            if (IsOne(letter))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text with pairs in place of runs; the same instance when it has none.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="isQuery">A run at the end of what is looked for may go on in what is found, so that its last character is left out.</param>
    public static string Split(string text, bool isQuery = false)
    {
        if (!AreIn(text))
        {
            return text;
        }

        var split = new StringBuilder(text.Length * 3);
        for (var at = 0; at < text.Length;)
        {
            if (!IsOne(text[at]))
            {
                split.Append(text[at++]);
                continue;
            }

            var run = at;
            while (at < text.Length && IsOne(text[at]))
            {
                at++;
            }

            Add(split, text.AsSpan(run, at - run), withLast: !isQuery || at < text.Length || at - run is 1);
        }

        return split.ToString();
    }

    /// <summary>Han, kana and hangul of the first plane. The rare Han characters beyond it are found by trigrams and as whole runs.</summary>
    public static bool IsOne(char letter) => letter >= 0x1100 && letter is
        (>= '\u3400' and <= '\u4dbf') or (>= '\u4e00' and <= '\u9fff') or (>= '\u3041' and <= '\u30ff') or (>= '\uac00' and <= '\ud7a3')
        or (>= '\uf900' and <= '\ufaff') or (>= '\u1100' and <= '\u11ff') or (>= '\u31f0' and <= '\u31ff') or (>= '\uff66' and <= '\uff9f');

    private static void Add(StringBuilder split, ReadOnlySpan<char> run, bool withLast)
    {
        split.Append(' ');
        for (var i = 0; i < run.Length - 1; i++)
        {
            split.Append(run[i]).Append(run[i + 1]).Append(' ');
        }

        if (withLast)
        {
            split.Append(run[^1]).Append(' ');
        }
    }
}
