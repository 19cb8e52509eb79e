using Bridle.Events;

namespace Bridle.Context;

/// <summary>
/// Tells the model what fits the moment: at the start of a turn or before each step. What it says is appended to the conversation as a note of the harness, never put
/// into the prefix, so that vendor caches keep hitting; the same words from the same source are said once, and again only when a compaction took them away.
/// </summary>
/// <param name="Name">Names it in the log.</param>
/// <param name="When">When it is asked.</param>
/// <param name="Speak">What fits the moment now. One that throws is told to the person and says nothing.</param>
public sealed record Guide(string Name, GuideTime When, Func<GuideMoment, CancellationToken, ValueTask<IReadOnlyList<GuideNote>>> Speak)
{
    /// <summary>The most tokens of one note, at four characters each; what is longer is cut and says so.</summary>
    public int MostTokens { get; init; } = 4_000;

    /// <summary>Asked only when the task holds one of these texts, in any case; null for every task.</summary>
    public IReadOnlyList<string>? TaskMatches { get; init; }

    /// <summary>Asked only when a file was seen for which this is true, by its real path; null for always.</summary>
    public Func<string, bool>? FilesMatch { get; init; }
}

/// <summary>When a guide is asked.</summary>
public enum GuideTime
{
    /// <summary>Once in each turn, before its first request.</summary>
    Start,

    /// <summary>Before each request.</summary>
    EachStep,
}

/// <summary>What a guide may look at.</summary>
/// <param name="Transcript">The conversation.</param>
/// <param name="Task">The person's last words.</param>
public sealed record GuideMoment(Transcript Transcript, string Task)
{
    /// <summary>The files that were read or written in this conversation, by real path.</summary>
    public IEnumerable<string> Files => Transcript.SeenFiles.Keys;
}

/// <summary>Something to tell the model.</summary>
/// <param name="Source">Where it comes from, such as a file.</param>
/// <param name="Text">The words.</param>
public sealed record GuideNote(string Source, string Text);
