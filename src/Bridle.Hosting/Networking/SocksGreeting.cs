using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Bridle.Hosting.Networking;

/// <summary>The greeting of SOCKS5 (RFC 1928): no authentication, only CONNECT, by name or by address.</summary>
internal static class SocksGreeting
{
    public const byte Granted = 0;
    public const byte NotAllowed = 2;
    public const byte Unreachable = 4;
    public const byte CommandNotSupported = 7;

    /// <summary>Takes the greeting and the request off a connection; null when it is not what we serve.</summary>
    public static async ValueTask<(string Host, int Port)?> TakeAsync(PeekedStream client, CancellationToken cancellationToken)
    {
        if (!await client.HasAsync(2, cancellationToken) || !await client.HasAsync(2 + client.Waiting.Span[1], cancellationToken))
        {
            return null;
        }

        var methods = client.Waiting.Slice(2, client.Waiting.Span[1]);
        var isOpen = methods.Span.Contains((byte)0);
        client.Take(2 + methods.Length);
        await client.Inner.WriteAsync(new byte[] { 5, isOpen ? (byte)0 : (byte)0xFF }, cancellationToken);
        if (!isOpen || !await client.HasAsync(5, cancellationToken))
        {
            return null;
        }

        var head = client.Waiting[..5].ToArray();
        var length = head[3] switch { 1 => 4, 3 => head[4] + 1, 4 => 16, _ => -1 };
        if (head[0] != 5 || head[1] != 1 || length < 2 || !await client.HasAsync(4 + length + 2, cancellationToken))
        {
            return null;
        }

        var place = client.Waiting.Slice(4, length).ToArray();
        var port = BinaryPrimitives.ReadUInt16BigEndian(client.Waiting.Span[(4 + length)..]);
        client.Take(4 + length + 2);

        // A NUL or another odd byte stays in the name, where it is refused.
        return (head[3] == 3 ? Encoding.Latin1.GetString(place, 1, place.Length - 1) : new IPAddress(place).ToString(), port);
    }

    /// <summary>The answer to the request.</summary>
    public static byte[] Answer(byte code) => [5, code, 0, 1, 0, 0, 0, 0, 0, 0];
}
