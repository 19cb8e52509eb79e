using System.Buffers;
using System.Net;

namespace Bridle.Models.Http;

/// <summary>Bytes that stand for the one byte at <paramref name="At"/>.</summary>
internal readonly record struct Splice(int At, byte[] Bytes);

/// <summary>
/// A body in which kept bytes stand between written ones. It is put together piece by piece while it is sent: a long conversation is never copied as a whole.
/// May be sent again.
/// </summary>
internal sealed class SplicedContent(ReadOnlyMemory<byte> written, IReadOnlyList<Splice> splices) : HttpContent
{
    private const int PieceSize = 64 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            var filled = 0;
            foreach (var part in Parts())
            {
                for (var rest = part; !rest.IsEmpty;)
                {
                    var taken = Math.Min(rest.Length, piece.Length - filled);
                    rest[..taken].CopyTo(piece.AsMemory(filled));
                    rest = rest[taken..];
                    filled += taken;
                    if (filled == piece.Length)
                    {
                        await stream.WriteAsync(piece.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
                        filled = 0;
                    }
                }
            }

            if (filled > 0)
            {
                await stream.WriteAsync(piece.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = written.Length;
        foreach (var splice in splices)
        {
            length += splice.Bytes.Length - 1;
        }

        return true;
    }

    private IEnumerable<ReadOnlyMemory<byte>> Parts()
    {
        var from = 0;
        foreach (var splice in splices)
        {
            yield return written[from..splice.At];
            yield return splice.Bytes;
            from = splice.At + 1;
        }

        yield return written[from..];
    }
}
