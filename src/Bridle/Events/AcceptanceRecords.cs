using System.Text.Json.Serialization;
using Bridle.Messages;

namespace Bridle.Events;

/// <summary>The files that must not change in a run were hashed at its start.</summary>
public sealed record SealedFilesHashed(IReadOnlyList<SealedFile> Files) : DurableEvent
{
    /// <summary>The patterns that no file matched, or null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Unmatched { get; init; }
}

/// <summary>A file that must not change. <paramref name="Hash"/> is the SHA-256 of its content in hex; <paramref name="Path"/> is relative to the workspace root.</summary>
public sealed record SealedFile(string Path, string Hash);

/// <summary>The model had ended its turn, and it was looked at whether what was asked is there.</summary>
/// <param name="Round">Which time in this run, from 1.</param>
/// <param name="Accepted">Whether every check is met.</param>
/// <param name="Checks">Each check with what came of it.</param>
public sealed record AcceptanceChecked(int Round, bool Accepted, IReadOnlyList<CheckVerdict> Checks) : DurableEvent
{
    /// <summary>The sealed files that are not what they were, or null.</summary>
    public IReadOnlyList<SealBreach>? Breaches { get; init; }
}

/// <summary>What came of one check.</summary>
/// <param name="Check">The check in words, such as <c>file README.md contains 'Usage'</c>.</param>
/// <param name="Outcome">Whether it is met.</param>
/// <param name="Reason">Why not, in words for the model and a person; null when it is met.</param>
public sealed record CheckVerdict(string Check, CheckOutcome Outcome, string? Reason = null);

/// <summary>A sealed file that changed in the run.</summary>
/// <param name="Path">Its path from the workspace root.</param>
/// <param name="Change"><c>modified</c>, <c>deleted</c> or <c>added</c>.</param>
/// <param name="Hash">The hash of its content now; null where it is gone.</param>
public sealed record SealBreach(string Path, string Change, string? Hash = null);

/// <summary>Whether a check is met.</summary>
[JsonConverter(typeof(SnakeCaseEnum<CheckOutcome>))]
public enum CheckOutcome
{
    /// <summary>It is.</summary>
    Met,

    /// <summary>It is not, and the model can do something about it.</summary>
    Unmet,

    /// <summary>It could not be found out: the command may not run, the judge gave no verdict. Never counts as met.</summary>
    Unknown,
}
