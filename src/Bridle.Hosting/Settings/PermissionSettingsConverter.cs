using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridle.Hosting.Settings;

/// <summary>Reads permissions as an object of lists, or in ReIN's form: a list of <c>{ "tool": "Edit|Write", "decision": "deny" }</c>.</summary>
internal sealed class PermissionSettingsConverter : JsonConverter<PermissionSettings>
{
    public override PermissionSettings? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            return JsonSerializer.Deserialize(ref reader, SettingsJson.Default.PermissionSettings);
        }

        using var document = JsonDocument.ParseValue(ref reader);
        return FromList(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, PermissionSettings value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, SettingsJson.Default.PermissionSettings);

    private static PermissionSettings FromList(JsonElement list)
    {
        var rules = new Dictionary<string, List<string>> { ["allow"] = [], ["ask"] = [], ["deny"] = [] };
        var skipped = new List<string>();
        foreach (var entry in list.EnumerateArray())
        {
            if (Text(entry, "tool") is { } tool && Text(entry, "decision") is { } decision && rules.TryGetValue(decision, out var into))
            {
                into.AddRange(RulesOf(tool));
            }
            else
            {
                skipped.Add(entry.GetRawText());
            }
        }

        return new() { Allow = rules["allow"], Ask = rules["ask"], Deny = rules["deny"], Skipped = skipped };
    }

    // There mcp__* names every server also where it allows, and Bash(git:status) the first two words of a command.
    private static IEnumerable<string> RulesOf(string tool) => tool.Contains('(')
        ? [TwoWords(tool.Trim())]
        : tool.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name == "mcp__*" ? "mcp__*__*" : name);

    private static string TwoWords(string rule)
    {
        var colon = rule.IndexOf(':');
        return rule.StartsWith("Bash(", StringComparison.Ordinal) && rule.EndsWith(')') && colon > 0 && rule[(colon + 1)..^1] is { Length: > 0 } second && second != "*" && !second.Contains(' ')
            ? $"{rule[..colon]} {second}:*)"
            : rule;
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.ValueKind is JsonValueKind.Object && entry.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
