using System.Text.Json;

namespace Bridle.Hosting.Goals;

/// <summary>Where a phase of a goal stands.</summary>
public enum PhaseStatus
{
    /// <summary>Nobody worked on it yet.</summary>
    Pending,

    /// <summary>A run began and did not come to an end; its session is named.</summary>
    Running,

    /// <summary>Its run ended well and everything that was demanded is there.</summary>
    Done,

    /// <summary>Its last run did not bring it about; the note says why.</summary>
    Failed,
}

/// <summary>Long work in phases that outlives single runs, as a file <c>harness.goal.v1</c> holds it.</summary>
/// <param name="Id">Its name: lower-case letters, digits, dots, hyphens and underscores.</param>
/// <param name="Objective">What is to be reached.</param>
public sealed record Goal(string Id, string Objective)
{
    /// <summary>Paths that a run is told to read first.</summary>
    public IReadOnlyList<string> Context { get; init; } = [];

    /// <summary>How to work: one of the words of <see cref="GoalPosture"/>, or words for the model, or null.</summary>
    public string? Posture { get; init; }

    /// <summary>What must hold all the time.</summary>
    public IReadOnlyList<GoalInvariant> Invariants { get; init; } = [];

    /// <summary>What is demanded before the last open phase is done.</summary>
    public GoalDemand Verify { get; init; } = GoalDemand.Nothing;

    /// <summary>Files that no run may change, as patterns of permission rules.</summary>
    public IReadOnlyList<string> Seal { get; init; } = [];

    /// <summary>Rules that keep calls from running.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>US dollars that all its runs together may cost; null for no limit.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>The phases, in their order.</summary>
    public required IReadOnlyList<GoalPhase> Phases { get; init; }

    /// <summary>US dollars that the tries took that came to an end, with what is estimated.</summary>
    public decimal Took => Phases.Sum(phase => phase.Took.Sum(took => took.Counted));

    /// <summary>Whether that is more than they may together.</summary>
    public bool IsOverdrawn => Took > MaxCost;

    /// <summary>Whether every phase is done.</summary>
    public bool IsDone => Phases.All(phase => phase.Status is PhaseStatus.Done);

    /// <summary>The phase to work on: the one that runs, else the first that is not done; null when all are.</summary>
    public GoalPhase? Next => Phases.FirstOrDefault(phase => phase.Status is PhaseStatus.Running) ?? Phases.FirstOrDefault(phase => phase.Status is not PhaseStatus.Done);

    /// <summary>The phase that a person names by its number or its title, or null.</summary>
    public GoalPhase? Find(string named) =>
        Phases.FirstOrDefault(phase => string.Equals(phase.Title, named, StringComparison.Ordinal))
        ?? (int.TryParse(named, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? Phases.FirstOrDefault(phase => phase.Number == number) : null);
}

/// <summary>A part of a goal that one run brings about.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Title">Its name, which no other phase has.</param>
public sealed record GoalPhase(int Number, string Title)
{
    /// <summary>What is to be done, in more words; or null.</summary>
    public string? Task { get; init; }

    /// <summary>Its own posture, which narrows that of the goal; or null.</summary>
    public string? Posture { get; init; }

    /// <summary>What is demanded before it is done.</summary>
    public GoalDemand Verify { get; init; } = GoalDemand.Nothing;

    /// <summary>Where it stands.</summary>
    public PhaseStatus Status { get; init; }

    /// <summary>What it came to: the answer of a phase that is done, why one failed; or null.</summary>
    public string? Note { get; init; }

    /// <summary>The session of the run that did not come to an end, or null.</summary>
    public string? Session { get; init; }

    /// <summary>How often it was tried to an end.</summary>
    public int Tries { get; init; }

    /// <summary>What those tries took.</summary>
    public IReadOnlyList<GoalTook> Took { get; init; } = [];

    /// <summary>The runs of those tries, as <c>bridle runs show</c> names them.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];
}

/// <summary>What must hold all the time.</summary>
/// <param name="Text">It in words.</param>
/// <param name="Check">What looks whether it does, as in the setting <c>acceptance</c>; null where nothing but the words stands there.</param>
public sealed record GoalInvariant(string Text, JsonElement? Check);

/// <summary>What is demanded before something counts as done.</summary>
/// <param name="Words">It in words, for the model; nothing is run for them.</param>
/// <param name="Checks">The checks, as in the setting <c>acceptance</c>.</param>
public sealed record GoalDemand(string? Words, IReadOnlyList<JsonElement> Checks)
{
    /// <summary>Nothing.</summary>
    public static GoalDemand Nothing { get; } = new(null, []);
}
