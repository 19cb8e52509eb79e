using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Messages;

namespace Bridle.Hosting.Settings;

/// <summary>Changes the person's own settings file and leaves everything else in it as it is. Comments cannot be kept; the file before is.</summary>
public static class UserSettingsFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Sets values by their path of keys; null removes one. Returns where the file before was kept when it had comments, or null.</summary>
    public static string? Set(string path, IReadOnlyList<(string[] Keys, string? Value)> changes)
    {
        var before = File.Exists(path) ? File.ReadAllText(path) : "";
        SoundJson.Check(Encoding.UTF8.GetBytes(before), Lenient);
        var root = before.Trim().Length == 0
            ? []
            : JsonNode.Parse(before, null, Lenient) as JsonObject
                ?? throw new IOException($"{path} is not a JSON object.");
        foreach (var (keys, value) in changes)
        {
            var at = root;
            foreach (var key in keys[..^1])
            {
                if (at[key] is not JsonObject inner)
                {
                    at[key] = inner = [];
                }

                at = inner;
            }

            if (value is null)
            {
                at.Remove(keys[^1]);
            }
            else
            {
                at[keys[^1]] = JsonValue.Create(value);
            }
        }

        string? kept = null;
        if (HasComments(before))
        {
            kept = path + ".before";
            PrivateFile.Replace(kept, Encoding.UTF8.GetBytes(before));
        }

        PrivateFile.Replace(path, Encoding.UTF8.GetBytes(Write(root)));
        return kept;
    }

    // By the reader, not by letters: every address has two slashes.
    private static bool HasComments(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { CommentHandling = JsonCommentHandling.Allow, AllowTrailingCommas = true });
        while (json.Trim().Length > 0 && reader.Read())
        {
            if (reader.TokenType is JsonTokenType.Comment)
            {
                return true;
            }
        }

        return false;
    }

    private static string Write(JsonObject root)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            root.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
