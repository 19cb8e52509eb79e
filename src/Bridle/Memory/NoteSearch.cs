namespace Bridle.Memory;

/// <summary>Finds notes by words, without a model.</summary>
internal static class NoteSearch
{
    private const double OfHead = 2;

    /// <summary>The notes that hold any of the words: what stands in name, description and tags counts twice as much as the text, and the newer one comes first among equals. Nothing is asked: the newest.</summary>
    public static IReadOnlyList<ShelvedNote> Best(IReadOnlyList<ShelvedNote> notes, string query, int most)
    {
        var words = NoteWords.Of(query);
        if (words.Count == 0 && query.Trim().Length > 0)
        {
            // One letter, or signs only: looked for as they stand.
            return [.. notes.Where(one => Head(one.Note).Contains(query.Trim(), StringComparison.OrdinalIgnoreCase) || one.Note.Text.Contains(query.Trim(), StringComparison.OrdinalIgnoreCase)).Take(most)];
        }

        return
        [
            .. notes.Select(one => new { Shelved = one, Score = Score(one.Note, words) }).Where(scored => words.Count == 0 || scored.Score > 0)
                .OrderByDescending(scored => scored.Score).ThenByDescending(scored => scored.Shelved.Note.Updated).ThenBy(scored => scored.Shelved.Note.Name, StringComparer.Ordinal)
                .Take(most).Select(scored => scored.Shelved),
        ];
    }

    private static double Score(MemoryNote note, HashSet<string> words)
    {
        var (head, text) = (NoteWords.Of(Head(note)), NoteWords.Of(note.Text));
        return words.Sum(word => (head.Contains(word) ? OfHead : 0) + (text.Contains(word) ? 1 : 0)) / Math.Max(1, words.Count)
            + words.Sum(word => head.Concat(text).Any(one => one.Length > word.Length && (word.Length is 1 ? one.Contains(word, StringComparison.Ordinal) : one.StartsWith(word, StringComparison.Ordinal))) ? 0.25 : 0);
    }

    private static string Head(MemoryNote note) => $"{note.Name} {note.Description} {string.Join(' ', note.Tags)}";
}
