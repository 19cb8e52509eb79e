using Bridle.Recall.Indexing;
using Bridle.Recall.Queries;
using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Searching;

/// <summary>
/// Weighs messages that have the words of a query against each other (bm25): a rare word counts more, a word counts the more the oftener it stands there, but less and less, and the less the
/// longer the message is. How rare a word is, is counted in the newest messages that have it and taken for all.
/// </summary>
internal sealed class Weighing(Database database, SearchScope scope, RecallQuery query)
{
    private const int Counted = 2_000;
    private const double Saturation = 1.2;
    private const double LengthShare = 0.75;
    private const double LeastWeight = 1e-6;

    /// <summary>What output and calls of tools count beside what somebody said in words.</summary>
    public static double Of(MessageKind kind) => kind is MessageKind.User or MessageKind.Assistant ? 1 : 0.7;

    /// <summary>The same messages in the same order, with a score. Each comes as its row in the table of words and its <see cref="TermCounts"/>.</summary>
    public List<Candidate> Weigh(List<(long Row, long Counts)> rows)
    {
        var weights = Weights();
        var average = rows.Count is 0 ? 1 : rows.Average(row => WordsRow.Length(row.Row));
        var weighed = new List<Candidate>(rows.Count);
        foreach (var (row, counts) in rows)
        {
            var (score, halfway) = (0d, Saturation * (1 - LengthShare + (LengthShare * WordsRow.Length(row) / average)));
            for (var term = 0; term < weights.Length; term++)
            {
                var count = TermCounts.Of(counts, term);
                score += count is 0 ? 0 : weights[term] * count * (Saturation + 1) / (count + halfway);
            }

            weighed.Add(new(WordsRow.Number(row), score * Of(WordsRow.Kind(row))));
        }

        return weighed;
    }

    // In the order in which the terms stand in what full text search is asked.
    private double[] Weights()
    {
        var terms = query.InWords.Take(TermCounts.MostTerms).ToList();
        if (terms.Count < 2 || scope.Stretches.Count is 0)
        {
            var alike = new double[terms.Count];
            Array.Fill(alike, 1);
            return alike;
        }

        var (from, to) = (scope.Stretches.Min(stretch => stretch.From), scope.Stretches.Max(stretch => stretch.To));
        var all = Messages(from, to);
        return [.. terms.ConvertAll(term => Math.Min(Having(term, from, to, all), all) is var having ? Math.Max(Math.Log((all - having + 0.5) / (having + 0.5)), LeastWeight) : 0)];
    }

    private double Having(Term term, long from, long to, double all)
    {
        var rows = WordsRow.Of((from, to));
        var newest = database.Prepare("SELECT count(*), min(row) FROM (SELECT rowid AS row FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4)")
            .Bind(1, term.Words).Bind(2, rows.From).Bind(3, rows.To).Bind(4, Counted);
        var (count, oldest) = newest.Next() ? (newest.Integer(0), WordsRow.Number(newest.Integer(1))) : (0, 0);
        newest.Reset();
        return count < Counted ? count : count * all / Math.Max(Messages(oldest, to), count);
    }

    private double Messages(long from, long to)
    {
        var sum = database.Prepare("SELECT total(messages) FROM session WHERE (project, id) >= (?1, ?2) AND (project, id) <= (?3, ?4)")
            .Bind(1, IndexSchema.Project(from)).Bind(2, IndexSchema.Session(from)).Bind(3, IndexSchema.Project(to)).Bind(4, IndexSchema.Session(to));
        var messages = sum.Next() ? sum.Real(0) : 0;
        sum.Reset();
        return messages;
    }
}
