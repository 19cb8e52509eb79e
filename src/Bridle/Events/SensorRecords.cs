using System.Text.Json.Serialization;
using Bridle.Messages;

namespace Bridle.Events;

/// <summary>A sensor looked at what was done.</summary>
/// <param name="Sensor">Its name.</param>
/// <param name="Stage">When it looked: <c>edit</c>, <c>turn</c>, <c>commit</c> or <c>continuous</c>.</param>
/// <param name="State">What came of it.</param>
/// <param name="Signals">What it found, the gravest first, at most <see cref="MostSignals"/>.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record SensorRan(string Sensor, string Stage, SensorState State, IReadOnlyList<SensorSignal> Signals, long Milliseconds) : DurableEvent
{
    /// <summary>How many signals a record holds.</summary>
    public const int MostSignals = 100;

    /// <summary>How many signals there were, when the record does not hold all of them.</summary>
    public int? Found { get; init; }

    /// <summary>How many of <see cref="Found"/> block; null where that is, and in records of before this was counted.</summary>
    public int? Errors { get; init; }

    /// <summary>How many of <see cref="Found"/> warn; null where <see cref="Errors"/> is.</summary>
    public int? Warnings { get; init; }

    /// <summary>True where counting stopped before the end of what was printed: there were at least so many.</summary>
    public bool? AtLeast { get; init; }

    /// <summary>How many changed files it did not look at, because there are more than it takes at once; null for none.</summary>
    public int? FilesLeftOut { get; init; }

    /// <summary>Why it could not look, or null.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a sensor came to.</summary>
[JsonConverter(typeof(SnakeCaseEnum<SensorState>))]
public enum SensorState
{
    /// <summary>It looked, and nothing that it found blocks.</summary>
    Green,

    /// <summary>It looked and found something that blocks.</summary>
    Red,

    /// <summary>It could not look.</summary>
    Failed,
}

/// <summary>How grave a signal is.</summary>
[JsonConverter(typeof(SnakeCaseEnum<SignalSeverity>))]
public enum SignalSeverity
{
    /// <summary>Good to know.</summary>
    Hint,

    /// <summary>Should be looked at.</summary>
    Warn,

    /// <summary>The work is not done as long as this stands.</summary>
    Block,
}

/// <summary>Something that a sensor found.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Message">What is wrong.</param>
public sealed record SensorSignal(SignalSeverity Severity, string Message)
{
    /// <summary>The file, relative to the workspace where it lies inside, or null.</summary>
    public string? File { get; init; }

    /// <summary>The line, counted from 1, or null.</summary>
    public int? Line { get; init; }

    /// <summary>The column, counted from 1, or null.</summary>
    public int? Column { get; init; }

    /// <summary>The rule or error code, or null.</summary>
    public string? Code { get; init; }

    /// <summary>How to put it right, or null.</summary>
    public string? Advice { get; init; }

    /// <summary>The end of what was printed, in lines, where nothing in it could be read as a signal; or null.</summary>
    public string? Detail { get; init; }
}

/// <summary>A fix that a sensor offered was tried.</summary>
/// <param name="Sensor">Whose fix.</param>
/// <param name="Kind"><c>replace</c>, <c>patch</c> or <c>command</c>.</param>
/// <param name="Target">The file or the command.</param>
/// <param name="Outcome"><c>applied</c>, <c>denied</c> or <c>failed</c>.</param>
/// <param name="Reason">Why not, or null.</param>
public sealed record SensorFixed(string Sensor, string Kind, string Target, string Outcome, string? Reason = null) : DurableEvent;
