using Bridle.Events;
using Bridle.Models;
using Bridle.Tools;

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
    /// <summary>The most tokens of one note, by estimate; what is longer is cut and says so.</summary>
    public int MostTokens { get; init; } = 4_000;

    /// <summary>Asked only when the task holds one of these texts, in any case; null for every task.</summary>
    public IReadOnlyList<string>? TaskMatches { get; init; }

    /// <summary>Asked only when this is true of the task; null for every task.</summary>
    public Func<string, bool>? TaskFits { get; init; }

    /// <summary>
    /// It says how things stand: words that it said before are told again when it has said others from the same source since. Otherwise the same words are told once.
    /// </summary>
    public bool SaysHowItStands { get; init; }

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
    /// <summary>The files that were read, written or shown in part in this conversation, by real path.</summary>
    public IEnumerable<string> Files => Transcript.SeenFiles.Keys.Union(Transcript.LookedFiles, StringComparer.Ordinal);

    /// <summary>How it may act while it is asked; null where there is nobody to act for, as in a test.</summary>
    public GuideDoors? Doors { get; init; }
}

/// <summary>How a guide acts while it is asked, in the name of the turn and within its limits.</summary>
/// <param name="RunCommandAsync">
/// Runs a command through the session's gate, confined as the model's own are, for at most so many seconds; somebody stands for it, in words, or null leaves it to the gate.
/// A refusal is a result, never an exception.
/// </param>
/// <param name="Model">The model that answers the turn.</param>
/// <param name="Beside">How another model is asked.</param>
/// <param name="Redact">A text as a model may see it: without secrets.</param>
/// <param name="Tell">Tells the person something.</param>
public sealed record GuideDoors(
    Func<string, int, string?, CancellationToken, ValueTask<ToolResult>> RunCommandAsync, IModel Model, AskingBeside Beside,
    Func<string, string> Redact, Action<string> Tell);

/// <summary>Something to tell the model.</summary>
/// <param name="Source">Where it comes from, such as a file.</param>
/// <param name="Text">The words.</param>
public sealed record GuideNote(string Source, string Text);
