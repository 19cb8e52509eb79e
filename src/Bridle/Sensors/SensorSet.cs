using System.Collections.Concurrent;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sensors;

/// <summary>What happens to the fixes that sensors offer.</summary>
public enum AutoFix
{
    /// <summary>They are told to the model and nothing more.</summary>
    Off,

    /// <summary>They are applied where the gate lets the model do the same, by a rule, the mode or a person.</summary>
    Ask,

    /// <summary>Safe ones are applied without a question; what the gate denies stays denied.</summary>
    Auto,
}

/// <summary>The sensors of a session and how they are heard.</summary>
/// <param name="All">The sensors, in the order in which they look.</param>
public sealed record SensorSet(IReadOnlyList<Sensor> All)
{
    /// <summary>No sensors.</summary>
    public static SensorSet None { get; } = new([]);

    /// <summary>How often in a turn sensors may send the model back to work instead of letting the turn end.</summary>
    public int MostRounds { get; init; } = 3;

    /// <summary>What happens to fixes.</summary>
    public AutoFix AutoFix { get; init; } = AutoFix.Ask;

    /// <summary>What sensors found while nobody waited, in words for the model; told between two of its steps.</summary>
    public ConcurrentQueue<string> Left { get; init; } = new();

    /// <summary>
    /// The files of the workspace with something that changes whenever the file does, by their paths from the root. Asked before the first call of a turn and after calls that may
    /// have changed anything; null where nobody can say, and then only files that tools say they wrote are known to have changed.
    /// </summary>
    public Func<IFiles, CancellationToken, IReadOnlyDictionary<string, long>>? Look { get; init; }

    /// <summary>The files that a call which makes a commit would take up, by their paths from the root; null where nobody can say.</summary>
    public Func<ToolInvocation, CancellationToken, ValueTask<IReadOnlyList<string>?>> Committed { get; init; } = (_, _) => ValueTask.FromResult<IReadOnlyList<string>?>(null);

    /// <summary>What git's files call commands by other names, for a call; nothing where nobody knows.</summary>
    public Func<ToolInvocation, IReadOnlyDictionary<string, string>> Aliases { get; init; } = _ => new Dictionary<string, string>();

    /// <summary>
    /// Looks at the repository before a call that may do anything. What it gives says after the call which commit it made, or null where it made none. Null where there is no repository
    /// to look at.
    /// </summary>
    public Func<ToolInvocation, Func<CancellationToken, ValueTask<CommitMade?>>?> Watch { get; init; } = _ => null;

    /// <summary>What is red of commits that were made before a sensor had looked.</summary>
    internal ConcurrentQueue<RedCommit> RedCommits { get; } = new();

    /// <summary>What the sensors said at the end of a turn that is played again; they do not look then. Null for the real thing.</summary>
    internal Func<SensorEnd>? Recorded { get; init; }
}

/// <summary>What sensors say before a turn ends.</summary>
/// <param name="GoOn">Why the model should go on, in words for it, or null.</param>
/// <param name="Red">Why the turn ends without being done, in words for a person, or null.</param>
internal readonly record struct SensorEnd(string? GoOn, string? Red);

/// <summary>A commit that a call made without saying so.</summary>
/// <param name="Files">The files that it changed, by their paths from the workspace root; null where nobody knows.</param>
public sealed record CommitMade(IReadOnlyList<string>? Files);

/// <summary>A sensor that was red when it looked, too late, at a commit.</summary>
internal sealed record RedCommit(Sensor Sensor, SensorSight Sight, string Note, IReadOnlyList<string> Files);
