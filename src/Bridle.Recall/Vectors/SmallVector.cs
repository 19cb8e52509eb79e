using System.Numerics;
using System.Runtime.InteropServices;

namespace Bridle.Recall.Vectors;

/// <summary>A direction, as one signed byte for each number and one factor for all: a quarter of the room, and near enough to tell what is nearest.</summary>
internal sealed class SmallVector
{
    private readonly sbyte[] _values;

    private SmallVector(sbyte[] values, double scale) => (_values, Scale) = (values, scale);

    /// <summary>What each byte is to be multiplied with, so that the whole has length one.</summary>
    public double Scale { get; }

    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(_values.AsSpan());

    /// <summary>The direction of a vector; null for one that has none.</summary>
    public static SmallVector? Of(ReadOnlyMemory<float> vector)
    {
        var (largest, length) = (0d, 0d);
        foreach (var value in vector.Span)
        {
            largest = Math.Max(largest, Math.Abs(value));
            length += (double)value * value;
        }

        if (largest is 0 || !double.IsFinite(length))
        {
            return null;
        }

        var values = new sbyte[vector.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (sbyte)Math.Round(vector.Span[i] / largest * 127);
        }

        return new(values, largest / 127 / Math.Sqrt(length));
    }

    /// <summary>The cosine of the angle to another one: 1 is the same direction. -1 for one of another length, which another model made.</summary>
    public double Nearness(ReadOnlySpan<byte> other, double scale)
    {
        var mine = _values.AsSpan();
        var theirs = MemoryMarshal.Cast<byte, sbyte>(other);
        if (mine.Length != theirs.Length)
        {
            return -1;
        }

        var (sums, at) = (Vector<int>.Zero, 0);
        for (; at <= mine.Length - Vector<sbyte>.Count; at += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(mine[at..]), out var low, out var high);
            Vector.Widen(new Vector<sbyte>(theirs[at..]), out var otherLow, out var otherHigh);
            Vector.Widen(low * otherLow, out var first, out var second);
            Vector.Widen(high * otherHigh, out var third, out var fourth);
            sums += first + second + third + fourth;
        }

        long sum = Vector.Sum(sums);
        for (; at < mine.Length; at++)
        {
            sum += mine[at] * theirs[at];
        }

        return sum * Scale * scale;
    }
}
