using System.Globalization;

namespace Bridle.Recall.Indexing;

/// <summary>
/// The row of a message in the table of words: its number, and in the lowest bits who said it and how long it is. So a message is weighed, and filtered by who said it, without looking anything up.
/// </summary>
internal static class WordsRow
{
    private const int KindBits = 2;
    private const int LengthBits = 5;
    private const int Bits = KindBits + LengthBits;
    private const int MostLength = (1 << LengthBits) - 1;
    private const int LeastLength = 6;

    // Half octaves, from 8 bytes on.
    private static readonly double[] s_lengths = Array.ConvertAll(Enumerable.Range(0, MostLength + 1).ToArray(), step => Math.Pow(2, (step + LeastLength) / 2d));

    public static long Of(long number, MessageKind kind, int bytes) =>
        (((number << KindBits) | ((long)kind - 1)) << LengthBits) | (long)Math.Clamp(Math.Round(2 * Math.Log2(Math.Max(bytes, 1))) - LeastLength, 0, MostLength);

    /// <summary>The rows that the messages of a stretch of numbers can have.</summary>
    public static (long From, long To) Of((long From, long To) stretch) => (stretch.From << Bits, ((stretch.To + 1) << Bits) - 1);

    public static long Number(long row) => row >> Bits;

    public static MessageKind Kind(long row) => (MessageKind)(((row >> LengthBits) & ((1 << KindBits) - 1)) + 1);

    /// <summary>Roughly how many bytes its words have.</summary>
    public static double Length(long row) => s_lengths[row & MostLength];

    /// <summary>The condition of a statement that only these kinds are wanted.</summary>
    public static string Are(IEnumerable<MessageKind> kinds) =>
        string.Create(CultureInfo.InvariantCulture, $"((rowid >> {LengthBits}) & {(1 << KindBits) - 1}) IN ({string.Join(", ", kinds.Select(kind => (int)kind - 1))})");
}
