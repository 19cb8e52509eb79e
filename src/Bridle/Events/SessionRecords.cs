using Bridle.Messages;

namespace Bridle.Events;

/// <summary>The first record of every log. <paramref name="Format"/> is the version of the file format, now 1.</summary>
/// <param name="Format">Format version.</param>
/// <param name="Name">The session's name when it was made.</param>
/// <param name="WorkingDirectory">The absolute path of the workspace root.</param>
/// <param name="Bridle">The version of the program that made the file.</param>
/// <param name="ClonedFrom">The name of the session it was cloned or forked from, or null.</param>
/// <param name="ClonedUpTo">The last record number taken over from there, or null.</param>
public sealed record SessionStarted(int Format, string Name, string WorkingDirectory, string Bridle, string? ClonedFrom = null, long? ClonedUpTo = null) : DurableEvent
{
    /// <summary>The program whose transcript this session was made of, or null.</summary>
    public string? ImportedFrom { get; init; }

    /// <summary>The blob that holds that transcript, or null.</summary>
    public string? Original { get; init; }
}

/// <summary>The session has another name from here on.</summary>
public sealed record SessionRenamed(string Name) : DurableEvent;

/// <summary>What was allowed for the rest of the session is taken back: from here on it is asked about again.</summary>
/// <param name="Id">The grant.</param>
/// <param name="By">Who took it back: <c>person</c>.</param>
public sealed record GrantRevoked(string Id, string By) : DurableEvent;

/// <summary>The session has a title from here on: one line for lists, in place of the beginning of its first message. Its name stays.</summary>
/// <param name="Title">The title.</param>
/// <param name="By">Who gave it: <c>hook</c>.</param>
public sealed record SessionTitled(string Title, string By) : DurableEvent;

/// <summary>A person went back to before a message, or undid that, and came from another session into this one: what is needed to go there again.</summary>
/// <param name="From">The session that was left; it keeps what was said there.</param>
/// <param name="UpTo">Its last record then.</param>
/// <param name="Files">The files that were put back, as they were just before.</param>
public sealed record Rewound(string From, long UpTo, IReadOnlyList<RewoundFile> Files) : DurableEvent;

/// <summary>A file that going back changes.</summary>
/// <param name="Path">Its real path.</param>
/// <param name="Kept">Whether it was copied before; false where it was too large or could not be read.</param>
/// <param name="Blob">The blob with its bytes; null where it was not there, or was not kept.</param>
/// <param name="UnixMode">Its permission bits, where there are any.</param>
/// <param name="PutBack">The first 32 digits of the hash of what going back puts there: enough to know it again, and nothing that keeps a blob. Null where it takes the file away.</param>
public sealed record RewoundFile(string Path, bool Kept, string? Blob, int? UnixMode, string? PutBack);

/// <summary>A person's edits of the file were shown, consented to and sealed. Lists the numbers the changed records have after the edit.</summary>
public sealed record SessionEdited(IReadOnlyList<long> Changed, int Removed, int Inserted, string By) : DurableEvent
{
    /// <summary>The blob that holds the file as it was before, or null when nobody had it any more.</summary>
    public string? Before { get; init; }
}

/// <summary>A torn last line was cut off when the file was opened.</summary>
public sealed record LogRepaired(long BytesCut) : DurableEvent
{
    /// <summary>The blob that holds the bytes that were cut, or null when there were none.</summary>
    public string? Blob { get; init; }
}

/// <summary>The permission mode changed. <paramref name="By"/> is <c>person</c>, <c>flag</c>, <c>plan_approved</c> or <c>hook</c>.</summary>
public sealed record ModeChanged(string From, string To, string By) : DurableEvent;

/// <summary>Another model answers from here on, as <c>provider/model</c>.</summary>
public sealed record ModelChanged(string From, string To) : DurableEvent;

/// <summary>A run began.</summary>
/// <param name="Kind">Such as <c>turn</c>.</param>
/// <param name="Model">The model as <c>provider/model</c>.</param>
/// <param name="Mode">The permission mode at its start.</param>
/// <param name="Limits">What it may spend.</param>
/// <param name="Simulated">True when the rehearsal model answers.</param>
public sealed record RunStarted(string Kind, string Model, string Mode, RunLimits Limits, bool Simulated = false) : DurableEvent
{
    /// <summary>What confines the run's calls unless they ask not to be, in words; null when nobody said.</summary>
    public string? Isolation { get; init; }

    /// <summary>What must hold before it counts as done, each in words; null for nothing.</summary>
    public IReadOnlyList<string>? Acceptance { get; init; }

    /// <summary>The role in which the model answers, such as <c>planner</c>; null for the session's own model.</summary>
    public string? Role { get; init; }
}

/// <summary>What a run may spend; null means no limit.</summary>
public sealed record RunLimits(int? Steps = null, long? Tokens = null, decimal? Cost = null, double? Seconds = null, int? Calls = null);

/// <summary>A run ended.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Usage">Its tokens.</param>
/// <param name="Cost">Its money in US dollars; null when a price was unknown.</param>
/// <param name="Steps">How many replies it asked for.</param>
/// <param name="Denied">The calls that were denied, each as tool and reason.</param>
/// <param name="Error">What went wrong, in words for a person, or null.</param>
/// <param name="ErrorKind">The kind of a model failure in snake_case, or null.</param>
public sealed record RunFinished(
    TurnOutcome Outcome, Usage Usage, decimal? Cost, int Steps, IReadOnlyList<DeniedCall> Denied, string? Error = null, string? ErrorKind = null) : DurableEvent
{
    /// <summary>What of <see cref="Usage"/> is a guess, because a request broke off and its server did not say; null where nothing is, and in logs that were written before this was kept.</summary>
    public Usage? EstimatedUsage { get; init; }

    /// <summary>What of <see cref="Cost"/> is a guess, in US dollars; null where nothing is, and where the cost is not known.</summary>
    public decimal? EstimatedCost { get; init; }
}

/// <summary>A call that did not run because a rule, a person or the lack of one said no.</summary>
public sealed record DeniedCall(CallId Call, string Tool, string Reason);

/// <summary>A detached run with a journal of its own was started; its budget is reserved here. Resumed by <paramref name="MessageId"/>.</summary>
public sealed record Delegated(string MessageId, string Session, string Task, RunLimits Reserved) : DurableEvent;

/// <summary>A detached run reported back.</summary>
public sealed record Reported(string MessageId, string Session, string Text, bool IsError, Usage Usage, decimal? Cost) : DurableEvent;
