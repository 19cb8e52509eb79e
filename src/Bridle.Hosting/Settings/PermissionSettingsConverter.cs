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
                into.AddRange(tool.Contains('(') ? [tool.Trim()] : tool.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            }
            else
            {
                skipped.Add(entry.GetRawText());
            }
        }

        return new() { Allow = rules["allow"], Ask = rules["ask"], Deny = rules["deny"], Skipped = skipped };
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.ValueKind is JsonValueKind.Object && entry.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
