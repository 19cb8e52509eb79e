using System.Buffers.Binary;
using System.Text;

namespace Bridle.Hosting.Telemetry;

/// <summary>Writes the few kinds of protobuf fields that OTLP needs. Fields that are zero or empty are left out, as protobuf has it.</summary>
internal sealed class ProtobufWriter
{
    private readonly MemoryStream _bytes = new();

    public byte[] ToArray() => _bytes.ToArray();

    public ProtobufWriter Text(int field, string? value)
    {
        if (value is { Length: > 0 })
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }

        return this;
    }

    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)((field << 3) | 2));
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtobufWriter Message(int field, ProtobufWriter message) => Bytes(field, message._bytes.GetBuffer().AsSpan(0, (int)message._bytes.Length));

    public ProtobufWriter Number(int field, long value)
    {
        if (value != 0)
        {
            Varint((ulong)(field << 3));
            Varint((ulong)value);
        }

        return this;
    }

    /// <summary>A number of a oneof, which says something also when it is zero.</summary>
    public ProtobufWriter Always(int field, long value)
    {
        Varint((ulong)(field << 3));
        Varint((ulong)value);
        return this;
    }

    public ProtobufWriter Fixed(int field, ulong value)
    {
        Varint((ulong)((field << 3) | 1));
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(eight, value);
        _bytes.Write(eight);
        return this;
    }

    public ProtobufWriter Double(int field, double value) => Fixed(field, (ulong)BitConverter.DoubleToInt64Bits(value));

    /// <summary>Eight bytes each, one after the other.</summary>
    public ProtobufWriter Packed(int field, IReadOnlyList<ulong> values)
    {
        var all = new byte[values.Count * 8];
        for (var i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(all.AsSpan(i * 8), values[i]);
        }

        return Bytes(field, all);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.WriteByte((byte)(value | 0x80));
        }

        _bytes.WriteByte((byte)value);
    }
}
