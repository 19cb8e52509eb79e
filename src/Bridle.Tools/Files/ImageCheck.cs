using System.Buffers.Binary;

namespace Bridle.Tools.Files;

/// <summary>
/// Looks at the frame of an image: whether its parts have the lengths they say, and whether it has an end. Vendors refuse a request with an image that they cannot
/// read, and every later one that still has it. The pixels are not looked at.
/// </summary>
internal static class ImageCheck
{
    private const string CutOff = "it is cut off";

    /// <summary>What is broken, as the end of a sentence; null for nothing.</summary>
    /// <param name="mediaType">As <see cref="ImageFormat.Detect"/> gave it.</param>
    /// <param name="bytes">The whole file.</param>
    public static string? Fault(string mediaType, ReadOnlySpan<byte> bytes) => mediaType switch
    {
        "image/png" => Png(bytes),
        "image/jpeg" => Jpeg(bytes),
        "image/gif" => Gif(bytes),
        "image/webp" => WebP(bytes),
        _ => null,
    };

    private static string? Png(ReadOnlySpan<byte> bytes)
    {
        var (at, number, hasData) = (8, 0, false);
        while (bytes.Length - at >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - 12)
            {
                return CutOff;
            }

            var chunk = bytes.Slice(at + 4, (int)length + 4);
            var type = chunk[..4];
            var data = chunk[4..];

            // What a reader may leave out, it may leave out broken.
            if (char.IsAsciiLetterUpper((char)type[0]) && PngSum.Of(chunk) != BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8 + (int)length)..]))
            {
                return "the checksum of one of its parts is wrong";
            }

            if (number++ == 0 && (!type.SequenceEqual("IHDR"u8) || data.Length != 13 || data[..4].IndexOfAnyExcept((byte)0) < 0 || data[4..8].IndexOfAnyExcept((byte)0) < 0))
            {
                return "it has no proper header";
            }

            hasData |= type.SequenceEqual("IDAT"u8);
            if (type.SequenceEqual("IEND"u8))
            {
                return hasData ? null : "there is no picture in it";
            }

            at += (int)length + 12;
        }

        return CutOff;
    }

    private static string? Jpeg(ReadOnlySpan<byte> bytes)
    {
        var (at, hasFrame, hasScan) = (2, false, false);
        while (true)
        {
            // After a scan the next marker stands behind its data, in which FF is followed by 00 or by a restart.
            while (at + 1 < bytes.Length && (bytes[at] != 0xFF || (hasScan && bytes[at + 1] is 0 or (>= 0xD0 and <= 0xD7))))
            {
                if (!hasScan)
                {
                    return "one of its parts does not begin where it should";
                }

                at++;
            }

            while (at + 1 < bytes.Length && bytes[at + 1] == 0xFF)
            {
                at++;
            }

            if (at + 1 >= bytes.Length)
            {
                return CutOff;
            }

            var marker = bytes[at + 1];
            at += 2;
            if (marker == 0xD9)
            {
                return hasFrame && hasScan ? null : "there is no picture in it";
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                continue;
            }

            var length = bytes.Length - at < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            if (length < 2 || length > bytes.Length - at)
            {
                return CutOff;
            }

            hasFrame |= marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            hasScan |= marker == 0xDA;
            at += length;
        }
    }

    private static string? Gif(ReadOnlySpan<byte> bytes)
    {
        const int header = 13;
        if (bytes.Length < header)
        {
            return CutOff;
        }

        var at = header + ColoursOf(bytes[10]);
        var hasImage = false;
        while (at < bytes.Length)
        {
            switch (bytes[at])
            {
                case 0x3B:
                    return hasImage ? null : "there is no picture in it";
                case 0x21 when at + 2 <= bytes.Length:
                    at += 2;
                    break;
                case 0x2C when at + 11 <= bytes.Length:
                    hasImage = true;
                    at += 11 + ColoursOf(bytes[at + 9]);
                    break;
                case 0x21 or 0x2C:
                    return CutOff;
                default:
                    return "one of its parts does not begin where it should";
            }

            while (at < bytes.Length && bytes[at] != 0)
            {
                at += bytes[at] + 1;
            }

            at++;
        }

        // The mark of the end may be missing, as long as nothing else is.
        return hasImage && at == bytes.Length ? null : CutOff;
    }

    private static int ColoursOf(byte packed) => (packed & 0x80) == 0 ? 0 : 3 << ((packed & 7) + 1);

    private static string? WebP(ReadOnlySpan<byte> bytes)
    {
        const int header = 12;
        var size = bytes.Length < header ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (size + 8L > bytes.Length || size < 4)
        {
            return CutOff;
        }

        var inside = bytes[header..(int)(size + 8)];
        var hasImage = false;
        while (inside.Length >= 8)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(inside[4..]);
            if (length > inside.Length - 8)
            {
                return CutOff;
            }

            var type = inside[..4];
            hasImage |= length > 0 && (type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8) || type.SequenceEqual("ANMF"u8));
            inside = inside[(int)Math.Min(8 + length + (length & 1), inside.Length)..];
        }

        return hasImage ? null : "there is no picture in it";
    }

    /// <summary>The CRC-32 of a PNG's parts.</summary>
    private static class PngSum
    {
        private static readonly uint[] s_table = Table();

        public static uint Of(ReadOnlySpan<byte> bytes)
        {
            var sum = uint.MaxValue;
            foreach (var one in bytes)
            {
                sum = s_table[(byte)sum ^ one] ^ (sum >> 8);
            }

            return ~sum;
        }

        private static uint[] Table()
        {
            var table = new uint[256];
            for (var index = 0; index < table.Length; index++)
            {
                var entry = (uint)index;
                for (var bit = 0; bit < 8; bit++)
                {
                    entry = (entry & 1) == 0 ? entry >> 1 : 0xEDB88320 ^ (entry >> 1);
                }

                table[index] = entry;
            }

            return table;
        }
    }
}
