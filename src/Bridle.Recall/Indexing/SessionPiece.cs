using Bridle.Journal;

namespace Bridle.Recall.Indexing;

/// <summary>A session that has to be read.</summary>
/// <param name="Id">Its number in the index.</param>
/// <param name="Project">Its project's number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Folder">The folder in which it began.</param>
/// <param name="Path">Its file.</param>
/// <param name="Known">What the index has of it, or null.</param>
internal sealed record SessionPlan(long Id, long Project, string Name, string Folder, string Path, KnownSession? Known);

/// <summary>What the index knows of a session.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Project">Its project's number.</param>
/// <param name="Folder">The folder in which it began.</param>
/// <param name="Mark">Its file as it was; null when that file may have changed again within the clock's grain.</param>
/// <param name="Bytes">How much of it was read.</param>
/// <param name="Lines">How many lines that are.</param>
/// <param name="Sum">The sum of those bytes.</param>
internal sealed record KnownSession(long Id, long Project, string Folder, SessionMark? Mark, long Bytes, long Lines, uint Sum);

/// <summary>A message on its way into the index, in the three forms in which it is kept. Equal forms are the same array.</summary>
internal sealed record IndexedMessage(long Line, long At, MessageKind Kind, byte[] Text, byte[] Words, byte[] Grams);

/// <summary>Some messages of one session. The last piece of a session says how its file was left.</summary>
internal sealed record SessionPiece(SessionPlan Plan, bool Replaces, IReadOnlyList<IndexedMessage> Messages, SessionEnd? End)
{
    /// <summary>What it takes in memory, roughly.</summary>
    public long Bytes { get; } = Messages.Sum(message => (long)message.Text.Length + message.Words.Length + message.Grams.Length);
}

/// <summary>How far a session was read.</summary>
internal sealed record SessionEnd(SessionMark Mark, long Bytes, long Lines, uint Sum, string? Title, DateTimeOffset? Began, DateTimeOffset? Ended);
