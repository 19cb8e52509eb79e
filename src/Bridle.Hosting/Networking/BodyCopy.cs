using System.Globalization;
using System.Text;

namespace Bridle.Hosting.Networking;

/// <summary>Copies exactly the body of one request, so that nothing behind it reaches the server as a second one.</summary>
internal static class BodyCopy
{
    private const int LongestLine = 4096;

    /// <summary>Copies it; false when it ends early or is not well formed. <paramref name="length"/> is null for a chunked one.</summary>
    public static async ValueTask<bool> CopyAsync(PeekedStream from, Stream to, long? length, CancellationToken cancellationToken)
    {
        if (length is { } known)
        {
            return await ExactlyAsync(from, to, known, cancellationToken);
        }

        while (true)
        {
            if (await LineAsync(from, cancellationToken) is not { } line
                || !long.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) || size < 0)
            {
                return false;
            }

            await to.WriteAsync(Encoding.ASCII.GetBytes(size.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), cancellationToken);
            if (size == 0)
            {
                // Trailers are read and left out.
                string? trailer;
                while ((trailer = await LineAsync(from, cancellationToken)) is { Length: > 0 })
                {
                }

                await to.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
                return trailer is not null;
            }

            if (!await ExactlyAsync(from, to, size, cancellationToken) || await LineAsync(from, cancellationToken) is not "")
            {
                return false;
            }

            await to.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
        }
    }

    private static async ValueTask<bool> ExactlyAsync(PeekedStream from, Stream to, long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (from.Waiting.Length == 0 && !await from.FillAsync(cancellationToken))
            {
                return false;
            }

            var piece = from.Waiting[..(int)Math.Min(count, from.Waiting.Length)];
            await to.WriteAsync(piece, cancellationToken);
            count -= piece.Length;
            from.Take(piece.Length);
        }

        return true;
    }

    private static async ValueTask<string?> LineAsync(PeekedStream from, CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = from.Waiting.Span.IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = Encoding.Latin1.GetString(from.Waiting.Span[..end]);
                from.Take(end + 2);
                return line;
            }

            if (from.Waiting.Length > LongestLine || !await from.FillAsync(cancellationToken))
            {
                return null;
            }
        }
    }
}
