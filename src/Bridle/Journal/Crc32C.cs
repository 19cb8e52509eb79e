using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>CRC-32C (Castagnoli): the sum of every line of the log.</summary>
internal static class Crc32C
{
    /// <summary>The value to start from; <see cref="Append"/> carries it and <see cref="Finish"/> turns it into the sum.</summary>
    public const uint Start = uint.MaxValue;

    public static uint Of(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    public static uint Finish(uint crc) => ~crc;

    /// <summary>What <see cref="Append"/> comes to over the first bytes of a file.</summary>
    public static uint OfFile(SafeFileHandle file, long size)
    {
        var crc = Start;
        var buffer = new byte[(int)Math.Min(Math.Max(size, 1), 128 * 1024)];
        for (var offset = 0L; offset < size;)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - offset)), offset);
            if (read == 0)
            {
                break;
            }

            crc = Append(crc, buffer.AsSpan(0, read));
            offset += read;
        }

        return crc;
    }

    /// <summary>Writes the sum as eight lower-case hex digits.</summary>
    public static void Format(uint sum, Span<byte> digits)
    {
        for (var i = 0; i < 8; i++)
        {
            digits[i] = "0123456789abcdef"u8[(int)(sum >> (28 - (4 * i))) & 15];
        }
    }

    /// <summary>Reads exactly eight lower-case hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> digits, out uint sum)
    {
        sum = 0;
        if (digits.Length != 8)
        {
            return false;
        }

        foreach (var digit in digits)
        {
            var value = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                _ => -1,
            };
            if (value < 0)
            {
                return false;
            }

            sum = (sum << 4) | (uint)value;
        }

        return true;
    }
}
