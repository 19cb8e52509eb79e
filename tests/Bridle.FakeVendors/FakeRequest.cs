using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>One request as it came.</summary>
/// <param name="Number">Counted from 0 over all connections.</param>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Query">With its question mark; empty for none.</param>
/// <param name="Headers">Names in any case.</param>
/// <param name="Body">All of it.</param>
public sealed record FakeRequest(int Number, string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body as JSON. Throws <see cref="JsonException"/> when it is none.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
    }

    internal static async Task<FakeRequest?> ReadAsync(NetworkStream stream, int number, CancellationToken cancellationToken)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!Ends(head))
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var start = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = headers.GetValueOrDefault("Transfer-Encoding") is "chunked" ? await ChunksAsync(stream, cancellationToken)
            : await ExactlyAsync(stream, headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0, cancellationToken);
        var target = start[1].Split('?', 2);
        return new(number, start[0], target[0], target.Length > 1 ? "?" + target[1] : "", headers, body);
    }

    // Each piece has its length before it, as hexadecimal digits in a line of their own, and ends its line; a piece of nothing is the last.
    private static async Task<byte[]> ChunksAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var all = new List<byte>();
        while (true)
        {
            var line = new List<byte>();
            while (line is not [.., (byte)'\r', (byte)'\n'])
            {
                line.AddRange(await ExactlyAsync(stream, 1, cancellationToken));
            }

            var length = int.Parse(Encoding.ASCII.GetString([.. line]).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var piece = await ExactlyAsync(stream, length + 2, cancellationToken);
            if (length == 0)
            {
                return [.. all];
            }

            all.AddRange(piece[..length]);
        }
    }

    private static async Task<byte[]> ExactlyAsync(NetworkStream stream, int length, CancellationToken cancellationToken)
    {
        var read = new byte[length];
        await stream.ReadExactlyAsync(read, cancellationToken);
        return read;
    }

    private static bool Ends(List<byte> head) =>
        head.Count >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r';
}
