using System.Text;
using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Hooks;

namespace Bridle.Hosting.Hooks;

/// <summary>The event for hooks that are declared as OpenHarness declares them, under the names of events: its names of tools and of their fields, and <c>event</c>. All other fields stay.</summary>
internal static class OpenHarnessInput
{
    private static readonly (string Tool, string Theirs, string[] Fields)[] s_tools =
    [
        ("Read", "read_file", ["file_path>path"]), ("Write", "write_file", ["file_path>path"]), ("Edit", "edit_file", ["file_path>path", "old_string>old_str", "new_string>new_str"]),
        ("Glob", "glob", ["path>root"]), ("Grep", "grep", ["path>root", "glob>file_glob", "head_limit>limit"]), ("AskUserQuestion", "ask_user_question", []),
        ("Skill", "skill", ["skill>name"]), ("WebFetch", "web_fetch", ["maxChars>max_chars"]),
    ];

    /// <summary>Rewrites what other hooks hear.</summary>
    /// <param name="input">The fields; changed and given back.</param>
    /// <param name="written">The event's name as the file has it.</param>
    /// <param name="occasion">What happened.</param>
    public static JsonObject Of(JsonObject input, string written, HookOccasion occasion)
    {
        input.Insert(0, "event", written);
        if (Text(input["tool_name"]) is { } name && input["tool_input"] is JsonObject told)
        {
            var known = s_tools.FirstOrDefault(one => one.Tool == name);
            input["tool_name"] = known.Theirs ?? (name.StartsWith("mcp__", StringComparison.Ordinal) ? name : Snake(name));
            foreach (var field in known.Fields ?? [])
            {
                Rename(told, field.Split('>')[0], field.Split('>')[1]);
            }

            if (name == "Bash" && told["timeout"] is JsonValue given && (given.TryGetValue(out long milliseconds) || long.TryParse(given.ToJsonString(), out milliseconds)))
            {
                told.Remove("timeout");
                told["timeout_seconds"] = (milliseconds + 999) / 1000;
            }
        }

        if (occasion.Result is { } result)
        {
            input["tool_output"] = result.IsSilent ? "" : result.Text;
            input["tool_is_error"] = result.Outcome is not CallOutcome.Completed;
        }

        return input;
    }

    private static void Rename(JsonObject fields, string from, string to)
    {
        if (fields.TryGetPropertyValue(from, out var value) && !fields.ContainsKey(to))
        {
            fields.Remove(from);
            fields[to] = value;
        }
    }

    private static string Snake(string name)
    {
        var snake = new StringBuilder();
        foreach (var c in name)
        {
            snake.Append(char.IsAsciiLetterUpper(c) && snake.Length > 0 && snake[^1] != '_' ? "_" : "").Append(char.ToLowerInvariant(c));
        }

        return snake.ToString();
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
