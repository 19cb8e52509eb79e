using Bridle.Messages;
using Bridle.Models;
using Bridle.Recall.Indexing;
using Bridle.Recall.Sqlite;
using Microsoft.Extensions.AI;

namespace Bridle.Recall.Vectors;

/// <summary>Keeps a vector for each message of the person and of the model, and finds the nearest ones. Nothing leaves the process unless an embedding model was configured.</summary>
internal sealed class VectorStore(RecallOptions options, Database database)
{
    private const int MostAtOnce = 64;
    private const int MostCharacters = 4_000;
    private const int MostAtASearch = 512;

    /// <summary>Where the index keeps what was wrong with the last vectors; empty for nothing.</summary>
    public const string ProblemKey = "embedding_problem";

    /// <summary>The newest vectors that are compared in one search.</summary>
    public const int MostCompared = 200_000;

    /// <summary>Asks for the vectors of messages that have none, the newest first. What went wrong, in words for a person, or null.</summary>
    public async Task<string?> FillAsync(bool all, CancellationToken cancellationToken)
    {
        if (options.Embeddings is not { } generator)
        {
            return null;
        }

        Prepare();
        for (var left = all ? long.MaxValue : MostAtASearch; left > 0;)
        {
            var texts = Pending();
            if (texts.Count is 0)
            {
                return null;
            }

            var (vectors, problem) = await AskAsync(generator, [.. texts.Select(text => text.Text)], cancellationToken).ConfigureAwait(false);
            problem ??= WhyNotKept(texts, vectors);
            database.Transact(() =>
            {
                IndexSchema.SetMeta(database, ProblemKey, problem ?? "");
                if (problem is null)
                {
                    Keep(texts, vectors);
                }
            });
            if (problem is not null)
            {
                return problem;
            }

            left -= texts.Count;
        }

        return null;
    }

    /// <summary>The messages that are nearest to a text in these ranges, the nearest first, or why there are none.</summary>
    public async Task<(IReadOnlyList<(long Number, double Nearness)> Hits, string? Problem)> NearestAsync(string text, IReadOnlyList<(long From, long To)> ranges, int limit, CancellationToken cancellationToken)
    {
        if (options.Embeddings is not { } generator)
        {
            return ([], null);
        }

        var (vectors, problem) = await AskAsync(generator, [text], cancellationToken).ConfigureAwait(false);
        if ((problem ?? WhyNotKept([(0, text)], vectors)) is { } wrong)
        {
            return ([], wrong);
        }

        if (SmallVector.Of(vectors[0]) is not { } wanted)
        {
            return ([], null);
        }

        var nearest = new PriorityQueue<long, double>();
        var left = MostCompared;
        foreach (var (from, to) in ranges)
        {
            var all = database.Prepare("SELECT id, scale, value FROM vector WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?").Bind(1, from).Bind(2, to).Bind(3, left);
            for (; all.Next(); left--)
            {
                var nearness = wanted.Nearness(all.Bytes(2), all.Real(1));
                if (nearest.Count < limit)
                {
                    nearest.Enqueue(all.Integer(0), nearness);
                }
                else if (nearest.TryPeek(out _, out var least) && nearness > least)
                {
                    nearest.EnqueueDequeue(all.Integer(0), nearness);
                }
            }

            all.Reset();
        }

        var hits = new List<(long, double)>();
        while (nearest.TryDequeue(out var number, out var nearness))
        {
            hits.Insert(0, (number, nearness));
        }

        return (hits, null);
    }

    // What is kept once is never asked for again, so that a server that answers nonsense would end meaning for these messages for good. They wait instead.
    private string? WhyNotKept(IReadOnlyList<(long Number, string Text)> texts, IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        if (texts.Zip(vectors).Any(pair => !string.IsNullOrWhiteSpace(pair.First.Text) && SmallVector.Of(pair.Second) is null))
        {
            return "The embedding model gave a vector without a direction (zeros only, or numbers without end), so that only words were searched. The messages wait; look at its server.";
        }

        var length = database.Number("SELECT length(value) FROM vector LIMIT 1") ?? vectors[0].Length;
        return vectors.FirstOrDefault(vector => vector.Length != length) is { Length: > 0 } other
            ? $"The embedding model gave a vector of {other.Length} numbers where those before have {length}, so that only words were searched. The messages wait. If it is another model by now, make the vectors anew: bridle recall --rebuild"
            : null;
    }

    // Vectors of another model say nothing beside those of this one.
    private void Prepare()
    {
        if (IndexSchema.Meta(database, "embedding") == options.EmbeddingsName)
        {
            return;
        }

        database.Transact(() =>
        {
            database.Run("DELETE FROM vector", "DELETE FROM pending", "INSERT INTO pending SELECT id FROM message WHERE kind <= 2");
            IndexSchema.SetMeta(database, "embedding", options.EmbeddingsName);
        });
    }

    private List<(long Number, string Text)> Pending()
    {
        var texts = new List<(long, string)>();
        var all = database.Prepare("SELECT p.id, m.text FROM pending p LEFT JOIN message m ON m.id = p.id ORDER BY p.id DESC LIMIT ?").Bind(1, MostAtOnce);
        while (all.Next())
        {
            var text = all.TextOrNull(1) ?? " ";
            texts.Add((all.Integer(0), text.Length <= MostCharacters ? text : text[..(char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters)]));
        }

        return texts;
    }

    private void Keep(List<(long Number, string Text)> texts, IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            database.Prepare("DELETE FROM pending WHERE id = ?").Bind(1, texts[i].Number).Run();
            if (SmallVector.Of(vectors[i]) is { } vector)
            {
                database.Prepare("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)").Bind(1, texts[i].Number).Bind(2, vector.Scale).BindBlob(3, vector.Bytes).Run();
            }
        }
    }

    private async Task<(IReadOnlyList<ReadOnlyMemory<float>> Vectors, string? Problem)> AskAsync(
        IEmbeddingGenerator<string, Embedding<float>> generator, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (options.Cost is not { } cost)
        {
            var free = await SendAsync(generator, texts, cancellationToken).ConfigureAwait(false);
            return (free.Answer ?? [], free.Answer is null ? free.Problem : null);
        }

        var came = await cost.Beside.SendAsync(EmbeddingCost.Purpose, cost.Model, texts.Sum(text => TokenEstimate.QuartersOf(text)), token => SendAsync(generator, texts, token), cancellationToken).ConfigureAwait(false);
        return came switch
        {
            { IsRefused: true } => ([], $"Only words were searched, and no vectors were asked for: {came.Problem.TrimEnd('.')}."),
            { Answer: { } vectors } => (vectors, null),
            _ => ([], came.Problem),
        };
    }

    // Never throws but for being ended.
    private async Task<SentBeside<IReadOnlyList<ReadOnlyMemory<float>>>> SendAsync(IEmbeddingGenerator<string, Embedding<float>> generator, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            var made = await generator.GenerateAsync(texts, cancellationToken: cancellationToken).ConfigureAwait(false);
            var took = (made.Usage?.InputTokenCount ?? made.Usage?.TotalTokenCount) is { } tokens ? new Usage(tokens, 0, 0, 0, 0) : null;
            return made.Count == texts.Count ? new(made.ToList().ConvertAll(one => one.Vector), "") { Usage = took }
                : new(null, $"The embedding model gave {made.Count} vectors for {texts.Count} texts; searched by words only.") { Usage = took, MayBePaid = true };
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whoever's generator this is, its failure must not take the search by words away.
            return new(null, $"The embedding model failed, so that only words were searched: {failure.Message}")
            {
                MayBePaid = options.Cost?.MayBePaid(failure) is true,
            };
        }
    }
}
