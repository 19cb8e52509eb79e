using Bridle.Journal;
using Microsoft.Extensions.AI;

namespace Bridle.Recall;

/// <summary>Where an index is and what it is made of.</summary>
/// <param name="Folder">The folder that holds the index alone; it is made for its owner only.</param>
/// <param name="Sessions">The sessions.</param>
public sealed record RecallOptions(string Folder, SessionStore Sessions)
{
    /// <summary>Takes secrets out of what is indexed, as they are taken out of the logs.</summary>
    public SecretRedactor Redactor { get; init; } = SecretRedactor.ShapesOnly;

    /// <summary>Which project a session belongs to, by the folder in which it began: the folder itself, or the repository that it lies in.</summary>
    public Func<string, string> ProjectOf { get; init; } = folder => folder;

    /// <summary>Time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The SQLite library to load, or null for that of the system.</summary>
    public string? Sqlite { get; init; }

    /// <summary>Makes vectors of texts, so that what means the same is found too; null sends nothing anywhere. Not disposed here.</summary>
    public IEmbeddingGenerator<string, Embedding<float>>? Embeddings { get; init; }

    /// <summary>Which model that is: vectors of another one are thrown away.</summary>
    public string EmbeddingsName { get; init; } = "given";

    /// <summary>How requests for vectors are refused before the spend, and what they took written down; null where they cost nothing that anybody counts.</summary>
    public EmbeddingCost? Cost { get; init; }

    /// <summary>What should be said with every answer, one line each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>How long a search waits for another one that brings the index up to date; then it takes what there was before.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Hears how many messages were taken in so far. Called seldom, on some thread.</summary>
    public Action<long>? Progress { get; init; }
}
