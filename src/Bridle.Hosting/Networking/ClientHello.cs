using System.Buffers.Binary;
using System.Text;

namespace Bridle.Hosting.Networking;

/// <summary>What the first message of a TLS connection says about the host it is meant for (RFC 8446 §4.1.2, RFC 6066 §3).</summary>
/// <param name="IsComplete">The whole message is there; otherwise more bytes are needed.</param>
/// <param name="IsTls">The bytes are, so far, such a message.</param>
/// <param name="Host">The name in it, or null when it has none.</param>
internal readonly record struct ClientHello(bool IsComplete, bool IsTls, string? Host)
{
    /// <summary>No first message is longer than that, or it is not passed on.</summary>
    public const int MostBytes = 64 * 1024;

    private const int RecordHeader = 5;
    private static readonly ClientHello s_more = new(false, true, null);
    private static readonly ClientHello s_none = new(true, false, null);

    /// <summary>Reads the bytes that a client sent first. Never throws.</summary>
    public static ClientHello Read(ReadOnlySpan<byte> bytes)
    {
        // The message may be cut into several records; their contents are put together first.
        var message = new List<byte>();
        var at = 0;
        while (true)
        {
            if (bytes.Length - at < RecordHeader)
            {
                return bytes.Length > at && bytes[at] != 22 ? s_none : s_more;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 3)..]);
            if (bytes[at] != 22 || bytes[at + 1] != 3 || length is 0 or > 16 * 1024 + 256)
            {
                return s_none;
            }

            var available = Math.Min(length, bytes.Length - at - RecordHeader);
            message.AddRange(bytes.Slice(at + RecordHeader, available));
            if (message.Count > 0 && message[0] != 1)
            {
                return s_none;
            }

            if (message.Count >= 4)
            {
                var needed = 4 + (message[1] << 16 | message[2] << 8 | message[3]);
                if (needed > MostBytes)
                {
                    return s_none;
                }

                if (message.Count >= needed)
                {
                    return Body([.. message[4..needed]]);
                }
            }

            if (available < length)
            {
                return s_more;
            }

            at += RecordHeader + length;
        }
    }

    private static ClientHello Body(ReadOnlySpan<byte> body)
    {
        // Version and random, session id, cipher suites, compression methods, extensions.
        if (!Skip(ref body, 34) || !SkipVector(ref body, 1) || !SkipVector(ref body, 2) || !SkipVector(ref body, 1))
        {
            return s_none;
        }

        if (body.Length == 0)
        {
            return new(true, true, null);
        }

        if (Vector(ref body, 2) is not { } found)
        {
            return s_none;
        }

        ReadOnlySpan<byte> extensions = found;
        string? host = null;
        var names = 0;
        while (extensions.Length >= 4)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[2..];
            if (Vector(ref extensions, 2) is not { } content)
            {
                return s_none;
            }

            if (type == 0)
            {
                names++;
                host = ServerName(content);
            }
        }

        // Two names, or one that cannot be read, are nobody's honest message.
        return names > 1 || (names == 1 && host is null) ? s_none : new(true, true, host);
    }

    private static string? ServerName(ReadOnlySpan<byte> content)
    {
        if (Vector(ref content, 2) is not { } list || content.Length != 0)
        {
            return null;
        }

        ReadOnlySpan<byte> names = list;
        return Skip(ref names, 1) && list[0] == 0 && Vector(ref names, 2) is { } name && names.Length == 0 && name.All(one => one is > 32 and < 127) ? Encoding.ASCII.GetString(name) : null;
    }

    private static bool Skip(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (bytes.Length < count)
        {
            return false;
        }

        bytes = bytes[count..];
        return true;
    }

    private static bool SkipVector(ref ReadOnlySpan<byte> bytes, int lengthBytes) => Vector(ref bytes, lengthBytes) is not null;

    private static byte[]? Vector(ref ReadOnlySpan<byte> bytes, int lengthBytes)
    {
        if (bytes.Length < lengthBytes)
        {
            return null;
        }

        var length = lengthBytes == 1 ? bytes[0] : BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (bytes.Length < lengthBytes + length)
        {
            return null;
        }

        var content = bytes.Slice(lengthBytes, length).ToArray();
        bytes = bytes[(lengthBytes + length)..];
        return content;
    }
}
