using System.Buffers.Text;
using System.Text;

namespace Bridle.Journal;

/// <summary>The fixed frame of a line: <c>{"n":N,</c> at its head and <c>,"skel":"…","sum":"…"}</c> at its end.</summary>
internal readonly ref struct RecordLine
{
    /// <summary>The length of <c>,"sum":"hhhhhhhh"}</c>.</summary>
    public const int SumLength = 18;

    private const int SkeletonLength = 18;

    private RecordLine(ReadOnlySpan<byte> afterNumber, string type)
    {
        AfterNumber = afterNumber;
        Type = type;
    }

    /// <summary>What stands between the number and the skeleton or sum, beginning with a comma.</summary>
    public ReadOnlySpan<byte> AfterNumber { get; }

    /// <summary>The record's type.</summary>
    public string Type { get; }

    /// <summary>Takes a framed line apart.</summary>
    public static RecordLine Split(ReadOnlySpan<byte> line)
    {
        var open = line;
        if (TrySum(line, out var body, out _))
        {
            open = TrySkeleton(body, out var inner, out _) ? inner : body;
        }

        if (!TryNumber(open, out _, out var digits))
        {
            throw new FormatException("The line does not begin with its number.");
        }

        var after = open[("{\"n\":".Length + digits)..];
        return new RecordLine(after, TypeOf(after));
    }

    /// <summary>Reads the number at the head of a line.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> line, out long n, out int digits)
    {
        n = 0;
        digits = 0;
        return line.StartsWith("{\"n\":"u8)
            && Utf8Parser.TryParse(line[5..], out n, out digits)
            && n > 0
            && line.Length > 5 + digits
            && line[5 + digits] == ',';
    }

    /// <summary>Splits off the sum. <paramref name="body"/> is what the sum is taken of.</summary>
    public static bool TrySum(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> body, out uint sum)
    {
        sum = 0;
        body = default;
        if (line.Length < SumLength)
        {
            return false;
        }

        var end = line[^SumLength..];
        body = line[..^SumLength];
        return end.StartsWith(",\"sum\":\""u8) && end.EndsWith("\"}"u8) && Crc32C.TryParse(end[8..16], out sum);
    }

    /// <summary>Splits the skeleton off a body.</summary>
    public static bool TrySkeleton(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> open, out uint skeleton)
    {
        skeleton = 0;
        open = default;
        if (body.Length < SkeletonLength)
        {
            return false;
        }

        var end = body[^SkeletonLength..];
        open = body[..^SkeletonLength];
        return end.StartsWith(",\"skel\":\""u8) && end.EndsWith("\""u8) && Crc32C.TryParse(end[9..17], out skeleton);
    }

    /// <summary>Whether the line is framed and its sum is right; then <paramref name="n"/> is its number.</summary>
    public static bool IsSound(ReadOnlySpan<byte> line, out long n)
    {
        n = 0;
        return TrySum(line, out var body, out var sum) && TryNumber(line, out n, out _) && Crc32C.Of(body) == sum;
    }

    /// <summary>The first <c>"type"</c> in a stretch of a record that begins at its run or type; empty when there is none.</summary>
    public static string TypeOf(ReadOnlySpan<byte> json)
    {
        var key = "\"type\":\""u8;
        var start = json.IndexOf(key);
        if (start < 0)
        {
            return "";
        }

        var rest = json[(start + key.Length)..];
        return Encoding.UTF8.GetString(rest[..Math.Max(rest.IndexOf((byte)'"'), 0)]);
    }
}
