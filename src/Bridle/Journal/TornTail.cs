using System.Text.Unicode;

namespace Bridle.Journal;

/// <summary>
/// Tells a tail that was torn off while it was written from a last line that was whole once and is damaged or edited now. Only the former may be cut.
/// </summary>
internal static class TornTail
{
    private static ReadOnlySpan<byte> End => ",\"sum\":\"00000000\"}\n"u8;

    /// <summary>Whether bytes that hold no readable line, from after the last one that does to the file's end, are a torn tail.</summary>
    public static bool IsTorn(ReadOnlySpan<byte> tail)
    {
        if (WasWhole(tail, End) || WasWhole(tail, End[..^1]))
        {
            return false;
        }

        // A write that broke off ends in no newline. A finished line of text that is no JSON comes from a person: it is refused, not dropped.
        return tail[^1] != (byte)'\n' || !IsText(tail);
    }

    /// <summary>The length of a whole record at the head of a torn tail; 0 when there is none.</summary>
    public static int SoundHead(ReadOnlySpan<byte> line, long expected)
    {
        var sum = line.LastIndexOf(",\"sum\":\""u8);
        var length = sum + RecordLine.SumLength;
        return sum >= 0 && length <= line.Length && RecordLine.IsSound(line[..length], out var n) && n == expected ? length : 0;
    }

    /// <summary>Whether the bytes end as a record does, or differ from that in one bit.</summary>
    private static bool WasWhole(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> end)
    {
        if (tail.Length < end.Length)
        {
            return false;
        }

        var flipped = 0;
        var last = tail[^end.Length..];
        for (var i = 0; i < end.Length; i++)
        {
            var isDigit = end[i] == (byte)'0';
            flipped += isDigit
                ? last[i] is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f') ? 0 : 1
                : byte.PopCount((byte)(last[i] ^ end[i]));
        }

        return flipped <= 1;
    }

    private static bool IsText(ReadOnlySpan<byte> tail) => Utf8.IsValid(tail) && !tail.ContainsAnyInRange((byte)0, (byte)8) && !tail.ContainsAnyInRange((byte)14, (byte)31);
}
