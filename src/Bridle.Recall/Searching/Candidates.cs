using System.Text;
using Bridle.Recall.Indexing;
using Bridle.Recall.Queries;
using Bridle.Recall.Sqlite;
using Bridle.Recall.Texts;

namespace Bridle.Recall.Searching;

/// <summary>A message that has what is looked for. A higher score fits better.</summary>
internal readonly record struct Candidate(long Number, double Score);

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

    /// <summary>By whole words, weighed by how rare they are and how often they stand there (bm25).</summary>
    public List<Candidate> ByWords()
    {
        var found = new List<Candidate>();
        var each = Math.Max(Most / Math.Max(scope.Stretches.Count, 1), EnoughParts);
        foreach (var stretch in scope.Stretches)
        {
            var left = Math.Min(Most - found.Count, each);
            if (left <= 0)
            {
                Bounded = true;
                break;
            }

            var (sql, signs) = (Sql("words", "bm25(words)"), query.WordsSuffice ? null : query);
            var seen = 0;
            var all = Begin(sql, query.Words(), stretch, left);
            while (all.Next())
            {
                seen++;
                var number = all.Integer(0);
                if (scope.Has(number) && (signs is null || signs.FitsSigns(Folding.Of(TextOf(number)))))
                {
                    found.Add(new(number, -all.Real(1)));
                }
            }

            all.Reset();
            Bounded |= seen == left;
        }

        return found;
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
            var seen = 0;
            var all = Begin(Sql("grams", "0"), grams, stretch, each);
            while (found.Count < EnoughParts && all.Next())
            {
                seen++;
                var number = all.Integer(0);
                if (scope.Has(number) && !known.Contains(number) && Folding.Of(TextOf(number)) is var folded && query.Fits(folded))
                {
                    found.Add(new(number, query.Wanted.Sum(term => term.IsWordOf(folded) ? 2d : term.IsIn(folded) ? 1 : 0)));
                }
            }

            all.Reset();
            Bounded |= seen == each || found.Count == EnoughParts;
        }

        return found;
    }

    /// <summary>All that the filters leave, the newest first, for a query without words.</summary>
    public List<Candidate> ByFilters(int most)
    {
        var found = new List<Candidate>();
        foreach (var (from, to) in scope.Stretches.TakeWhile(_ => found.Count < most))
        {
            var all = Begin($"SELECT m.id FROM message m WHERE m.id BETWEEN ?2 AND ?3 AND ?1 IS NOT NULL{Filters()} ORDER BY m.id DESC LIMIT ?4", "", (from, to), most - found.Count);
            while (all.Next())
            {
                if (scope.Has(all.Integer(0)))
                {
                    found.Add(new(all.Integer(0), 1));
                }
            }
        }

        return found;
    }

    private Statement Begin(string sql, string match, (long From, long To) stretch, int limit)
    {
        var statement = database.Prepare(sql).BindText(1, Encoding.UTF8.GetBytes(match)).Bind(2, stretch.From).Bind(3, stretch.To).Bind(4, limit);
        return statement;
    }

    // Only numbers of our own stand in the text of a statement; what a person wrote is bound.
    private string Sql(string table, string score) => Filters() is { Length: > 0 } filters
        ? $"SELECT {table}.rowid, {score} FROM {table} JOIN message m ON m.id = {table}.rowid WHERE {table} MATCH ?1 AND {table}.rowid BETWEEN ?2 AND ?3{filters} ORDER BY {table}.rowid DESC LIMIT ?4"
        : $"SELECT rowid, {score} FROM {table} WHERE {table} MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4";

    private string Filters()
    {
        var filters = new StringBuilder();
        if (query.Kinds.Count > 0)
        {
            filters.Append(" AND m.kind IN (").AppendJoin(", ", query.Kinds.Select(kind => (int)kind)).Append(')');
        }

        if (query.Since is { } since)
        {
            filters.Append(" AND m.at >= ").Append(since.ToUnixTimeMilliseconds());
        }

        if (query.Before is { } before)
        {
            filters.Append(" AND m.at < ").Append(before.ToUnixTimeMilliseconds());
        }

        return filters.ToString();
    }

    private string TextOf(long number)
    {
        var statement = database.Prepare("SELECT text FROM message WHERE id = ?").Bind(1, number);
        var text = statement.Next() ? statement.Text(0) : "";
        statement.Reset();
        return text;
    }
}
