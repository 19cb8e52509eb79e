namespace Bridle.Messages;

/// <summary>
/// About how many tokens a text takes, for any model: four characters of ASCII are one, a character of Chinese, Japanese or Korean is one, two of other scripts are one. What a vendor counts
/// corrects it where there is a count (see <c>ContextAssembler</c>); before that it is all that limits and the fill of the window have. Everything that counts tokens of a text counts so.
/// </summary>
public static class TokenEstimate
{
    /// <summary>Of how many quarters a token is made.</summary>
    public const int Quarters = 4;

    /// <summary>The tokens of a text, rounded up.</summary>
    public static int Of(ReadOnlySpan<char> text) => (int)Math.Min((QuartersOf(text) + Quarters - 1) / Quarters, int.MaxValue);

    /// <summary>The tokens of a text in quarters, so that those of many short texts can be added: one for a character of ASCII.</summary>
    public static long QuartersOf(ReadOnlySpan<char> text)
    {
        // Plain text goes by in strides of a vector; only what is not ASCII is looked at letter by letter.
        long quarters = text.Length;
        for (var at = text.IndexOfAnyExceptInRange('\0', '\x7f'); at >= 0; at = text.IndexOfAnyExceptInRange('\0', '\x7f'))
        {
            for (; at < text.Length && !char.IsAscii(text[at]); at++)
            {
                quarters += OfLetter(text[at]) - 1;
            }

            text = text[at..];
        }

        return quarters;
    }

    /// <summary>The same of a text in valid UTF-8.</summary>
    public static long QuartersOfUtf8(ReadOnlySpan<byte> text)
    {
        var quarters = 0L;
        while (text.IndexOfAnyExceptInRange((byte)0, (byte)0x7f) is >= 0 and var at)
        {
            quarters += at;
            text = text[at..];
            var length = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
            if (text.Length < length)
            {
                return quarters + text.Length;
            }

            quarters += length switch { 2 => 2, 3 => OfLetter((char)(((text[0] & 0xf) << 12) | ((text[1] & 0x3f) << 6) | (text[2] & 0x3f))), _ => 2 * Quarters };
            text = text[length..];
        }

        return quarters + text.Length;
    }

    /// <summary>How many characters from the beginning fit into so many quarters; never half of a surrogate pair.</summary>
    public static int Fitting(ReadOnlySpan<char> text, long quarters)
    {
        // Nothing takes more than four quarters a character, nothing less than one.
        if (text.Length <= quarters / Quarters)
        {
            return text.Length;
        }

        var at = 0;
        for (; at < text.Length; at++)
        {
            quarters -= char.IsAscii(text[at]) ? 1 : OfLetter(text[at]);
            if (quarters < 0)
            {
                break;
            }
        }

        return at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
    }

    // Ideographs, kana, hangul, their punctuation and full-width forms; of what stands beyond the first plane a pair takes two tokens.
    private static int OfLetter(char letter) => letter switch
    {
        < '\u1100' => 2,
        <= '\u11ff' => Quarters,
        < '\u2e80' => 2,
        <= '\ua4cf' => Quarters,
        >= '\ua960' and <= '\ua97f' => Quarters,
        >= '\uac00' and <= '\udfff' => Quarters,
        >= '\uf900' and <= '\ufaff' => Quarters,
        >= '\ufe30' and <= '\ufe4f' => Quarters,
        >= '\uff00' and <= '\uffef' => Quarters,
        _ => 2,
    };
}
