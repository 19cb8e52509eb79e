using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Sensors;

/// <summary>When a sensor looks.</summary>
[Flags]
public enum SensorStages
{
    /// <summary>Never by itself.</summary>
    None = 0,

    /// <summary>After calls that changed files.</summary>
    Edit = 1,

    /// <summary>Before a turn ends that changed files.</summary>
    Turn = 2,

    /// <summary>Before a call that makes a git commit.</summary>
    Commit = 4,

    /// <summary>When files change while a session is open, whoever changes them.</summary>
    Continuous = 8,
}

/// <summary>
/// Observes after an act: a build, a test, a linter, a model that judges. What it finds is told to the model after the results of its calls, and as long as something blocks
/// the turn does not end by itself.
/// </summary>
/// <param name="Name">Names it in the log, to the model and to people.</param>
/// <param name="When">When it looks.</param>
/// <param name="ReadAsync">Looks. One that throws has failed, which is told and blocks nothing. Not called for two moments at once.</param>
public sealed record Sensor(string Name, SensorStages When, Func<SensorMoment, CancellationToken, ValueTask<SensorReading>> ReadAsync)
{
    /// <summary>What it does in a few words, such as its command.</summary>
    public string What { get; init; } = "";

    /// <summary>Which changed files concern it, by their paths from the workspace root; every file unless set.</summary>
    public Func<string, bool> Concerns { get; init; } = _ => true;

    /// <summary>The most that what it finds counts as.</summary>
    public SignalSeverity Most { get; init; } = SignalSeverity.Block;

    // One that is asked twice at once waits for itself.
    internal SemaphoreSlim Alone { get; } = new(1, 1);

    /// <summary>Said with every signal that has no advice of its own, or null.</summary>
    public string? Advice { get; init; }
}

/// <summary>What a sensor looks at.</summary>
/// <param name="Stage">When.</param>
/// <param name="Files">The changed files that concern it, by their paths from the workspace root; a file may be gone.</param>
/// <param name="Calls">How it acts: every program it runs and every file it reads is a call that passes the gate.</param>
public sealed record SensorMoment(SensorStages Stage, IReadOnlyList<string> Files, SensorCalls Calls)
{
    /// <summary>Why nobody knows which files it is about, in words; null where <see cref="Files"/> are all of them.</summary>
    public string? WhyNoFiles { get; init; }

    /// <summary>How a model is asked: what sensors spend in a turn is the turn's. Null where no limit would hold it, and nobody is asked.</summary>
    public AskingBeside? Beside { get; init; }
}

/// <summary>What a sensor came to.</summary>
/// <param name="Findings">What it found; nothing when all is well.</param>
public sealed record SensorReading(IReadOnlyList<Finding> Findings)
{
    /// <summary>Nothing found.</summary>
    public static SensorReading Clean { get; } = new([]);

    /// <summary>Why it could not look, or null.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it stopped counting before the end: there are at least so many.</summary>
    public bool IsAtLeast { get; init; }

    /// <summary>How many of the files that concern it were not looked at, because there are more than it takes at once.</summary>
    public int FilesLeftOut { get; init; }

    /// <summary>A fix for what it found as a whole, tried before those of single findings, or null.</summary>
    public Fix? Fix { get; init; }

    /// <summary>It could not look.</summary>
    public static SensorReading Failed(string reason) => new([]) { Failure = reason };
}

/// <summary>One thing that a sensor found.</summary>
/// <param name="Signal">What it is and where.</param>
/// <param name="Fix">What would put it right, or null.</param>
public sealed record Finding(SensorSignal Signal, Fix? Fix = null);

/// <summary>What would put something right. It is applied through the gate like a call of the model.</summary>
public abstract record Fix
{
    private protected Fix()
    {
    }
}

/// <summary>Writes the whole file.</summary>
/// <param name="File">Its path from the workspace root.</param>
/// <param name="Content">The new content.</param>
public sealed record ReplaceFileFix(string File, string Content) : Fix;

/// <summary>Applies a unified diff. Paths may have the prefixes <c>a/</c> and <c>b/</c>. It applies as a whole or not at all.</summary>
/// <param name="Diff">The diff.</param>
public sealed record PatchFix(string Diff) : Fix;

/// <summary>Runs a command.</summary>
/// <param name="Command">A command line.</param>
/// <param name="Trusted">Whether it was written by a person who may say what runs, or is one of ours; a command that a sensor's output names is not.</param>
public sealed record CommandFix(string Command, bool Trusted) : Fix;
