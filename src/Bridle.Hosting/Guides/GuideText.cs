using System.Text;

namespace Bridle.Hosting.Guides;

/// <summary>How the words of a guide are put to the model.</summary>
internal static class GuideText
{
    /// <summary>What others made, in a frame that it cannot end, all of it within the cap.</summary>
    public static string Framed(string before, string frame, string words, int mostTokens)
    {
        var body = Clean(words).Replace($"</{frame}", $"&lt;/{frame}", StringComparison.OrdinalIgnoreCase);
        var room = Math.Max(0, (mostTokens * 4) - before.Length - (2 * frame.Length) - 60);
        return $"{before}\n<{frame}>\n{Cut(body, room)}\n</{frame}>";
    }

    /// <summary>Without control characters but for lines and tabs.</summary>
    public static string Clean(string words)
    {
        var text = new StringBuilder(words.Length);
        foreach (var letter in words.ReplaceLineEndings("\n"))
        {
            text.Append(char.IsControl(letter) && letter is not ('\n' or '\t') ? '?' : letter);
        }

        return text.ToString().Trim();
    }

    private static string Cut(string text, int most) =>
        text.Length <= most ? text : $"{text[..(most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)]}\n[cut here: {text.Length - most} more characters]";
}
