using System.Globalization;
using System.Text;

namespace Bridle.Hosting.Networking;

/// <summary>The first line and the header fields of an HTTP/1 request to a proxy, read strictly: what two programs could read differently is refused.</summary>
/// <param name="Method">Such as <c>GET</c> or <c>CONNECT</c>.</param>
/// <param name="Target">The request target as it was sent.</param>
/// <param name="Fields">The header fields in their order.</param>
internal sealed record RequestHead(string Method, string Target, IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>A longer head is refused.</summary>
    public const int MostBytes = 32 * 1024;

    private static readonly string[] s_hopByHop =
        ["Connection", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "Keep-Alive", "TE", "Trailer", "Upgrade", "HTTP2-Settings", "Host"];

    /// <summary>How many bytes of the body follow; null for a chunked one, 0 for none.</summary>
    public long? BodyLength { get; private init; }

    /// <summary>Takes a head off a stream; null when it ends before, is too long or is not well formed.</summary>
    public static async ValueTask<RequestHead?> TakeAsync(PeekedStream from, CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = from.Waiting.Span.IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var head = Parse(from.Waiting.Span[..end]);
                from.Take(end + 4);
                return head;
            }

            if (from.Waiting.Length > MostBytes || !await from.FillAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    /// <summary>The head as the server behind the proxy gets it: its own path, the host that was judged, and the end of the connection after the answer.</summary>
    public byte[] ForServer(string path, string host)
    {
        var named = Fields.Where(field => field.Name.Equals("Connection", StringComparison.OrdinalIgnoreCase)).SelectMany(field => field.Value.Split(',', StringSplitOptions.TrimEntries));
        var dropped = new HashSet<string>([.. s_hopByHop, .. named], StringComparer.OrdinalIgnoreCase);
        dropped.ExceptWith(["Content-Length", "Transfer-Encoding"]);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        foreach (var (name, value) in Fields.Where(field => !dropped.Contains(field.Name)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return Encoding.Latin1.GetBytes(text.Append("Connection: close\r\n\r\n").ToString());
    }

    private static RequestHead? Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        if (Array.Exists(lines, line => line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0))
        {
            return null;
        }

        var first = lines[0].Split(' ');
        if (first.Length != 3 || first[2] is not ("HTTP/1.1" or "HTTP/1.0") || first[0].Length == 0 || !first[0].All(IsToken) || !first[1].All(c => c is > ' ' and < '\x7f'))
        {
            return null;
        }

        var fields = new List<(string, string)>();
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':');
            if (colon <= 0 || !line[..colon].All(IsToken))
            {
                return null;
            }

            fields.Add((line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return Length(fields, out var length) ? new(first[0], first[1], fields) { BodyLength = length } : null;
    }

    // One clear length, or one clear "chunked"; both or several are how requests are smuggled.
    private static bool Length(List<(string Name, string Value)> fields, out long? length)
    {
        length = 0;
        var lengths = fields.Where(field => field.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).ToList();
        var codings = fields.Where(field => field.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)).ToList();
        if (codings.Count > 0)
        {
            length = null;
            return codings.Count == 1 && lengths.Count == 0 && codings[0].Value.Equals("chunked", StringComparison.OrdinalIgnoreCase);
        }

        if (lengths.Count == 0)
        {
            return true;
        }

        var isNumber = long.TryParse(lengths[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        length = value;
        return isNumber && lengths.Count == 1;
    }

    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c);
}
