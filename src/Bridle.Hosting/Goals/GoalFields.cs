using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Hosting.Acceptance;

namespace Bridle.Hosting.Goals;

/// <summary>Reads the fields of one object of a goal's file, and collects what is wrong with them, each with the field's name.</summary>
internal sealed class GoalFields(JsonObject fields, string path, List<string> problems)
{
    private const int MostEntries = 100;

    /// <summary>The place of a field in the file.</summary>
    public string NameOf(string field) => path.Length == 0 ? field : $"{path}.{field}";

    /// <summary>Says what is wrong with a field.</summary>
    public void Wrong(string field, string what) => problems.Add($"'{NameOf(field)}' {what}");

    /// <summary>A text that must be there.</summary>
    public string Text(string field, int most)
    {
        if (Optional(field, most) is { } text)
        {
            return text;
        }

        if (fields[field] is null || IsBlank(fields[field]!))
        {
            Wrong(field, "is missing or empty.");
        }

        return "";
    }

    /// <summary>A text, or null where none or an empty one stands.</summary>
    public string? Optional(string field, int most)
    {
        if (fields[field] is not { } node || IsBlank(node))
        {
            return null;
        }

        if (node.GetValueKind() is not JsonValueKind.String)
        {
            Wrong(field, "must be a text.");
            return null;
        }

        var text = node.GetValue<string>();
        if (text.Length > most)
        {
            Wrong(field, $"has {text.Length} characters; {most} are allowed.");
        }

        return text;
    }

    /// <summary>An amount of money above 0, or null where none stands.</summary>
    public decimal? Dollars(string field)
    {
        if (fields[field] is not { } node)
        {
            return null;
        }

        if (node is JsonValue value && node.GetValueKind() is JsonValueKind.Number && value.TryGetValue<decimal>(out var dollars) && dollars > 0)
        {
            return dollars;
        }

        Wrong(field, "must be a number above 0: US dollars.");
        return null;
    }

    /// <summary>A list of texts; empty where none stands.</summary>
    public IReadOnlyList<string> Texts(string field)
    {
        var texts = new List<string>();
        foreach (var (node, name) in Entries(field))
        {
            if (node?.GetValueKind() is JsonValueKind.String && !IsBlank(node) && node.GetValue<string>().Length <= GoalReading.MostText)
            {
                texts.Add(node.GetValue<string>());
            }
            else
            {
                problems.Add($"'{name}' must be a text of at most {GoalReading.MostText} characters.");
            }
        }

        return texts;
    }

    /// <summary>The entries of a list, each with its place; none where no list stands.</summary>
    public IEnumerable<(JsonNode? Node, string Name)> Entries(string field)
    {
        if (fields[field] is not { } node)
        {
            return [];
        }

        if (node is not JsonArray list || list.Count > MostEntries)
        {
            Wrong(field, node is JsonArray ? $"has more than {MostEntries} entries." : "must be a list.");
            return [];
        }

        return list.Select((entry, i) => (entry, $"{NameOf(field)}[{i}]"));
    }

    /// <summary>Words for the model, or a list of checks: commands as texts, or objects as in the setting <c>acceptance</c>.</summary>
    public GoalDemand Demand(string field)
    {
        if (fields[field] is not JsonArray and not null)
        {
            return new(Optional(field, GoalReading.MostText), []);
        }

        var checks = new List<JsonElement>();
        foreach (var (node, name) in Entries(field))
        {
            if (Check(node, name) is { } check)
            {
                checks.Add(check);
            }
        }

        return new(null, checks);
    }

    /// <summary>An invariant: words, or an object with words and a check.</summary>
    public GoalInvariant? Invariant(JsonNode? node, string name)
    {
        switch (node)
        {
            case JsonValue value when value.GetValueKind() is JsonValueKind.String && !IsBlank(value):
                return new(value.GetValue<string>(), null);
            case JsonObject whole when whole["text"] is JsonValue words && words.GetValueKind() is JsonValueKind.String && !IsBlank(words):
                var bare = whole.DeepClone().AsObject();
                bare.Remove("text");
                return bare.Count == 0 ? new(words.GetValue<string>(), null) : Check(bare, name) is { } check ? new(words.GetValue<string>(), check) : null;
            default:
                problems.Add($"'{name}' must be a text, or an object with 'text' and one of 'file', 'command' and 'judge'.");
                return null;
        }
    }

    private JsonElement? Check(JsonNode? node, string name)
    {
        var written = node is JsonValue value && value.GetValueKind() is JsonValueKind.String ? new JsonObject { ["command"] = value.GetValue<string>() } : node;
        using var list = JsonDocument.Parse($"[{written?.ToJsonString() ?? "null"}]");
        if (AcceptanceReading.Read(list.RootElement).Problems is [var problem, ..])
        {
            problems.Add($"'{name}' {problem[(problem.IndexOf(' ', StringComparison.Ordinal) + 1)..]}");
            return null;
        }

        return list.RootElement[0].Clone();
    }

    private static bool IsBlank(JsonNode node) => node.GetValueKind() is JsonValueKind.String && string.IsNullOrWhiteSpace(node.GetValue<string>());
}
