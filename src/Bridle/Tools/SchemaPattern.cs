using System.Text;
using System.Text.RegularExpressions;

namespace Bridle.Tools;

/// <summary>Patterns of a schema, which are written in the language of ECMAScript and may be hostile.</summary>
internal static class SchemaPattern
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Whether the pattern is found in the text.</summary>
    public static bool Matches(string pattern, string text)
    {
        var translated = Translate(pattern);
        try
        {
            return Compile(translated).IsMatch(text);
        }
        catch (ArgumentException)
        {
            throw new SchemaLimitException($"The schema's pattern '{pattern}' cannot be used.");
        }
        catch (RegexMatchTimeoutException)
        {
            throw new SchemaLimitException($"The schema's pattern '{pattern}' takes too long.");
        }
    }

    private static Regex Compile(string pattern)
    {
        try
        {
            // Takes time in proportion to the text, so that a busy machine needs no clock to be safe from it.
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, s_patience);
        }
    }

    /// <summary>Where the two languages share a spelling and not a meaning: <c>\d</c> and <c>\w</c> are ASCII there, and <c>$</c> is the very end.</summary>
    private static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 8);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var letter = pattern[i];
            if (letter == '\\' && i + 1 < pattern.Length)
            {
                text.Append((pattern[++i], inClass) switch
                {
                    ('d', true) => "0-9",
                    ('d', false) => "[0-9]",
                    ('D', false) => "[^0-9]",
                    ('w', true) => "a-zA-Z0-9_",
                    ('w', false) => "[a-zA-Z0-9_]",
                    ('W', false) => "[^a-zA-Z0-9_]",
                    ('/', _) => "/",
                    var (other, _) => $"\\{other}",
                });
                continue;
            }

            inClass = inClass ? letter != ']' : letter == '[';
            text.Append(letter == '$' && !inClass ? "\\z" : letter.ToString());
        }

        return text.ToString();
    }
}
