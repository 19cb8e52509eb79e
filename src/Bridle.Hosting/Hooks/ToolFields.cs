using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Hooks;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Hosting.Hooks;

/// <summary>How calls look to hooks: the names and units that hook scripts know, and back again for what they rewrite. Fields that nobody else has stay as they are.</summary>
internal static class ToolFields
{
    private static readonly (string Tool, string Ours, string Theirs)[] s_renamed =
    [
        ("Grep", "case_insensitive", "-i"), ("Grep", "context", "-C"), ("Grep", "max_results", "head_limit"),
    ];

    /// <summary>The name that hooks hear.</summary>
    public static string NameFor(string tool) => tool switch { "AskUser" => "AskUserQuestion", "Ls" => "LS", _ => tool };

    /// <summary>The input that hooks hear.</summary>
    public static JsonObject Told(string tool, JsonElement input, string workingDirectory)
    {
        var told = input.ValueKind is JsonValueKind.Object ? JsonObject.Create(input.Clone())! : [];
        foreach (var (_, ours, theirs) in s_renamed.Where(one => one.Tool == tool))
        {
            Rename(told, ours, theirs);
        }

        switch (tool)
        {
            case "Bash" when Number(told["timeout"]) is { } seconds:
                told["timeout"] = (long)(seconds * 1000);
                break;
            case "Read" or "Write" or "Edit" when Text(told["file_path"]) is { } path:
                told["file_path"] = Path.GetFullPath(path, workingDirectory);
                break;
            case "AskUser" when Text(told["question"]) is { } question:
                var options = (told["options"] as JsonArray ?? []).Select(JsonNode? (option) => new JsonObject { ["label"] = Text(option) ?? "", ["description"] = "" });
                return new() { ["questions"] = new JsonArray(new JsonObject { ["question"] = question, ["header"] = "", ["options"] = new JsonArray([.. options]), ["multiSelect"] = false }) };
        }

        return told;
    }

    /// <summary>The input for the tool from what a hook made of it, as JSON text.</summary>
    public static string Taken(string tool, JsonObject updated)
    {
        var taken = (JsonObject)updated.DeepClone();
        foreach (var (_, ours, theirs) in s_renamed.Where(one => one.Tool == tool))
        {
            Rename(taken, theirs, ours);
        }

        if (tool == "Bash" && Number(taken["timeout"]) is { } milliseconds)
        {
            taken["timeout"] = (long)Math.Max(1, Math.Ceiling(milliseconds / 1000));
        }
        else if (tool == "AskUser" && taken["questions"] is JsonArray { Count: > 0 } questions && questions[0] is JsonObject question)
        {
            var labels = (question["options"] as JsonArray ?? []).OfType<JsonObject>().Select(JsonNode? (option) => Text(option["label"]));
            return new JsonObject { ["question"] = Text(question["question"]), ["options"] = new JsonArray([.. labels]) }.ToJsonString();
        }

        return taken.ToJsonString();
    }

    /// <summary>What came of a call, as hooks hear it.</summary>
    public static JsonNode Response(string tool, JsonObject told, ToolResult result) => tool switch
    {
        "Bash" => new JsonObject { ["stdout"] = result.IsSilent ? "" : result.Text, ["stderr"] = "", ["interrupted"] = false, ["isImage"] = false, ["exit_code"] = result.ExitCode },
        "Write" or "Edit" => new JsonObject { ["filePath"] = told["file_path"]?.DeepClone(), ["success"] = true },
        "Read" => new JsonObject { ["type"] = "text", ["file"] = new JsonObject { ["filePath"] = told["file_path"]?.DeepClone(), ["content"] = result.Text } },
        _ => JsonValue.Create(result.Text),
    };

    private static void Rename(JsonObject fields, string from, string to)
    {
        if (fields.TryGetPropertyValue(from, out var value) && !fields.ContainsKey(to))
        {
            fields.Remove(from);
            fields[to] = value;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;
}
