namespace Bridle.Hooks;

/// <summary>The names of the events that the kernel itself tells hooks about.</summary>
public static class HookEvents
{
    /// <summary>A call is about to be judged.</summary>
    public const string PreToolUse = "PreToolUse";

    /// <summary>A call did what it was asked.</summary>
    public const string PostToolUse = "PostToolUse";

    /// <summary>A call ran and failed.</summary>
    public const string PostToolUseFailure = "PostToolUseFailure";

    /// <summary>A person is about to be asked about a call.</summary>
    public const string PermissionRequest = "PermissionRequest";

    /// <summary>A person's message is about to be accepted.</summary>
    public const string UserPromptSubmit = "UserPromptSubmit";

    /// <summary>The model has given its answer and the turn is about to end.</summary>
    public const string Stop = "Stop";

    /// <summary>A session begins or goes on.</summary>
    public const string SessionStart = "SessionStart";

    /// <summary>A session is closed.</summary>
    public const string SessionEnd = "SessionEnd";

    /// <summary>The conversation is about to be made shorter.</summary>
    public const string PreCompact = "PreCompact";

    /// <summary>The conversation was made shorter.</summary>
    public const string PostCompact = "PostCompact";

    /// <summary>A person is waited for.</summary>
    public const string Notification = "Notification";
}
