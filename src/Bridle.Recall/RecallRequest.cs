namespace Bridle.Recall;

/// <summary>What is looked for.</summary>
/// <param name="Query">In the language of docs/recall.md.</param>
/// <param name="Project">Only sessions of this project; null for all of them, which is for the person to allow.</param>
public sealed record RecallRequest(string Query, string? Project)
{
    /// <summary>Most hits to give, 1 to 200.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>A session that is left out, because whoever asks has it before their eyes.</summary>
    public string? Without { get; init; }

    /// <summary>How many messages to give before and after each hit, 0 to 20.</summary>
    public int Context { get; init; }

    /// <summary>Only what was said since then, whatever the query says; null for no such limit.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Bring the index up to date first.</summary>
    public bool Refresh { get; init; } = true;

    /// <summary>Ask the embedding model for all messages that have no vector yet, and not for some at a time.</summary>
    public bool EmbedAll { get; init; }
}

/// <summary>A message as it is kept. <paramref name="Number"/> is its line in the session's file.</summary>
public sealed record RecallMessage(long Number, DateTimeOffset At, MessageKind Kind, string Text);

/// <summary>Something that was found.</summary>
/// <param name="Session">The session's name.</param>
/// <param name="Title">What that session began with, or null.</param>
/// <param name="Project">The project that it belongs to; empty when it says none.</param>
/// <param name="Message">The message, whole.</param>
/// <param name="Snippet">A piece of it on one line, with « and » around what was looked for.</param>
/// <param name="How"><c>words</c>, <c>part</c> (of a word) or <c>meaning</c>.</param>
public sealed record RecallHit(string Session, string? Title, string Project, RecallMessage Message, string Snippet, string How)
{
    /// <summary>The messages before it, in their order.</summary>
    public IReadOnlyList<RecallMessage> Before { get; init; } = [];

    /// <summary>The messages after it.</summary>
    public IReadOnlyList<RecallMessage> After { get; init; } = [];
}

/// <summary>What came of a search. <paramref name="Problem"/> says in words for a person why there is no answer; null when there is one.</summary>
public sealed record RecallAnswer(IReadOnlyList<RecallHit> Hits, string? Problem)
{
    /// <summary>What should be said beside the hits, one line each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Whether only the newest of very many candidates were weighed.</summary>
    public bool Bounded { get; init; }

    internal static RecallAnswer Of(string problem) => new([], problem);
}

/// <summary>A session in the index.</summary>
public sealed record RecallSession(string Name, string? Title, string Project, DateTimeOffset? LastActivity, long Messages);

/// <summary>A part of one session: what it began with, what stands around a place, what it ended with; no message twice.</summary>
public sealed record RecallPassage(RecallSession Session, IReadOnlyList<RecallMessage> First, IReadOnlyList<RecallMessage> Around, IReadOnlyList<RecallMessage> Last);

/// <summary>The state of an index. <paramref name="Problem"/> as in <see cref="RecallAnswer"/>.</summary>
public sealed record RecallStatus(string? File, long Bytes, long Sessions, long Messages, long Projects, long Vectors, long WithoutVector, string? Embeddings, string? Sqlite, string? Problem);
