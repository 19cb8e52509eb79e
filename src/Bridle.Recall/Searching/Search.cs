using Bridle.Recall.Indexing;
using Bridle.Recall.Queries;
using Bridle.Recall.Sqlite;
using Bridle.Recall.Texts;
using Bridle.Recall.Vectors;

namespace Bridle.Recall.Searching;

/// <summary>One search: candidates by words, by parts of words and by meaning, ranked together.</summary>
internal sealed class Search(RecallOptions options, Database database, RecallRequest request, RecallQuery query)
{
    private const int MostFused = 300;
    private const int MostByMeaning = 50;
    private const double FusionOffset = 60;
    private const double LeastOfNearest = 0.6;
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

        // Joined with another ranking by their places, more than are shown count.
        var most = options.Embeddings is null ? request.Limit : Math.Max(MostFused, request.Limit);
        var freshness = new Freshness(database, options.Time.GetUtcNow().ToUnixTimeMilliseconds());
        var words = query.IsLiteral ? [] : freshness.Best(candidates.ByWords(), most);
        var parts = words.Count < request.Limit ? freshness.Best(candidates.ByParts(words.ToHashSet()), most) : [];
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
