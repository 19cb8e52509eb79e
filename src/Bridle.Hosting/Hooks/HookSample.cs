using System.Text.Json.Nodes;
using Bridle.Hooks;
using Bridle.Models;

namespace Bridle.Hosting.Hooks;

/// <summary>The fields of an event as <c>bridle hooks test</c> gives them: every one that a session would, also those that are not always there.</summary>
internal static class HookSample
{
    private static readonly ModelInfo s_model = new("sample", "sample", "sample") { Price = new(2m, 10m, 0.2m, 2.5m) };

    /// <summary>The fields of an event that is about no call.</summary>
    public static JsonObject Facts(string name) => name switch
    {
        HookEvents.UserPromptSubmit => new() { ["prompt"] = "sample", ["session_title"] = "sample" },
        HookEvents.Stop => new() { ["stop_hook_active"] = false, ["last_assistant_message"] = "sample" },
        HookEvents.SubagentStop => new() { ["stop_hook_active"] = false, ["last_assistant_message"] = "sample", ["agent_id"] = "sample", ["agent_type"] = "learning review" },
        HookEvents.SubagentStart => new() { ["agent_id"] = "sample", ["agent_type"] = "learning review" },
        HookEvents.SessionStart => new() { ["source"] = "startup", ["model"] = "rehearsal/rehearsal", ["session_title"] = "sample" },
        HookEvents.SessionEnd => new() { ["reason"] = "other" },
        HookEvents.Notification => new() { ["message"] = "sample", ["notification_type"] = "permission_prompt" },
        HookEvents.PreCompact => new() { ["trigger"] = "manual", ["custom_instructions"] = "" },
        HookEvents.UserPromptExpansion => new() { ["expansion_type"] = "slash_command", ["command_name"] = "sample", ["command_args"] = "", ["command_source"] = "user", ["prompt"] = "/sample" },
        HookEvents.StopFailure => new() { ["error"] = "server_error", ["error_details"] = "sample", ["last_assistant_message"] = "" },
        HookEvents.CwdChanged => new() { ["old_cwd"] = "/sample", ["new_cwd"] = "/sample/src" },
        HookEvents.FileChanged => new() { ["file_path"] = "/sample/.env", ["event"] = "change" },
        HookEvents.ConfigChange => new() { ["source"] = "project_settings", ["file_path"] = "/sample/.bridle/settings.json" },
        HookEvents.InstructionsLoaded => new()
        {
            ["file_path"] = "/sample/AGENTS.md", ["memory_type"] = "Project", ["load_reason"] = "session_start",
            ["globs"] = new JsonArray("**/*.txt"), ["trigger_file_path"] = "/sample/a.txt", ["parent_file_path"] = "/sample/main.md",
        },
        HookEvents.PreModelSwitch or HookEvents.PostModelSwitch => new ModelSwitch("rehearsal/rehearsal", s_model, "sample", "command", 1000).Occasion(name).Facts,
        HookEvents.Setup => new() { ["trigger"] = "init" },
        HookEvents.WorktreeCreate => new() { ["name"] = "sample" },
        HookEvents.PostCompact => new() { ["trigger"] = "manual", ["compact_summary"] = "sample" },
        _ => [],
    };
}
