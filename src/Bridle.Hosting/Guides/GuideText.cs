using System.Text;
using Bridle.Messages;

namespace Bridle.Hosting.Guides;

/// <summary>How the words of a guide are put to the model.</summary>
internal static class GuideText
{
    /// <summary>What others made, in a frame that it cannot end, all of it within the cap.</summary>
    public static string Framed(string before, string frame, string words, int mostTokens)
    {
        var body = Clean(words).Replace($"</{frame}", $"&lt;/{frame}", StringComparison.OrdinalIgnoreCase);
        return $"{before}\n<{frame}>\n{Cut(body, mostTokens, $"{before}{frame}{frame}")}\n</{frame}>";
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

    /// <summary>As much of a text as fits into a cap beside what else is said and the note that it was cut.</summary>
    public static string Cut(string text, int mostTokens, string beside)
    {
        const int Note = 60;
        var fitting = TokenEstimate.Fitting(text, Math.Max(0, ((long)mostTokens * TokenEstimate.Quarters) - TokenEstimate.QuartersOf(beside) - Note));
        return fitting == text.Length ? text : $"{text[..fitting]}\n[cut here: {text.Length - fitting} more characters]";
    }
}
