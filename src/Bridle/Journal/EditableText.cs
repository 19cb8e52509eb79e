using System.Text.Json;

namespace Bridle.Journal;

/// <summary>
/// Which text of a record a person may edit in the file, and the skeleton: the CRC-32C of a line without that text. A line whose sum is
/// wrong while its skeleton is right was changed in editable text only.
/// </summary>
internal static class EditableText
{
    private static readonly Dictionary<string, Step[]> s_paths = new()
    {
        ["user_spoke"] = [new("parts"), Step.Each, new("text", InTextPart: true)],
        ["model_replied"] = [new("reply"), new("parts"), Step.Each, new("text", InTextPart: true)],
        ["tool_returned"] = [new("content"), Step.Each, new("text", InTextPart: true)],
        ["inbox_drained"] = [new("messages"), Step.Each, new("text")],
        ["reminder_added"] = [new("text")],
    };

    public static bool IsIn(string type) => s_paths.ContainsKey(type);

    /// <summary>The skeleton of a record: <paramref name="open"/> is its line without the closing brace, skeleton and sum.</summary>
    public static uint SkeletonOf(string type, ReadOnlySpan<byte> open)
    {
        var crc = Crc32C.Start;
        var from = 0;
        foreach (var (start, end) in Find(type, open))
        {
            crc = Crc32C.Append(crc, open[from..start]);
            from = end;
        }

        return Crc32C.Finish(Crc32C.Append(crc, open[from..]));
    }

    /// <summary>Where the editable strings stand, without their quotes. Throws <see cref="JsonException"/> for what is not JSON.</summary>
    public static List<(int Start, int End)> Find(string type, ReadOnlySpan<byte> open)
    {
        var found = new List<(int, int)>();
        var reader = new Utf8JsonReader(open, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = RecordCodec.MaxDepth }));
        if (reader.Read())
        {
            Walk(ref reader, s_paths[type], found);
        }

        return found;
    }

    private static void Walk(ref Utf8JsonReader reader, ReadOnlySpan<Step> path, List<(int Start, int End)> found)
    {
        if (path[0].IsEach && reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Walk(ref reader, path[1..], found);
            }
        }
        else if (!path[0].IsEach && reader.TokenType == JsonTokenType.StartObject)
        {
            WalkObject(ref reader, path, found);
        }
        else
        {
            Pass(ref reader);
        }
    }

    private static void WalkObject(ref Utf8JsonReader reader, ReadOnlySpan<Step> path, List<(int Start, int End)> found)
    {
        var isTextPart = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var matches = reader.ValueTextEquals(path[0].Name);
            var isType = reader.ValueTextEquals("type"u8);
            if (!reader.Read())
            {
                return;
            }

            isTextPart |= isType && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("text"u8);
            if (!matches)
            {
                Pass(ref reader);
            }
            else if (path.Length > 1)
            {
                Walk(ref reader, path[1..], found);
            }
            else if (reader.TokenType == JsonTokenType.String && (isTextPart || !path[0].InTextPart))
            {
                found.Add(((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1));
            }
            else
            {
                Pass(ref reader);
            }
        }
    }

    /// <summary>Passes over a value. The object of a record is still open when its skeleton is made, so the reader knows no end.</summary>
    private static void Pass(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.TrySkip();
        }
    }

    private sealed record Step(string? Name, bool InTextPart = false)
    {
        public static Step Each { get; } = new((string?)null);

        public bool IsEach => Name is null;
    }
}
