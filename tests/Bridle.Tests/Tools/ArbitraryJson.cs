using System.Text;
using System.Text.Json;

namespace Bridle.Tests.Tools;

/// <summary>JSON as no sane model would write it, and sometimes as one would. The same seed gives the same JSON.</summary>
internal sealed class ArbitraryJson(int seed)
{
    private static readonly string[] s_leaves =
    [
        "null", "true", "false", "0", "1", "-1", "3.0", "3.7", "1e999", "-1e-999", "12345678901234567890", "0.5", "\"\"", "\"3\"", "\"yes\"", "\"json\"", "\"a.txt\"",
        "\"\\ud800\"", "\"\\u0000\"", "\"[1,2]\"", "\"[\"", "\"{\\\"name\\\":\\\"n\\\"}\"", "\"{}\"", "\"plain-text\"", "[]", "{}", "[[]]", "[null]", "[\"b\"]",
        """[{"old_text":"a","new_text":"b"}]""", """{"name":"x","place":{"line":"2","notes":"n"}}""",
    ];

    private readonly Random _random = new(seed);

    /// <summary>An object, mostly with names that the schema knows.</summary>
    public string Object(JsonElement schema)
    {
        var names = schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).ToArray();
        var text = new StringBuilder("{");
        foreach (var name in names.Where(name => _random.Next(10) < (name is "file_path" or "count" ? 9 : 2)))
        {
            var value = name switch { "file_path" when _random.Next(3) > 0 => "\"f\"", "count" when _random.Next(3) > 0 => "2", _ => Value(0) };
            text.Append(text.Length == 1 ? "" : ",").Append($"\"{name}\":{value}");
        }

        if (_random.Next(12) == 0)
        {
            text.Append(text.Length == 1 ? "" : ",").Append(_random.Next(2) == 0 ? "\"\\udc00\":1" : "\"fil_path\":1");
        }

        return text.Append('}').ToString();
    }

    private string Value(int depth) => (depth > 4 ? 0 : _random.Next(8)) switch
    {
        6 => $"[{string.Join(',', Enumerable.Range(0, _random.Next(3)).Select(_ => Value(depth + 1)))}]",
        7 => $"{{\"name\":{Value(depth + 1)},\"k\":{Value(depth + 1)}}}",
        _ => s_leaves[_random.Next(s_leaves.Length)],
    };
}
