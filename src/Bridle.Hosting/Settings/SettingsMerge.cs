using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>One effective value and the files it came from, strongest first.</summary>
/// <param name="Key">The key with those around it, separated by dots.</param>
/// <param name="Value">The value; of a list one entry.</param>
/// <param name="Sources">The files that say it.</param>
public sealed record SettingsValue(string Key, JsonElement Value, IReadOnlyList<string> Sources);

/// <summary>
/// Puts documents together: of single values the strongest counts, objects are joined key by key, lists are joined and lose their doubles. Remembers where each value came from.
/// </summary>
internal sealed class SettingsMerge
{
    // The parts of a price belong together: a stronger file's price is not filled up with a weaker one's.
    private static readonly HashSet<string> WholeEntries = ["prices"];

    // A chain is one decision: a stronger file's is not made longer by a weaker one's.
    private static readonly HashSet<string> WholeLists = ["fallbackModel"];

    private readonly Node _root = new() { Children = [] };

    /// <summary>Whether no document says anything.</summary>
    public bool IsEmpty => _root.Children!.Count == 0;

    /// <summary>Adds the next weaker document.</summary>
    public void Add(JsonElement document, string source) => Join(_root, document, source, top: true, whole: false);

    /// <summary>The document that holds.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, _root);
        }

        return buffer.ToArray();
    }

    /// <summary>Every value on its own, in the order of the keys.</summary>
    public IReadOnlyList<SettingsValue> Values()
    {
        var values = new List<SettingsValue>();
        Collect(values, _root, "");
        return values;
    }

    private static void Join(Node node, JsonElement value, string source, bool top, bool whole)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when node.IsEmpty || node.Children is not null:
                node.Children ??= [];
                foreach (var property in value.EnumerateObject())
                {
                    if (!node.Children.TryGetValue(property.Name, out var child))
                    {
                        node.Children[property.Name] = child = new();
                    }

                    if (child.IsEmpty || !(whole || (top && WholeLists.Contains(property.Name))))
                    {
                        Join(child, property.Value, source, top: false, whole: top && WholeEntries.Contains(property.Name));
                    }
                }

                break;
            case JsonValueKind.Array when node.IsEmpty || node.Items is not null:
                node.Items ??= [];
                foreach (var item in value.EnumerateArray())
                {
                    if (node.Items.FirstOrDefault(known => JsonElement.DeepEquals(known.Value, item)) is { } same)
                    {
                        same.Sources.Add(source);
                    }
                    else
                    {
                        node.Items.Add(new(item.Clone(), [source]));
                    }
                }

                break;
            default:
                if (node.IsEmpty)
                {
                    node.Scalar = new(value.Clone(), [source]);
                }

                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, Node node)
    {
        if (node.Children is { } children)
        {
            writer.WriteStartObject();
            foreach (var (name, child) in children)
            {
                writer.WritePropertyName(name);
                Write(writer, child);
            }

            writer.WriteEndObject();
        }
        else if (node.Items is { } items)
        {
            writer.WriteStartArray();
            foreach (var item in items)
            {
                item.Value.WriteTo(writer);
            }

            writer.WriteEndArray();
        }
        else
        {
            node.Scalar!.Value.WriteTo(writer);
        }
    }

    private static void Collect(List<SettingsValue> values, Node node, string path)
    {
        foreach (var (name, child) in node.Children ?? [])
        {
            Collect(values, child, path.Length == 0 ? name : $"{path}.{name}");
        }

        values.AddRange((node.Items ?? (node.Scalar is { } scalar ? [scalar] : [])).Select(found => new SettingsValue(path, found.Value, [.. found.Sources.Distinct()])));
    }

    private sealed record Found(JsonElement Value, List<string> Sources);

    private sealed class Node
    {
        public Dictionary<string, Node>? Children { get; set; }

        public List<Found>? Items { get; set; }

        public Found? Scalar { get; set; }

        public bool IsEmpty => Children is null && Items is null && Scalar is null;
    }
}
