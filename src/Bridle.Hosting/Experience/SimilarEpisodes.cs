using Bridle.Memory;

namespace Bridle.Hosting.Experience;

/// <summary>Which episodes are like a task, by the words of both: rare words say more than common ones. No model is asked.</summary>
internal sealed class SimilarEpisodes
{
    // Words that say nothing about a task, in a project with few episodes too.
    private static readonly HashSet<string> s_empty =
    [
        "the", "an", "and", "or", "of", "to", "in", "on", "at", "for", "is", "are", "be", "it", "its", "this", "that", "with", "as", "by", "from", "please", "can", "you", "me", "my", "do",
        "does", "what", "how", "now", "so", "not", "all", "again", "we", "our", "should", "would", "could", "there", "then",
    ];

    private readonly List<(Episode Episode, HashSet<string> Words)> _episodes;
    private readonly Dictionary<string, double> _weights;

    public SimilarEpisodes(IReadOnlyList<Episode> episodes)
    {
        _episodes = [.. episodes.Select(one => (one, WordsOf(one.Situation)))];
        var counts = _episodes.SelectMany(one => one.Words).GroupBy(word => word).ToDictionary(same => same.Key, same => same.Count());
        _weights = counts.ToDictionary(word => word.Key, word => Math.Log(1 + ((_episodes.Count + 1.0) / word.Value)));
    }

    /// <summary>The words that a task is compared by.</summary>
    public static HashSet<string> WordsOf(string text) => [.. NoteWords.Of(text).Where(word => !s_empty.Contains(word))];

    /// <summary>The episodes that are at least so much like the task, 0 to 1, the likest and then the latest first.</summary>
    public IReadOnlyList<(Episode Episode, double Likeness)> To(string task, double least, int most)
    {
        var words = WordsOf(task);
        var rated = _episodes.ConvertAll(one => (one.Episode, Likeness: Likeness(words, one.Words)));
        return [.. rated.Where(one => one.Likeness >= least).OrderByDescending(one => one.Likeness).ThenByDescending(one => one.Episode.At).Take(most)];
    }

    /// <summary>How much alike two sets of words are, 0 to 1.</summary>
    public double Likeness(HashSet<string> one, HashSet<string> other)
    {
        var (a, b) = (one.Sum(Weight), other.Sum(Weight));
        return a <= 0 || b <= 0 ? 0 : one.Where(other.Contains).Sum(Weight) / Math.Sqrt(a * b);
    }

    private double Weight(string word) => _weights.GetValueOrDefault(word, Math.Log(2 + _episodes.Count));
}
