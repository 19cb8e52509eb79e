using System.Text;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>Reads the JSON text that a model wrote as arguments, and says where it is wrong.</summary>
internal static class ArgumentText
{
    private const int MaxDepth = 48;
    private const int Shown = 40;

    /// <summary>The arguments, or what is wrong with the text.</summary>
    public static (JsonElement Arguments, string? Error) Parse(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            var error = Check(bytes);
            if (error is not null)
            {
                return (default, error);
            }

            var reader = new Utf8JsonReader(bytes);
            var arguments = JsonElement.ParseValue(ref reader);

            // Some models send the object as a string that holds it.
            return arguments.ValueKind == JsonValueKind.String && arguments.GetString()!.TrimStart().StartsWith('{') ? Parse(arguments.GetString()!) : (arguments, null);
        }
        catch (JsonException error)
        {
            return (default, $"The arguments are not valid JSON {Where(bytes, OffsetOf(bytes, error))}. Send one JSON object; escape quotes, backslashes and line ends inside of strings.");
        }
        catch (InvalidOperationException)
        {
            return (default, "The arguments hold text that is not valid Unicode (half of a surrogate pair). Send the call again without it.");
        }
    }

    private static string? Check(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth + 2 }));
        var names = new Stack<HashSet<string>>();
        var complete = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= MaxDepth:
                    return $"The arguments are nested deeper than {MaxDepth} levels {Where(bytes, (int)reader.TokenStartIndex)}. Send a flatter object.";
                case JsonTokenType.StartObject:
                    names.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.PropertyName when !names.Peek().Add(reader.GetString()!):
                    return $"The arguments name '{reader.GetString()}' twice {Where(bytes, (int)reader.TokenStartIndex)}. Send each argument once.";
            }

            complete = reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
        }

        // A number at the very end might go on; anything else that is not complete was cut.
        return complete || IsScalar(bytes) ? null
            : $"The arguments end in the middle {Where(bytes, bytes.Length)}: the call was probably cut off. Send the whole call again, and split it when it is long.";
    }

    private static bool IsScalar(byte[] bytes) => Encoding.UTF8.GetString(bytes).Trim() is { Length: > 0 } text && char.IsAsciiDigit(text[^1]) && text[0] is not ('{' or '[' or '"');

    private static int OffsetOf(byte[] bytes, JsonException error)
    {
        var at = 0;
        for (var line = error.LineNumber ?? 0; line > 0 && at < bytes.Length; line--)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', at);
            at = end < 0 ? bytes.Length : end + 1;
        }

        return (int)Math.Min(bytes.Length, at + (error.BytePositionInLine ?? 0));
    }

    private static string Where(byte[] bytes, int offset)
    {
        var before = Encoding.UTF8.GetString(bytes, 0, offset);
        var tail = before.Length <= Shown ? before : "..." + before[^Shown..];
        return before.Length == 0 ? "at their start" : $"at character {before.Length + 1}, after {tail.ReplaceLineEndings("\\n")}";
    }
}
