using System.Text;
using System.Text.Json;

namespace Bridle.Journal;

/// <summary>The editable text of a line as a person would write it, on one line.</summary>
internal static class ShownText
{
    private const int Longest = 300;

    /// <summary>All of it; the line itself when it has none.</summary>
    public static string Of(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder();
        if (line.IndexOf("\"type\":\""u8) >= 0 && RecordLine.TypeOf(line) is var type && EditableText.IsIn(type))
        {
            foreach (var (start, end) in EditableText.Find(type, line))
            {
                text.Append(text.Length == 0 ? "" : " … ").Append(Plain(line[(start - 1)..(end + 1)]));
            }
        }

        return text.Length > 0 ? text.ToString() : Encoding.UTF8.GetString(line);
    }

    /// <summary>The beginning of a text.</summary>
    public static string Shorten(string shown) => shown.Length <= Longest ? shown : string.Concat(shown.AsSpan(0, Cut(shown, Longest)), "…");

    /// <summary>The place, or the one before it where that is between the halves of a surrogate pair.</summary>
    public static int Cut(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;

    private static string Plain(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!.Replace("\r", "", StringComparison.Ordinal).Replace("\n", " ⏎ ", StringComparison.Ordinal);
    }
}
