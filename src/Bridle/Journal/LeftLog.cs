using System.Globalization;

namespace Bridle.Journal;

/// <summary>A log as the process that had it open left it: how many records and bytes, and the sum of all of them. Enough to know it again, not to make it.</summary>
internal sealed record LeftLog(long Records, long Size, uint Crc)
{
    /// <summary>From its text; null when that is not one.</summary>
    public static LeftLog? Of(string text) =>
        text.Split(' ') is [var records, var size, var crc]
            && long.TryParse(records, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            && uint.TryParse(crc, NumberStyles.None, CultureInfo.InvariantCulture, out var sum)
            ? new(n, bytes, sum)
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Records} {Size} {Crc}");
}
