using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>
/// Keys that stand in a settings file more than once. JSON lets the last one count, and an empty list behind a full one would take its denials back unseen: what tightens is joined.
/// </summary>
internal static class SettingsTwice
{
    // Lists that only tighten, or that are found nowhere else once they are lost.
    private static readonly HashSet<string> s_tightening = ["permissions.deny", "permissions.ask", "sandbox.filesystem.denyRead", "sandbox.filesystem.denyWrite", "sandbox.network.deniedDomains"];

    /// <summary>The document with every key once: objects, hooks and lists that tighten are joined, of anything else the last one counts.</summary>
    public static JsonElement Joined(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object || !Report(root).Any())
        {
            return root;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, [root], "");
        }

        using var joined = JsonDocument.Parse(buffer.ToArray());
        return joined.RootElement.Clone();
    }

    /// <summary>Each key that is given again, with what counts then.</summary>
    public static IEnumerable<SettingsProblem> Report(JsonElement element, string path = "")
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var group in element.EnumerateObject().GroupBy(property => property.Name))
        {
            if (group.Skip(1).Any())
            {
                yield return new(path + group.Key, $"'{path}{group.Key}' is given twice; {(IsJoined([.. group.Select(one => one.Value)], path + group.Key) ? "what both say counts. Write it once" : "the last one counts")}.");
            }

            foreach (var inner in group.SelectMany(property => Report(property.Value, $"{path}{group.Key}.")))
            {
                yield return inner;
            }
        }
    }

    private static bool IsJoined(IReadOnlyList<JsonElement> values, string path) => AreAll(values, JsonValueKind.Object) || (AreAll(values, JsonValueKind.Array) && IsTightening(path));

    private static bool IsTightening(string path) => s_tightening.Contains(path) || path.StartsWith("hooks.", StringComparison.Ordinal);

    private static bool AreAll(IReadOnlyList<JsonElement> values, JsonValueKind kind) => values.All(value => value.ValueKind == kind);

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<JsonElement> values, string path)
    {
        if (AreAll(values, JsonValueKind.Object))
        {
            writer.WriteStartObject();
            foreach (var group in values.SelectMany(value => value.EnumerateObject()).GroupBy(property => property.Name))
            {
                writer.WritePropertyName(group.Key);
                Write(writer, [.. group.Select(property => property.Value)], path.Length == 0 ? group.Key : $"{path}.{group.Key}");
            }

            writer.WriteEndObject();
        }
        else if (values.Count > 1 && IsJoined(values, path))
        {
            writer.WriteStartArray();
            foreach (var entry in values.SelectMany(value => value.EnumerateArray()))
            {
                entry.WriteTo(writer);
            }

            writer.WriteEndArray();
        }
        else
        {
            values[^1].WriteTo(writer);
        }
    }
}
