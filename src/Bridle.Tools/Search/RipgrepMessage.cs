using System.Text.Json;

namespace Bridle.Tools.Search;

/// <summary>One line of <c>rg --json</c>, as far as it is needed; the places of the matches at its end may be cut off.</summary>
internal readonly record struct RipgrepMessage(string Type, byte[] Path, byte[] Line, int LineNumber, bool IsBinary)
{
    public static RipgrepMessage Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
        var message = new RipgrepMessage("", [], [], 0, false);
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.PropertyName)
            {
                continue;
            }

            switch (reader.GetString())
            {
                case "type" when reader.Read():
                    message = message with { Type = reader.GetString() ?? "" };
                    break;
                case "path":
                    message = message with { Path = Bytes(ref reader) };
                    break;
                case "lines":
                    message = message with { Line = Bytes(ref reader) };
                    break;
                case "line_number" when reader.Read() && reader.TokenType is JsonTokenType.Number:
                    message = message with { LineNumber = reader.GetInt32() };
                    break;
                case "binary_offset" when reader.Read():
                    message = message with { IsBinary = reader.TokenType is JsonTokenType.Number };
                    break;
                case "submatches" or "stats":
                    return message;
            }
        }

        return message;
    }

    /// <summary>The line without its end.</summary>
    public ReadOnlySpan<byte> Text => Line is [.., (byte)'\r', (byte)'\n'] ? Line.AsSpan(0, Line.Length - 2) : Line is [.., (byte)'\n' or (byte)'\r'] ? Line.AsSpan(0, Line.Length - 1) : Line;

    /// <summary>Whether ripgrep's word is enough: the line came whole, is not too long for the other engine, and is UTF-8.</summary>
    public bool IsPlain => LineNumber > 0 && Line.Length < OwnSearch.MostLineBytes && System.Text.Unicode.Utf8.IsValid(Line);

    /// <summary>ripgrep writes what is valid UTF-8 as text and anything else in base 64.</summary>
    private static byte[] Bytes(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject || !reader.Read())
        {
            return [];
        }

        var isText = reader.ValueTextEquals("text");
        if (!reader.Read())
        {
            return [];
        }

        if (!isText)
        {
            return reader.GetBytesFromBase64();
        }

        var bytes = new byte[reader.ValueSpan.Length];
        return bytes.AsSpan(0, reader.CopyString(bytes)).ToArray();
    }
}
