using System.Text.Json.Serialization;
using Bridle.Messages;

namespace Bridle.Events;

/// <summary>A hook answered. Reused on resume when <paramref name="InputHash"/> is the same.</summary>
/// <param name="Call">The call it was asked about, or null.</param>
/// <param name="Event">Such as <c>PreToolUse</c>.</param>
/// <param name="Hook">Which hook.</param>
/// <param name="InputHash">The hash of what it was given.</param>
/// <param name="Verdict"><c>none</c>, <c>allow</c>, <c>ask</c> or <c>deny</c>.</param>
/// <param name="Reason">Its words, or null.</param>
/// <param name="UpdatedInput">The rewritten input as JSON text, or null.</param>
public sealed record HookRan(CallId? Call, string Event, string Hook, string InputHash, string Verdict, string? Reason, string? UpdatedInput = null) : DurableEvent
{
    /// <summary>Why it ends the turn, or null.</summary>
    public string? StopReason { get; init; }

    /// <summary>The rules that it adds when its yes counts, or null.</summary>
    public IReadOnlyList<HookRule>? Rules { get; init; }

    /// <summary>The mode that it sets when its yes counts, or null.</summary>
    public string? Mode { get; init; }

    /// <summary>The blobs of texts that were too long to be told whole, which the model may read; or null.</summary>
    public IReadOnlyList<string>? Spills { get; init; }
}

/// <summary>A rule that a hook adds to the session.</summary>
/// <param name="Rule">Its text.</param>
/// <param name="Verdict"><c>allow</c>, <c>ask</c> or <c>deny</c>.</param>
public sealed record HookRule(string Rule, string Verdict);

/// <summary>The gate judged a call.</summary>
/// <param name="Call">Which call.</param>
/// <param name="Verdict"><c>allow</c>, <c>ask</c> or <c>deny</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Rule">The rule that decided, with where it came from, or null.</param>
public sealed record CallJudged(CallId Call, string Verdict, string Reason, string? Rule = null) : DurableEvent;

/// <summary>A person must decide. Valid for exactly this input, base file and isolation, and until it expires.</summary>
/// <param name="Id">Names the request.</param>
/// <param name="Call">The call.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Input">The bound input as JSON text: exactly what will run.</param>
/// <param name="InputHash">Its hash.</param>
/// <param name="BaseHash">The hash of the file that would be changed, or null.</param>
/// <param name="Isolation">What would confine the call.</param>
/// <param name="Reason">Why it is asked.</param>
/// <param name="ExpiresAt">After this a yes no longer counts.</param>
public sealed record ApprovalRequested(
    string Id, CallId Call, string Tool, string Input, string InputHash, string? BaseHash, string Isolation, string Reason, DateTimeOffset ExpiresAt) : DurableEvent;

/// <summary>The first answer to an approval request.</summary>
/// <param name="Id">The request.</param>
/// <param name="Verdict"><c>allow</c> or <c>deny</c>.</param>
/// <param name="Scope"><c>once</c>, <c>session</c>, <c>project</c> or <c>always</c>.</param>
/// <param name="By">Who answered: <c>person</c>, <c>hook</c>, <c>headless</c>.</param>
/// <param name="Reason">Their words, or null.</param>
/// <param name="EditedInput">The input as the person changed it; it is bound and judged again. Null when unchanged.</param>
public sealed record ApprovalGiven(string Id, string Verdict, string Scope, string By, string? Reason = null, string? EditedInput = null) : DurableEvent
{
    /// <summary>The allow rule that a scope wider than this call stands for, or null.</summary>
    public string? Rule { get; init; }

    /// <summary>The same, typed: who may do what; null for this call alone.</summary>
    public GrantGiven? Grant { get; init; }

    /// <summary>The rules that a hook added to the session with its yes, or null.</summary>
    public IReadOnlyList<HookRule>? Rules { get; init; }
}

/// <summary>What a person agreed to beyond one call.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Actor">Whose calls it covers.</param>
/// <param name="Capability">The tool.</param>
/// <param name="Pattern">What of the tool; null for every call.</param>
/// <param name="Lifetime"><c>session</c>, <c>project</c> or <c>always</c>.</param>
public sealed record GrantGiven(string Id, string Actor, string Capability, string? Pattern, string Lifetime);

/// <summary>The model asked the person a question.</summary>
public sealed record QuestionAsked(string Id, CallId Call, string Question, IReadOnlyList<string> Options) : DurableEvent;

/// <summary>The person answered a question.</summary>
public sealed record QuestionAnswered(string Id, string Answer) : DurableEvent;

/// <summary>A call passed the gate and begins. On disk before a <em>once</em> effect.</summary>
/// <param name="Call">The call.</param>
/// <param name="Tool">The tool's canonical name.</param>
/// <param name="InputHash">The hash of the bound input.</param>
/// <param name="Effect">Decides what resuming does when no answer follows.</param>
/// <param name="Isolation">What confines it.</param>
public sealed record ToolStarted(CallId Call, string Tool, string InputHash, ToolEffect Effect, string Isolation) : DurableEvent;

/// <summary>A file was copied before a call changed it. <paramref name="Blob"/> is null when the file did not exist.</summary>
public sealed record SnapshotTaken(CallId Call, string Path, string? Blob, int? UnixMode) : DurableEvent;

/// <summary>A call has its answer.</summary>
/// <param name="Call">The call.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Content">What the model sees.</param>
/// <param name="Milliseconds">How long it took, from passing the gate.</param>
public sealed record ToolReturned(CallId Call, CallOutcome Outcome, IReadOnlyList<MessagePart> Content, long Milliseconds) : DurableEvent
{
    /// <summary>Whether the model is told that this is an error.</summary>
    [JsonIgnore]
    public bool IsError => Outcome != CallOutcome.Completed;

    /// <summary>The tool that ran, or null when the call never reached one.</summary>
    public string? Tool { get; init; }

    /// <summary>The files that were read or written with the hash of their content afterwards; what later edits are checked against.</summary>
    public IReadOnlyList<FileTouch>? Files { get; init; }

    /// <summary>The files of which something was shown without reading them, by real path; or null.</summary>
    public IReadOnlyList<string>? Looked { get; init; }

    /// <summary>The shell's working directory after the call, when it changed.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The blob that holds the whole output when <see cref="Content"/> shows head and tail only.</summary>
    public string? Spill { get; init; }

    /// <summary>A unified diff for people, or null.</summary>
    public string? Diff { get; init; }

    /// <summary>The exit code of a process, or null.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>A file as a call left it. <paramref name="Hash"/> is the SHA-256 of its content in hex.</summary>
public sealed record FileTouch(string Path, string Hash, bool Written);

/// <summary>How a call ended.</summary>
[JsonConverter(typeof(SnakeCaseEnum<CallOutcome>))]
public enum CallOutcome
{
    /// <summary>It ran and did what it was asked.</summary>
    Completed,

    /// <summary>It ran, or its arguments were wrong, and it failed.</summary>
    Failed,

    /// <summary>It did not run: a rule, a hook or a person said no.</summary>
    Denied,

    /// <summary>It ran out of time and was ended.</summary>
    TimedOut,

    /// <summary>A person interrupted it.</summary>
    Cancelled,

    /// <summary>The process died while it ran; whether it took effect is unknown.</summary>
    Interrupted,
}

/// <summary>What a second execution of the same call would mean; decides what resuming does with a call that started and has no answer.</summary>
[JsonConverter(typeof(SnakeCaseEnum<ToolEffect>))]
public enum ToolEffect
{
    /// <summary>Running it again is harmless (reads, searches).</summary>
    Repeatable,

    /// <summary>It must not run twice: an unanswered start is told as interrupted, outcome unknown.</summary>
    Once,

    /// <summary>Its outcome lives in records of its own (questions, child runs) and is resumed by id.</summary>
    Durable,
}
