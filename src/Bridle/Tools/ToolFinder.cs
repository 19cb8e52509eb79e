using System.Text;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>Finds tools by words of their names, descriptions and parameters.</summary>
public static class ToolFinder
{
    private const string Select = "select:";
    private const int InName = 6;
    private const int PartOfName = 3;
    private const int InParameters = 2;
    private const int InDescription = 1;

    /// <summary>The tools that fit, the likeliest first; by their names after <c>select:</c>, with commas between them.</summary>
    /// <param name="tools">The tools to choose from.</param>
    /// <param name="query">The words.</param>
    /// <param name="most">How many at most.</param>
    public static IReadOnlyList<ToolDefinition> Find(IEnumerable<ToolDefinition> tools, string query, int most)
    {
        query = query.Trim();
        if (query.StartsWith(Select, StringComparison.OrdinalIgnoreCase))
        {
            var names = query[Select.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return [.. tools.Where(tool => names.Contains(tool.Name)).Take(most)];
        }

        var words = Words(query);
        return
        [
            .. tools.Select(tool => (Tool: tool, Rank: tool.Name.Equals(query, StringComparison.OrdinalIgnoreCase) ? int.MaxValue : Rank(tool, words))).Where(one => one.Rank > 0)
                .OrderByDescending(one => one.Rank).ThenBy(one => one.Tool.Name, StringComparer.Ordinal).Take(most).Select(one => one.Tool),
        ];
    }

    private static int Rank(ToolDefinition tool, HashSet<string> words)
    {
        var (name, description, parameters) = (Words(tool.Name), Words(tool.Description), Words(Parameters(tool.InputSchema)));
        var rank = 0;
        foreach (var word in words)
        {
            rank += name.Contains(word) ? InName : word.Length > 2 && tool.Name.Contains(word, StringComparison.OrdinalIgnoreCase) ? PartOfName : 0;
            rank += parameters.Contains(word) ? InParameters : 0;
            rank += description.Contains(word) ? InDescription : 0;
        }

        return rank;
    }

    private static string Parameters(JsonElement schema) =>
        schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("properties", out var properties) && properties.ValueKind is JsonValueKind.Object
            ? string.Join(' ', properties.EnumerateObject().Select(property => property.Name)) : "";

    // camelCase and snake_case come apart; a plural is its singular.
    private static HashSet<string> Words(string text)
    {
        var (words, word) = (new HashSet<string>(StringComparer.Ordinal), new StringBuilder());
        for (var i = 0; i <= text.Length; i++)
        {
            var ends = i == text.Length || !char.IsLetterOrDigit(text[i]) || (char.IsUpper(text[i]) && i > 0 && char.IsLower(text[i - 1]));
            if (ends && word.Length > 0)
            {
                var one = word.ToString();
                words.Add(one.Length > 3 && one.EndsWith('s') ? one[..^1] : one);
                word.Clear();
            }

            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                word.Append(char.ToLowerInvariant(text[i]));
            }
        }

        return words;
    }
}
