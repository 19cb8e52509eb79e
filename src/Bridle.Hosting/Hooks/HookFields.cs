using System.Text.Json;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Hooks;

/// <summary>The fields that entries and hooks in a settings file may have. What else stands there says nothing, and is named where a file is checked.</summary>
internal static class HookFields
{
    /// <summary>Fields of an entry with hooks in it.</summary>
    public static readonly IReadOnlyList<string> OfGroup = ["matcher", "hooks", "description"];

    /// <summary>Fields of one hook, in all three forms, and their JSON types for editors.</summary>
    public static readonly IReadOnlyList<(string Name, string Schema)> OfHook =
    [
        ("type", """{ "enum": ["command", "http", "prompt", "agent", "mcp_tool"] }"""), ("command", """{ "type": "string" }"""), ("args", """{ "type": "array", "items": { "type": "string" } }"""),
        ("shell", """{ "enum": ["sh", "bash"] }"""), ("url", """{ "type": "string", "pattern": "^[hH][tT][tT][pP][sS]?://" }"""), ("headers", """{ "type": "object", "additionalProperties": { "type": "string" } }"""),
        ("allowedEnvVars", """{ "type": "array", "items": { "type": "string" } }"""), ("prompt", """{ "type": "string" }"""), ("model", """{ "type": "string" }"""), ("if", """{ "type": "string" }"""),
        ("matcher", """{ "type": "string" }"""), ("timeout", """{ "type": "number", "exclusiveMinimum": 0 }"""), ("timeout_seconds", """{ "type": "number", "exclusiveMinimum": 0 }"""),
        ("onFailure", """{ "enum": ["continue", "block"] }"""), ("block_on_failure", """{ "type": "boolean" }"""), ("async", """{ "type": "boolean" }"""), ("asyncRewake", """{ "type": "boolean" }"""),
        ("once", """{ "type": "boolean" }"""), ("statusMessage", """{ "type": "string" }"""), ("continueOnBlock", """{ "type": "boolean" }"""), ("server", """{ "type": "string" }"""),
        ("tool", """{ "type": "string" }"""), ("input", """{ "type": "object" }"""), ("description", """{ "type": "string" }"""),
    ];

    private static readonly string[] s_ofHook = [.. OfHook.ToList().ConvertAll(field => field.Name)];

    /// <summary>Every field that says nothing, and every entry without a hook.</summary>
    public static IEnumerable<SettingsProblem> Problems(JsonElement hooks)
    {
        foreach (var one in hooks.ValueKind is JsonValueKind.Object ? hooks.EnumerateObject().ToArray() : [])
        {
            var at = 0;
            foreach (var group in one.Value.ValueKind is JsonValueKind.Array ? one.Value.EnumerateArray().ToArray() : [])
            {
                var place = $"{one.Name}[{at++}]";
                if (group.ValueKind is not JsonValueKind.Object)
                {
                    continue;
                }

                if (!group.TryGetProperty("hooks", out var inner) || inner.ValueKind is not JsonValueKind.Array)
                {
                    foreach (var problem in Unknown(group, place, s_ofHook))
                    {
                        yield return problem;
                    }

                    continue;
                }

                foreach (var problem in Unknown(group, place, OfGroup))
                {
                    yield return problem;
                }

                if (inner.GetArrayLength() == 0)
                {
                    yield return new($"hooks.{place}", $"The hook entry '{place}' has no hooks in its list, so nothing runs.");
                }

                var number = 0;
                foreach (var hook in inner.EnumerateArray())
                {
                    foreach (var problem in hook.ValueKind is JsonValueKind.Object ? Unknown(hook, $"{place}.hooks[{number}]", s_ofHook).Concat(Idle(hook, $"{place}.hooks[{number}]")) : [])
                    {
                        yield return problem;
                    }

                    number++;
                }
            }
        }
    }

    // Known, and without effect where it stands.
    private static IEnumerable<SettingsProblem> Idle(JsonElement hook, string place)
    {
        if (hook.TryGetProperty("continueOnBlock", out _) && hook.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String && type.GetString() is "command" or "http")
        {
            yield return new($"hooks.{place}.continueOnBlock", $"'continueOnBlock' in the hook '{place}' has no effect: what a hook of type '{type.GetString()}' refuses is told to the model in any case. It is for hooks of type 'prompt'.");
        }

        if (hook.TryGetProperty("once", out _))
        {
            yield return new($"hooks.{place}.once", $"'once' in the hook '{place}' has no effect: it counts in the head of a skill only.");
        }
    }

    private static IEnumerable<SettingsProblem> Unknown(JsonElement element, string place, IReadOnlyList<string> known) =>
        element.EnumerateObject().Where(property => !known.Contains(property.Name))
            .Select(property => new SettingsProblem($"hooks.{place}.{property.Name}", $"'{property.Name}' in the hook '{place}' is no field of it and has no effect.{(NearestName.Of(property.Name, known) is { } near ? $" Did you mean '{near}'?" : "")}"));
}
