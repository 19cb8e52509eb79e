namespace Bridle.Models.Http;

/// <summary>What kind of body a server answered with.</summary>
internal enum ReplyShape
{
    /// <summary>Piece by piece.</summary>
    Stream,

    /// <summary>One JSON document.</summary>
    Whole,

    /// <summary>Neither: a web page, an image, prose.</summary>
    Other,
}

/// <summary>Finds the shape from what the server said, whatever was asked for; looks at the first bytes where it said nothing of use.</summary>
internal static class ReplyShapes
{
    public static async ValueTask<(ReplyShape Shape, Stream Body)> OfAsync(string? mediaType, bool asked, Stream body, CancellationToken cancellationToken)
    {
        switch (mediaType?.ToLowerInvariant())
        {
            case "text/event-stream" or "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines":
                return (ReplyShape.Stream, body);
            case "application/json":
                return (ReplyShape.Whole, body);
            case null or "text/plain" or "application/octet-stream" or "application/stream+json":
                break;
            case var other when other.EndsWith("+json", StringComparison.Ordinal):
                return (ReplyShape.Whole, body);
            default:
                return (ReplyShape.Other, body);
        }

        var first = new byte[256];
        var length = await body.ReadAsync(first, cancellationToken).ConfigureAwait(false);
        var rest = new PrefixedStream(first.AsMemory(0, length), body);
        return (Guess(first.AsSpan(0, length), asked), rest);
    }

    private static ReplyShape Guess(ReadOnlySpan<byte> first, bool asked)
    {
        var text = (first.StartsWith("\ufeff"u8) ? first[3..] : first).TrimStart(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            return asked ? ReplyShape.Stream : ReplyShape.Whole;
        }

        return text[0] switch
        {
            (byte)'{' => asked ? ReplyShape.Stream : ReplyShape.Whole,
            (byte)'[' => ReplyShape.Whole,
            (byte)':' => ReplyShape.Stream,
            _ => text.StartsWith("data:"u8) || text.StartsWith("event:"u8) || text.StartsWith("id:"u8) || text.StartsWith("retry:"u8) ? ReplyShape.Stream : ReplyShape.Other,
        };
    }

    /// <summary>A stream whose first bytes were already read.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_prefix.IsEmpty)
            {
                return rest.ReadAsync(buffer, cancellationToken);
            }

            var length = Math.Min(buffer.Length, _prefix.Length);
            _prefix[..length].CopyTo(buffer);
            _prefix = _prefix[length..];
            return new(length);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
