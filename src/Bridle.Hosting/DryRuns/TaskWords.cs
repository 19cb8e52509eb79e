namespace Bridle.Hosting.DryRuns;

/// <summary>The words of a task that may say what it needs. A hint for a person and nothing else: the model chooses.</summary>
internal static class TaskWords
{
    private const int Shortest = 3;
    private static readonly HashSet<string> s_common = new(StringComparer.OrdinalIgnoreCase)
    {
        "the", "and", "for", "with", "that", "this", "what", "which", "does", "from", "into", "each", "all", "are", "not", "you", "your", "has", "have", "its", "was", "then", "than", "when", "where", "how", "why",
        "there", "them", "they", "out", "but", "can", "will", "would", "should", "please", "say", "tell", "use", "one", "two", "any",
    };

    /// <summary>The words, each once.</summary>
    public static IReadOnlyList<string> Of(string? task) => [.. Split(task ?? "").Where(word => word.Length >= Shortest && !s_common.Contains(word)).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Those of the words that a text has, whatever their ending.</summary>
    public static IReadOnlyList<string> In(IReadOnlyList<string> words, string text)
    {
        var stems = Split(text).Select(Stem).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. words.Where(word => stems.Contains(Stem(word)))];
    }

    private static string[] Split(string text) => new string([.. text.Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Stem(string word) =>
        word.Length > 5 && word.EndsWith("ing", StringComparison.OrdinalIgnoreCase) ? word[..^3]
        : word.Length > 4 && word.EndsWith("es", StringComparison.OrdinalIgnoreCase) ? word[..^2].TrimEnd('e')
        : word.Length > 3 && (word[^1] is 's' or 'S' or 'e' or 'E') ? word[..^1]
        : word;
}
