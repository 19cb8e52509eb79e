using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bridle.Memory;

/// <summary>A note as one line of JSON, as stores of lines and exports hold it.</summary>
public static class NoteJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line, without its end.</summary>
    public static string Write(MemoryNote note, MemoryScope? scope = null)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            if (scope is { } where)
            {
                json.WriteString("scope", where.ToString().ToLowerInvariant());
            }

            json.WriteString("name", note.Name);
            json.WriteString("description", note.Description);
            json.WriteString("type", note.Type.ToString().ToLowerInvariant());
            json.WriteStartArray("tags");
            foreach (var tag in note.Tags)
            {
                json.WriteStringValue(tag);
            }

            json.WriteEndArray();
            json.WriteString("created", NoteText.Time(note.Created));
            json.WriteString("updated", NoteText.Time(note.Updated));
            if (note.Expires is { } expires)
            {
                json.WriteString("expires", NoteText.Time(expires));
            }

            if (note.Source is { } source)
            {
                json.WriteString("source", source);
            }

            foreach (var (key, raw) in note.Others)
            {
                json.WriteString($"x-{key}", raw);
            }

            json.WriteString("text", note.Text);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Reads a line: the note and the scope that it names, or why it is none.</summary>
    public static (MemoryNote? Note, MemoryScope? Scope, string? Problem) Read(string line, DateTimeOffset written)
    {
        try
        {
            using var parsed = JsonDocument.Parse(line);
            var json = parsed.RootElement;
            if (json.ValueKind is not JsonValueKind.Object || TextOf(json, "name") is not { } name || TextOf(json, "text") is not { } text)
            {
                return (null, null, "it is no object with 'name' and 'text'");
            }

            if (!NoteName.IsName(name))
            {
                return (null, null, NoteName.Read(name).Problem ?? $"'{NoteText.OneLine(name, 80)}' is no name for a note as it stands");
            }

            // Through the same reading as a file, so that what a note may be is said in one place.
            var scope = Enum.GetValues<MemoryScope>().Where(one => one.ToString().Equals(TextOf(json, "scope"), StringComparison.OrdinalIgnoreCase)).Select(one => (MemoryScope?)one).FirstOrDefault();
            var (note, problem) = NoteText.Read(name, Head(json, name), written);
            return problem is null ? (note with { Text = text.ReplaceLineEndings("\n").Trim('\n', ' ') }, scope, null) : (null, null, problem);
        }
        catch (JsonException)
        {
            return (null, null, "it is no JSON");
        }
        catch (InvalidOperationException)
        {
            return (null, null, "it holds text that is no Unicode");
        }
    }

    private static string Head(JsonElement json, string name)
    {
        var head = new StringBuilder($"---\nname: {name}\n");
        foreach (var key in (ReadOnlySpan<string>)["description", "type", "created", "updated", "expires", "source"])
        {
            head.Append(TextOf(json, key) is { Length: > 0 } value ? $"{key}: {NoteHead.Quoted(value)}\n" : "");
        }

        if (json.TryGetProperty("tags", out var tags) && tags.ValueKind is JsonValueKind.Array)
        {
            head.Append($"tags: [{string.Join(", ", tags.EnumerateArray().Where(tag => tag.ValueKind is JsonValueKind.String).Select(tag => NoteHead.QuotedItem(tag.GetString()!)))}]\n");
        }

        foreach (var property in json.EnumerateObject().Where(property => property.Name.StartsWith("x-", StringComparison.Ordinal) && property.Value.ValueKind is JsonValueKind.String))
        {
            // What is kept as it stands must be a value that stands there, and no end of the head.
            if (NoteHead.Split($"---\n{property.Name[2..]}: {property.Value.GetString()}\n---\n") is { Problem: null, Body.Length: 0 } one && one.Keys.SequenceEqual([property.Name[2..]]))
            {
                head.Append($"{property.Name[2..]}: {property.Value.GetString()}\n");
            }
        }

        return head.Append("---\n").ToString();
    }

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
