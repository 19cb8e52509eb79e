using System.Text;
using Bridle.Recall.Indexing;
using Bridle.Recall.Queries;
using Bridle.Recall.Sqlite;
using Bridle.Recall.Texts;

namespace Bridle.Recall.Searching;

/// <summary>A message that has what is looked for. A higher score fits better. When it was said stands there where it was met on the way.</summary>
internal readonly record struct Candidate(long Number, double Score, long? At = null);

/// <summary>
/// Finds the messages that have what is looked for, the newest first and never more than a bound: a word that stands in half of all messages costs no more than a rare one.
/// </summary>
internal sealed class Candidates(Database database, SearchScope scope, RecallQuery query)
{
    /// <summary>The most messages that are weighed against each other in one search.</summary>
    public const int Most = 10_000;

    private const int MostParts = 5_000;
    private const int EnoughParts = 200;

    /// <summary>Whether there were more.</summary>
    public bool Bounded { get; private set; }

    /// <summary>By whole words, weighed against each other.</summary>
    public List<Candidate> ByWords()
    {
        database.CountTerms();
        var found = new List<(long Row, long Counts)>();
        var sql = $"SELECT rowid, term_counts(words) FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3{(query.Kinds.Count > 0 ? " AND " + WordsRow.Are(query.Kinds) : "")} ORDER BY rowid DESC";
        var (match, signs) = (query.Words(), query.WordsSuffice ? null : query);
        var each = Math.Max(Most / Math.Max(scope.Stretches.Count, 1), EnoughParts);
        foreach (var stretch in scope.Stretches)
        {
            var left = Math.Min(Most - found.Count, each);
            var all = Begin(sql, match, WordsRow.Of(stretch));
            while (left > 0 && all.Next())
            {
                var row = all.Integer(0);
                if (scope.Has(WordsRow.Number(row)))
                {
                    left--;
                    if (signs is null || signs.FitsSigns(Folding.Of(Row(WordsRow.Number(row))?.Text ?? "")))
                    {
                        found.Add((row, all.Integer(1)));
                    }
                }
            }

            all.Reset();
            Bounded |= left is 0;
        }

        return new Weighing(database, scope, query).Weigh(found);
    }

    /// <summary>By pieces of text, wherever they stand.</summary>
    public List<Candidate> ByParts(IReadOnlySet<long> known)
    {
        var found = new List<Candidate>();
        if (query.Grams() is not { } grams)
        {
            return found;
        }

        var each = Math.Max(MostParts / Math.Max(scope.Stretches.Count, 1), EnoughParts);
        foreach (var stretch in scope.Stretches.TakeWhile(_ => found.Count < EnoughParts))
        {
            var left = each;
            var all = Begin("SELECT rowid FROM grams WHERE grams MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC", grams, stretch);
            while (left > 0 && found.Count < EnoughParts && all.Next())
            {
                var number = all.Integer(0);
                if (!scope.Has(number) || known.Contains(number) || Row(number) is not (var at, var kind, var text) || (query.Kinds.Count > 0 && !query.Kinds.Contains(kind)))
                {
                    continue;
                }

                left--;
                if (Folding.Of(text) is var folded && query.Fits(folded))
                {
                    found.Add(new(number, Weighing.Of(kind) * query.Wanted.Sum(term => term.IsWordOf(folded) ? 2d : term.IsIn(folded) ? 1 : 0), at));
                }
            }

            all.Reset();
            Bounded |= left is 0 || found.Count == EnoughParts;
        }

        return found;
    }

    /// <summary>All that the filters leave, the newest first, for a query without words.</summary>
    public List<Candidate> ByFilters(int most)
    {
        var found = new List<Candidate>();
        foreach (var stretch in scope.Stretches.TakeWhile(_ => found.Count < most))
        {
            var all = database.Prepare($"SELECT id FROM message WHERE id BETWEEN ?1 AND ?2{Kinds()} ORDER BY id DESC").Bind(1, stretch.From).Bind(2, stretch.To);
            while (found.Count < most && all.Next())
            {
                if (scope.Has(all.Integer(0)))
                {
                    found.Add(new(all.Integer(0), 1));
                }
            }

            all.Reset();
        }

        return found;
    }

    private Statement Begin(string sql, string match, (long From, long To) rows) =>
        database.Prepare(sql).BindText(1, Encoding.UTF8.GetBytes(match)).Bind(2, rows.From).Bind(3, rows.To);

    // Only numbers of our own stand in the text of a statement; what a person wrote is bound.
    private string Kinds() => query.Kinds.Count is 0 ? "" : $" AND kind IN ({string.Join(", ", query.Kinds.Select(kind => (int)kind))})";

    private (long At, MessageKind Kind, string Text)? Row(long number)
    {
        var statement = database.Prepare("SELECT at, kind, text FROM message WHERE id = ?").Bind(1, number);
        (long, MessageKind, string)? row = statement.Next() ? (statement.Integer(0), (MessageKind)statement.Integer(1), statement.Text(2)) : null;
        statement.Reset();
        return row;
    }
}
