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

    /// <summary>A person's message names a skill, whose text is about to be told.</summary>
    public const string UserPromptExpansion = "UserPromptExpansion";

    /// <summary>The gate refused a call, and no person did.</summary>
    public const string PermissionDenied = "PermissionDenied";

    /// <summary>All calls of one reply are answered.</summary>
    public const string PostToolBatch = "PostToolBatch";

    /// <summary>The turn ended because the model failed.</summary>
    public const string StopFailure = "StopFailure";

    /// <summary>Later calls begin in another folder.</summary>
    public const string CwdChanged = "CwdChanged";

    /// <summary>A file that somebody watches changed.</summary>
    public const string FileChanged = "FileChanged";

    /// <summary>A settings file or a skill changed.</summary>
    public const string ConfigChange = "ConfigChange";

    /// <summary>A file of instructions is told to the model.</summary>
    public const string InstructionsLoaded = "InstructionsLoaded";

    /// <summary>A person asks for another model.</summary>
    public const string PreModelSwitch = "PreModelSwitch";

    /// <summary>Another model answers from here on.</summary>
    public const string PostModelSwitch = "PostModelSwitch";

    /// <summary>The project is to be prepared for work, before the session begins.</summary>
    public const string Setup = "Setup";

    /// <summary>A folder of its own is to be made for a session.</summary>
    public const string WorktreeCreate = "WorktreeCreate";

    /// <summary>A subagent begins to work for the session. What hooks add is told to it before its task.</summary>
    public const string SubagentStart = "SubagentStart";

    /// <summary>A subagent has its answer. A denial lets it go on.</summary>
    public const string SubagentStop = "SubagentStop";
}
