using System.Globalization;

namespace Bridle.Journal;

/// <summary>A log as the process that had it open left it: how many records and bytes, and the sum of all of them. Enough to know it again, not to make it.</summary>
internal sealed record LeftLog(long Records, long Size, uint Crc)
{
    private const int SumLength = 8;

    /// <summary>The sums of its last records, eight digits each, as their lines have them: of those that no seal knew. May be empty.</summary>
    public string Sums { get; init; } = "";

    /// <summary>From its text; null when that is not one.</summary>
    public static LeftLog? Of(string text) =>
        text.Split(' ') is [var records, var size, var crc, .. var rest]
            && long.TryParse(records, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            && uint.TryParse(crc, NumberStyles.None, CultureInfo.InvariantCulture, out var sum)
            ? new(n, bytes, sum) { Sums = rest is [var sums] && sums.Length % SumLength == 0 && sums.Length / SumLength <= n ? sums : "" }
            : null;

    /// <summary>The sum that the line of a record had, or null where nobody knows.</summary>
    public string? SumOf(long n)
    {
        var index = n - 1 - (Records - (Sums.Length / SumLength));
        return n > Records || index < 0 ? null : Sums.Substring((int)index * SumLength, SumLength);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Records} {Size} {Crc}{(Sums.Length > 0 ? " " : "")}{Sums}");
}
