using System.Globalization;
using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>In which line of a document each key and each entry of a list stands.</summary>
internal static class SettingsLines
{
    /// <summary>Lines by path, such as <c>permissions.allow[2]</c>. Throws <see cref="JsonException"/> where the document ends to be one.</summary>
    public static IReadOnlyDictionary<string, int> Of(ReadOnlySpan<byte> json)
    {
        var lines = new Dictionary<string, int>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var around = new Stack<(string Path, int Next)>();
        var (key, line, counted) = ("", 1, 0);
        while (reader.Read())
        {
            var at = (int)reader.TokenStartIndex;
            line += json[counted..at].Count((byte)'\n');
            counted = at;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    key = Join(around.Peek().Path, reader.GetString()!);
                    lines.TryAdd(key, line);
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    around.Pop();
                    continue;
            }

            var path = key;
            if (around.TryPeek(out var list) && list.Next >= 0)
            {
                path = string.Create(CultureInfo.InvariantCulture, $"{list.Path}[{list.Next}]");
                lines.TryAdd(path, line);
                around.Pop();
                around.Push((list.Path, list.Next + 1));
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                around.Push((path, reader.TokenType is JsonTokenType.StartArray ? 0 : -1));
            }
        }

        return lines;
    }

    /// <summary>The path of a key inside another.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
