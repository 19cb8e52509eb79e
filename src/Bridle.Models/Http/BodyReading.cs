namespace Bridle.Models.Http;

/// <summary>Reads a body that is not streamed to anyone.</summary>
internal static class BodyReading
{
    /// <summary>All of it, or its first <paramref name="limit"/> bytes.</summary>
    public static async Task<ReadOnlyMemory<byte>> AllAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (length < limit)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await body.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, limit) - length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return buffer.AsMemory(0, length);
    }
}
