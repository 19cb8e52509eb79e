using Bridle.Recall.Indexing;
using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Searching;

/// <summary>Puts the best first: how well it fits, and a little more for what is fresh.</summary>
internal sealed class Freshness(Database database, long now)
{
    private const int Weighed = 300;
    private const double Most = 0.5;
    private static readonly TimeSpan HalfGone = TimeSpan.FromDays(30);

    private readonly Dictionary<long, double> _bounds = [];

    /// <summary>
    /// The best of some messages in their order, at most 300. No message is fresher than the newest of its session, so that only those are looked up which can be among the best.
    /// </summary>
    /// <param name="candidates">The messages, the newer before the older where both fit equally well.</param>
    /// <param name="most">How many are wanted.</param>
    public List<long> Best(List<Candidate> candidates, int most)
    {
        var bounded = Fitting(candidates, Math.Max(Weighed, most)).Select(candidate => (Candidate: candidate, Bound: candidate.Score * BoundOf(candidate)))
            .OrderByDescending(one => one.Bound).ThenByDescending(one => one.Candidate.Number).ToList();
        var (best, left) = (new PriorityQueue<Candidate, (double Score, long Number)>(), most);
        foreach (var (candidate, bound) in bounded)
        {
            if (left is 0 && best.TryPeek(out _, out var least) && least.Score > bound)
            {
                break;
            }

            if ((candidate.At ?? Moments.Of(database, candidate.Number)) is { } at)
            {
                var place = (candidate.Score * Of(at), candidate.Number);
                if (left > 0)
                {
                    best.Enqueue(candidate, place);
                    left--;
                }
                else
                {
                    best.EnqueueDequeue(candidate, place);
                }
            }
        }

        var numbers = new List<long>(best.Count);
        while (best.TryDequeue(out var worst, out _))
        {
            numbers.Add(worst.Number);
        }

        numbers.Reverse();
        return numbers;
    }

    // Thousands come, and most score equally: the order of all of them is not needed.
    private static IEnumerable<Candidate> Fitting(List<Candidate> candidates, int most)
    {
        if (candidates.Count <= most)
        {
            return candidates;
        }

        var scores = candidates.ConvertAll(candidate => candidate.Score).ToArray();
        Array.Sort(scores);
        var (least, above) = (scores[^most], most - 1);
        while (above > 0 && scores[scores.Length - above] <= least)
        {
            above--;
        }

        var equals = most - above;
        return candidates.Where(candidate => candidate.Score > least || (candidate.Score == least && equals-- > 0));
    }

    private double BoundOf(Candidate candidate)
    {
        var session = IndexSchema.Session(candidate.Number);
        if (!_bounds.TryGetValue(session, out var bound))
        {
            _bounds[session] = bound = database.Number("SELECT newest FROM session WHERE id = ?", session) is { } newest ? Of(newest) : 1 + Most;
        }

        return bound;
    }

    private double Of(long at) => 1 + (Most * Math.Pow(2, -Math.Max(0, now - at) / HalfGone.TotalMilliseconds));
}
