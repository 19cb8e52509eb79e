namespace Bridle.Journal;

/// <summary>Run and type of a record, read by the fixed head that every line of this program has: <c>{"n":N,"at":"…","run":"…","type":"…"</c>.</summary>
internal readonly ref struct RecordHead
{
    private const int Longest = 320;

    private RecordHead(ReadOnlySpan<byte> run, ReadOnlySpan<byte> type)
    {
        Run = run;
        Type = type;
    }

    public ReadOnlySpan<byte> Run { get; }

    public ReadOnlySpan<byte> Type { get; }

    /// <summary>Whether the record belongs to a child run.</summary>
    public bool IsChild => Run.Contains((byte)'.');

    /// <summary>False for a line with another head, of which nothing is said.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out RecordHead head)
    {
        head = default;
        if (!RecordLine.TryNumber(line, out _, out var digits))
        {
            return false;
        }

        var rest = line[(5 + digits)..Math.Min(line.Length, Longest)];
        var (at, run, type) = (0, 0, 0);
        if (!TryTake(rest, ",\"at\":\""u8, ref at))
        {
            return false;
        }

        rest = rest[(",\"at\":\"\"".Length + at)..];
        if (!TryTake(rest, ",\"run\":\""u8, ref run))
        {
            return false;
        }

        var runValue = rest.Slice(",\"run\":\"".Length, run);
        rest = rest[(",\"run\":\"\"".Length + run)..];
        if (!TryTake(rest, ",\"type\":\""u8, ref type))
        {
            return false;
        }

        head = new RecordHead(runValue, rest.Slice(",\"type\":\"".Length, type));
        return true;
    }

    // The length of a plain text that follows the key.
    private static bool TryTake(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> key, ref int length)
    {
        length = rest.StartsWith(key) ? rest[key.Length..].IndexOfAny((byte)'"', (byte)'\\') : -1;
        return length > 0 && rest[key.Length + length] is (byte)'"';
    }
}
