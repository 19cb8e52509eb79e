using Bridle.Recall.Indexing;
using Bridle.Recall.Queries;
using Bridle.Recall.Sqlite;
using Bridle.Recall.Texts;
using Bridle.Recall.Vectors;

namespace Bridle.Recall.Searching;

/// <summary>One search: candidates by words, by parts of words and by meaning, ranked together.</summary>
internal sealed class Search(RecallOptions options, Database database, RecallRequest request, RecallQuery query)
{
    private const int Weighed = 300;
    private const int MostByMeaning = 50;
    private const double FusionOffset = 60;
    private const double LeastOfNearest = 0.6;
    private static readonly TimeSpan FreshFor = TimeSpan.FromDays(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly List<string> _notices = [];

    /// <summary>Carries it out.</summary>
    public async Task<RecallAnswer> RunAsync(CancellationToken cancellationToken)
    {
        database.Bound(Limit, cancellationToken);
        try
        {
            return await FindAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException late) when (late.IsInterrupted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return RecallAnswer.Of($"The search took longer than {Limit.TotalSeconds:0} seconds and was ended. Add a rarer word, or narrow it with session:, since: or project:.");
        }
        finally
        {
            database.Unbound();
        }
    }

    private async Task<RecallAnswer> FindAsync(CancellationToken cancellationToken)
    {
        var scope = SearchScope.Of(database, request, query);
        var candidates = new Candidates(database, scope, query);
        if (query.Groups.Count is 0)
        {
            return Answer([.. candidates.ByFilters(request.Limit).Select(found => (found.Number, "words"))], false);
        }

        var words = query.IsLiteral ? [] : Ranked(candidates.ByWords());
        var parts = words.Count < request.Limit ? Ranked(candidates.ByParts(words.ToHashSet())) : [];
        var ranked = words.Select(number => (number, "words")).Concat(parts.Select(number => (number, query.IsLiteral ? "words" : "part"))).ToList();
        if (options.Embeddings is not null && !query.IsLiteral)
        {
            // SQLite's clock stands still while another server thinks.
            database.Unbound();
            ranked = await WithMeaningAsync(scope, ranked, cancellationToken).ConfigureAwait(false);
            database.Bound(Limit, cancellationToken);
        }

        return Answer(ranked, candidates.Bounded);
    }

    // Best first: how well it fits, a little more for what is fresh and what a person or the model said in words.
    private List<long> Ranked(List<Candidate> candidates)
    {
        candidates.Sort((left, right) => right.Score.CompareTo(left.Score) is var order and not 0 ? order : right.Number.CompareTo(left.Number));
        var now = options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var weighed = new List<(long Number, double Score)>();
        foreach (var candidate in candidates.Take(Math.Max(Weighed, request.Limit)))
        {
            var row = database.Prepare("SELECT at, kind FROM message WHERE id = ?").Bind(1, candidate.Number);
            if (row.Next())
            {
                var age = Math.Max(0, now - row.Integer(0)) / FreshFor.TotalMilliseconds;
                weighed.Add((candidate.Number, Math.Max(candidate.Score, 1e-9) * (1 + (0.5 * Math.Pow(2, -age))) * ((MessageKind)row.Integer(1) is MessageKind.User or MessageKind.Assistant ? 1 : 0.7)));
            }

            row.Reset();
        }

        weighed.Sort((left, right) => right.Score.CompareTo(left.Score) is var order and not 0 ? order : right.Number.CompareTo(left.Number));
        return [.. weighed.Select(one => one.Number)];
    }

    /// <summary>Joins both rankings by their places: what is high in both comes first.</summary>
    private async Task<List<(long Number, string How)>> WithMeaningAsync(SearchScope scope, List<(long Number, string How)> ranked, CancellationToken cancellationToken)
    {
        var text = string.Join(' ', query.Wanted.Select(term => term.Text));
        var (near, problem) = await new VectorStore(options, database).NearestAsync(text, scope.Stretches, MostByMeaning, cancellationToken).ConfigureAwait(false);
        if (problem is not null)
        {
            _notices.Add(problem);
            return ranked;
        }

        var scores = new Dictionary<long, (double Score, string How)>();
        for (var i = 0; i < ranked.Count; i++)
        {
            scores[ranked[i].Number] = (1 / (FusionOffset + i), ranked[i].How);
        }

        var kept = near.Where(hit => scope.Has(hit.Number) && hit.Nearness > 0 && hit.Nearness >= near[0].Nearness * LeastOfNearest && Passes(hit.Number)).ToList();
        for (var i = 0; i < kept.Count; i++)
        {
            var before = scores.GetValueOrDefault(kept[i].Number, (Score: 0, How: "meaning"));
            scores[kept[i].Number] = (before.Score + (1 / (FusionOffset + i)), before.How);
        }

        return [.. scores.OrderByDescending(one => one.Value.Score).ThenByDescending(one => one.Key).Select(one => (one.Key, one.Value.How))];
    }

    // What only lies near must pass the filters as well, and may not say what was excluded.
    private bool Passes(long number)
    {
        if (Passages.Message(database, number) is not { } message)
        {
            return false;
        }

        var folded = Folding.Of(message.Text);
        return (query.Kinds.Count is 0 || query.Kinds.Contains(message.Kind)) && !(message.At < query.Since) && !(message.At >= query.Before)
            && !query.Not.Any(term => term.IsMeantIn(folded));
    }

    private RecallAnswer Answer(List<(long Number, string How)> ranked, bool bounded)
    {
        var hits = new List<RecallHit>();
        var wanted = query.Wanted.ToList();
        foreach (var (number, how) in ranked.Take(request.Limit))
        {
            if (Passages.Message(database, number) is not { } message || Passages.Session(database, IndexSchema.Session(number)) is not { } session)
            {
                continue;
            }

            hits.Add(new(session.Name, session.Title, session.Project, message, Snippet.Of(message.Text, wanted), how)
            {
                Before = Passages.Before(database, number, request.Context),
                After = Passages.After(database, number, request.Context),
            });
        }

        return new(hits, null) { Notices = _notices, Bounded = bounded };
    }
}
