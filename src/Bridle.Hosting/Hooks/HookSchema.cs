using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Hooks;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// Whether a hook's answer says what a hook can say. A verdict that is none would otherwise be silently no opinion. Fields that are not known are for others; null is as if
/// the field were not there.
/// </summary>
internal static class HookSchema
{
    private static readonly string[] s_texts = ["stopReason", "systemMessage", "reason"];

    private static readonly string[] s_flags = ["continue", "suppressOutput"];

    private static readonly string[] s_specificTexts = ["hookEventName", "permissionDecisionReason", "additionalContext", "sessionTitle", "initialUserMessage", "worktreePath"];

    private static readonly string[] s_specificFlags = ["reloadSkills", "suppressOriginalPrompt", "retry"];

    /// <summary>What is wrong with the answer, in words, or null.</summary>
    public static string? Problem(JsonObject answer, HookEvent heard)
    {
        var specific = answer["hookSpecificOutput"];
        return Types(answer, s_texts, s_flags, "") ?? Word(answer, "decision", "", "approve", "block")
            ?? (specific is null ? null : specific is JsonObject known ? Specific(known, heard) : Wrong("hookSpecificOutput", specific, "an object"));
    }

    private static string? Specific(JsonObject specific, HookEvent heard) =>
        Types(specific, s_specificTexts, s_specificFlags, "hookSpecificOutput.")
        ?? (heard.Name is HookEvents.PreToolUse ? Word(specific, "permissionDecision", "hookSpecificOutput.", "allow", "deny", "ask", "defer")
            : heard.Name is HookEvents.PreModelSwitch ? Word(specific, "permissionDecision", "hookSpecificOutput.", "allow", "deny", "ask") : null)
        ?? (heard.Name is HookEvents.PreToolUse ? Object(specific, "updatedInput", "hookSpecificOutput.") : null)
        ?? (specific["watchPaths"] is { } paths && !(paths is JsonArray list && list.All(one => Kind(one) is JsonValueKind.String)) ? Wrong("hookSpecificOutput.watchPaths", paths, "a list of texts") : null)
        ?? (heard.Name is HookEvents.PermissionRequest && specific["decision"] is { } decision ? Permission(decision) : null);

    private static string? Permission(JsonNode decision)
    {
        const string Place = "hookSpecificOutput.decision.";
        if (decision is not JsonObject known)
        {
            return Wrong("hookSpecificOutput.decision", decision, "an object");
        }

        return (known["behavior"] is null ? $"'{Place}behavior' is missing; it is allow or deny" : null)
            ?? Word(known, "behavior", Place, "allow", "deny") ?? Types(known, ["message"], ["interrupt"], Place) ?? Object(known, "updatedInput", Place)
            ?? (known["updatedPermissions"] is { } rules and not JsonArray ? Wrong($"{Place}updatedPermissions", rules, "a list") : null);
    }

    private static string? Types(JsonObject from, string[] texts, string[] flags, string place)
    {
        foreach (var (name, value) in from)
        {
            if (value is not null && texts.Contains(name) && Kind(value) is not JsonValueKind.String)
            {
                return Wrong(place + name, value, "a text");
            }

            if (value is not null && flags.Contains(name) && Kind(value) is not (JsonValueKind.True or JsonValueKind.False))
            {
                return Wrong(place + name, value, "true or false");
            }
        }

        return null;
    }

    private static string? Object(JsonObject from, string name, string place) => from[name] is { } value and not JsonObject ? Wrong(place + name, value, "an object") : null;

    private static string? Word(JsonObject from, string name, string place, params string[] words) =>
        from[name] is { } value && !(value is JsonValue text && text.TryGetValue(out string? word) && words.Contains(word)) ? Wrong(place + name, value, $"{string.Join(", ", words[..^1])} or {words[^1]}") : null;

    private static string Wrong(string place, JsonNode value, string wanted) => $"'{place}' is {Shown(value)}, which is not {wanted}";

    private static string Shown(JsonNode value) => value.ToJsonString() is { Length: > 60 } text ? text[..60] + "…" : value.ToJsonString();

    private static JsonValueKind Kind(JsonNode? node) => node?.GetValueKind() ?? JsonValueKind.Null;
}
