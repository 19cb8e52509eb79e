namespace Bridle.Hosting.Hooks;

/// <summary>What there is to know about one event: what hooks hear, what they may answer, and whether it happens yet.</summary>
/// <param name="Name">The name in settings and in <c>hook_event_name</c>.</param>
/// <param name="Matches">What a matcher is held against, or null when the event takes none.</param>
/// <param name="Fields">What stands in the input beside the common fields.</param>
/// <param name="Block">What exit code 2, or a block, does.</param>
/// <param name="Output">The fields of <c>hookSpecificOutput</c> and the top-level decision that count.</param>
/// <param name="WaitsFor">The part of Bridle that will tell about it and is not there yet, or null: it happens.</param>
public sealed record HookEvent(string Name, string? Matches, string Fields, string Block, string Output, string? WaitsFor = null)
{
    /// <summary>It is about a call, so <c>if</c> has something to look at.</summary>
    public bool IsAboutCalls => Matches == ToolName;

    /// <summary>Plain text on standard output is told to the model.</summary>
    public bool PlainTextIsContext { get; init; }

    /// <summary>The seconds a command or an address has when the hook names none.</summary>
    public double Seconds { get; init; } = 600;

    /// <summary>A command may leave variables for later Bash calls in the file that <c>CLAUDE_ENV_FILE</c> names.</summary>
    public bool HasEnvFile { get; init; }

    /// <summary><c>onFailure</c> does not count: nothing may be kept from ending because a hook is broken.</summary>
    public bool IsEnd { get; init; }

    private const string ToolName = "tool name";

    private const string Notice = "told to the person";

    private const string Switch = "`from_model`, `to_model`, `requested_model`, `source`, `context_tokens`, `prompt_cache_warm`, `cache_ttl`, `estimated_cache_write_usd`, `pricing`";

    private const string Call = "`tool_name`, `tool_input`";

    /// <summary>All events that are known, those that happen first.</summary>
    public static IReadOnlyList<HookEvent> All { get; } =
    [
        new("PreToolUse", ToolName, $"{Call}, `tool_use_id`", "the call is refused; standard error goes to the model", "`permissionDecision` allow, deny or ask, `permissionDecisionReason`, `updatedInput`, `additionalContext`; `decision` approve or block"),
        new("PermissionRequest", ToolName, Call, "not honoured", "`decision` with `behavior` allow (`updatedInput`, `updatedPermissions`) or deny (`message`, `interrupt`)"),
        new("PostToolUse", ToolName, $"{Call}, `tool_use_id`, `tool_response`, `duration_ms`", "standard error goes to the model", "`decision` block with `reason`; `additionalContext`, `updatedToolOutput`"),
        new("PostToolUseFailure", ToolName, $"{Call}, `tool_use_id`, `error`, `is_interrupt`, `duration_ms`", "standard error goes to the model", "`additionalContext`"),
        new("UserPromptSubmit", null, "`prompt`, `session_title`", "the message is refused; standard error goes to the person", "`decision` block with `reason`, `suppressOriginalPrompt`; `additionalContext`, `sessionTitle`") { PlainTextIsContext = true, Seconds = 30 },
        new("Stop", null, "`stop_hook_active`, `last_assistant_message`", "the turn goes on; standard error goes to the model; eight times in a row at most", "`decision` block with `reason`; `additionalContext`") { IsEnd = true },
        new("SessionStart", "startup, resume, clear or compact", "`source`, `model`, `session_title`", "told to the person", "`additionalContext`, `initialUserMessage`, `sessionTitle`, `reloadSkills`, `watchPaths`") { PlainTextIsContext = true, HasEnvFile = true },
        new("SessionEnd", "clear, resume, logout, prompt_input_exit or other", "`reason`", "told to nobody", "nothing") { Seconds = 1.5, IsEnd = true },
        new("Notification", "permission_prompt or elicitation_dialog", "`message`, `notification_type`", "ignored", "nothing") { IsEnd = true },
        new("PreCompact", "manual or auto", "`trigger`, `custom_instructions`", "the conversation is not shortened; standard error goes to the person", "`decision` block with `reason`"),
        new("PostCompact", "manual or auto", "`trigger`, `compact_summary`", "ignored", "nothing") { IsEnd = true },
        new("UserPromptExpansion", "command name", "`expansion_type`, `command_name`, `command_args`, `command_source`, `prompt`", "the message is refused; standard error goes to the person", "`decision` block with `reason`, `suppressOriginalPrompt`; `additionalContext`") { PlainTextIsContext = true, Seconds = 30 },
        new("PermissionDenied", ToolName, $"{Call}, `tool_use_id`, `reason`", "ignored", "`retry` true tells the model that it may try again; `additionalContext`") { IsEnd = true },
        new("PostToolBatch", null, "`tool_calls` with `tool_name`, `tool_input`, `tool_use_id`, `tool_response`", "the turn ends; standard error goes to the person", "`decision` block with `reason`; `additionalContext`"),
        new("StopFailure", "error type", "`error`, `error_details`, `last_assistant_message`", "ignored", "nothing") { IsEnd = true },
        new("CwdChanged", null, "`old_cwd`, `new_cwd`", Notice, "`additionalContext`, `watchPaths`") { HasEnvFile = true, IsEnd = true },
        new("FileChanged", "file name", "`file_path`, `event` change, add or unlink", Notice, "`additionalContext`, `watchPaths`") { HasEnvFile = true, IsEnd = true },
        new("ConfigChange", "user_settings, project_settings, local_settings, policy_settings or skills", "`source`, `file_path`", "a changed skill stays as it was, a new one is left out; settings count from the next start on in any case, and the person is told", "`decision` block with `reason`; `additionalContext`"),
        new("InstructionsLoaded", "session_start, nested_traversal, path_glob_match or include", "`file_path`, `memory_type`, `load_reason`, `globs`, `trigger_file_path`, `parent_file_path`", "ignored: the file is told all the same", "`additionalContext`; `continue` false ends the turn, or keeps the session from beginning") { IsEnd = true },
        new("PreModelSwitch", null, Switch, "the model stays; standard error goes to the person", "`permissionDecision` allow, deny or ask, `permissionDecisionReason`"),
        new("PostModelSwitch", null, Switch, Notice, "`additionalContext`") { IsEnd = true },
        new("Setup", "init or maintenance", "`trigger`", Notice, "`additionalContext`") { HasEnvFile = true, IsEnd = true },
        new("WorktreeCreate", null, "`name`", "there is no worktree, and nothing is started; so for any code but 0", "the last line of standard output is the folder; `worktreePath` of an address"),
        new("SubagentStart", "agent type", "`agent_id`, `agent_type`", Notice, "`additionalContext`, told to the subagent before its task"),
        new("SubagentStop", "agent type", "`agent_id`, `agent_type`, `stop_hook_active`, `last_assistant_message`", "the subagent goes on; standard error goes to it; eight times in a row at most", "`decision` block with `reason`; `additionalContext`") { IsEnd = true },
        .. Later("teams of agents", "TeammateIdle TaskCreated TaskCompleted"),
        .. Later("a display that others may change", "MessageDisplay"),
        .. Later("folders that are added while a session is open", "DirectoryAdded"),
        .. Later("worktrees that Bridle removes itself", "WorktreeRemove"),
        .. Later("MCP", "Elicitation ElicitationResult"),
    ];

    /// <summary>The event of that name, in PascalCase or in OpenHarness' snake_case; null when there is none.</summary>
    public static HookEvent? Find(string name) =>
        All.FirstOrDefault(one => one.Name == name) ?? All.FirstOrDefault(one => string.Equals(one.Name, name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<HookEvent> Later(string part, string names) => names.Split(' ').Select(name =>
        new HookEvent(name, MatcherOf(name), "", "see the part", "see the part", part));

    private static string? MatcherOf(string name) => name switch
    {
        "Elicitation" or "ElicitationResult" => "MCP server",
        _ => null,
    };
}
