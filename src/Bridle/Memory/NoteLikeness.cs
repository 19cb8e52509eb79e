namespace Bridle.Memory;

/// <summary>Whether two notes say the same, by their words alone.</summary>
internal static class NoteLikeness
{
    private const double Near = 0.8;

    /// <summary>The same words, or nearly; every number and name with a digit must be the same and in the same order, because there one character is another fact.</summary>
    public static bool SaysTheSame(MemoryNote one, MemoryNote other)
    {
        if (one.Type != other.Type)
        {
            return false;
        }

        var (first, second) = (NoteWords.InOrder(one.Text), NoteWords.InOrder(other.Text));
        return WithDigits(first).SequenceEqual(WithDigits(second)) && NoteWords.Likeness(first.ToHashSet(StringComparer.Ordinal), second.ToHashSet(StringComparer.Ordinal)) >= Near;
    }

    private static IEnumerable<string> WithDigits(IReadOnlyList<string> words) => words.Where(word => word.Any(char.IsDigit));
}
