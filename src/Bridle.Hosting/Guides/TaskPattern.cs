using System.Text.RegularExpressions;

namespace Bridle.Hosting.Guides;

/// <summary>
/// Words that a task may have: whole words in any case, <c>*</c> for any letters of a word, whatever space between them. Where words are written without spaces, as in Chinese,
/// they are found anywhere. The time to look grows with the task and not faster.
/// </summary>
internal static class TaskPattern
{
    // From here on scripts are written without spaces between words.
    private const char FirstOfEastAsia = '\u2e80';

    public static Regex Of(string words)
    {
        var parts = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => Regex.Escape(word).Replace("\\*", "\\w*", StringComparison.Ordinal));
        var trimmed = words.Trim();
        return new($"{Edge(trimmed[0])}{string.Join("\\s+", parts)}{Edge(trimmed[^1])}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }

    private static string Edge(char letter) => letter < FirstOfEastAsia && (char.IsLetterOrDigit(letter) || letter is '_') ? "\\b" : "";
}
