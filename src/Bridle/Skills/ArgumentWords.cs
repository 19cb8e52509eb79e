using System.Text;

namespace Bridle.Skills;

/// <summary>Splits arguments as a shell does: at blanks, but not within quotes.</summary>
internal static class ArgumentWords
{
    public static IReadOnlyList<string> Of(string text)
    {
        var (words, word, quote, any) = (new List<string>(), new StringBuilder(), '\0', false);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quote is '\0' && char.IsWhiteSpace(letter))
            {
                if (any)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                any = false;
            }
            else if (quote is not '\0' ? letter == quote : letter is '"' or '\'' && Opens(text, i, any))
            {
                (quote, any) = (quote is '\0' ? letter : '\0', true);
            }
            else if (letter is '\\' && quote is not '\'' && i + 1 < text.Length && text[i + 1] is '"' or '\'' or '\\' or ' ')
            {
                word.Append(text[++i]);
                any = true;
            }
            else
            {
                word.Append(letter);
                any = true;
            }
        }

        return any ? [.. words, word.ToString()] : words;
    }

    // An apostrophe within a word is none of a shell's quotes, and neither is a mark without its other half.
    private static bool Opens(string text, int at, bool inWord) => (text[at] is '"' || !inWord) && text.IndexOf(text[at], at + 1) > 0;
}
