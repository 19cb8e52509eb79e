using Bridle.Messages;

namespace Bridle.Events;

/// <summary>What the log knows about one call that has no answer yet.</summary>
public sealed class CallState
{
    internal CallState(ToolCallPart call) => Call = call;

    /// <summary>The call as the model made it.</summary>
    public ToolCallPart Call { get; }

    /// <summary>The record that it began, or null when it never passed the gate.</summary>
    public ToolStarted? Started { get; internal set; }

    /// <summary>The last approval request for it, or null.</summary>
    public ApprovalRequested? Asked { get; internal set; }

    /// <summary>The answer to <see cref="Asked"/>, or null.</summary>
    public ApprovalGiven? Given { get; internal set; }

    /// <summary>When <see cref="Given"/> was recorded.</summary>
    public DateTimeOffset? GivenAt { get; internal set; }

    /// <summary>The question it asked, or null.</summary>
    public QuestionAsked? Question { get; internal set; }

    /// <summary>The person's answer to <see cref="Question"/>, or null.</summary>
    public string? Answer { get; internal set; }

    /// <summary>What hooks said about it, to be reused when the same input comes again.</summary>
    public IReadOnlyList<HookRan> Hooks => HookRecords;

    internal List<HookRan> HookRecords { get; } = [];

    /// <summary>Whether somebody will ask for <see cref="Bound"/>; nobody keeps it otherwise.</summary>
    internal bool KeepsBound { get; set; }

    /// <summary>The input that it ran with, after hooks and people changed it, the folder that it began in, and whether it printed nothing; null where it was never bound.</summary>
    internal (string Input, string Folder, bool IsSilent)? Bound { get; set; }

    internal ToolReturned? Returned { get; set; }

    internal long ReturnedAt { get; set; }
}
