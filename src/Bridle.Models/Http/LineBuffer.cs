using System.Buffers;

namespace Bridle.Models.Http;

/// <summary>Cuts a body into lines that end with CR, LF or CRLF, without copying them. A line is valid until the next one is asked for.</summary>
internal sealed class LineBuffer(Stream body) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _start;
    private int _scanned;
    private int _end;
    private bool _skipLineFeed;
    private bool _begun;

    /// <summary>True once the body has ended.</summary>
    public bool BodyEnded { get; private set; }

    /// <summary>True when the line handed out last was ended by the body's end and not by a line end.</summary>
    public bool Unterminated { get; private set; }

    /// <summary>The next line, when enough bytes are here already.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        SkipMarks();
        var at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\n', (byte)'\r');
        if (at >= 0)
        {
            // What has a line end so early has no byte order mark, and a later one is text.
            _begun = true;
            var stop = _scanned + at;
            line = _buffer.AsMemory(_start, stop - _start);
            _skipLineFeed = _buffer[stop] == (byte)'\r';
            _start = _scanned = stop + 1;
            return true;
        }

        _scanned = _end;
        line = _buffer.AsMemory(_start, _end - _start);
        if (!BodyEnded || _start == _end)
        {
            return false;
        }

        Unterminated = true;
        _start = _end;
        return true;
    }

    /// <summary>Reads more of the body.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _scanned -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        BodyEnded = read == 0;
        _end += read;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = _scanned = _end = 0;
        }
    }

    /// <summary>Skips the byte order mark at the start of the body, and the LF of a CRLF whose CR has ended the line before.</summary>
    private void SkipMarks()
    {
        if (!_begun && (_end - _start >= 3 || BodyEnded))
        {
            _begun = true;
            if (_buffer.AsSpan(_start, _end - _start).StartsWith("\ufeff"u8))
            {
                _start = _scanned = _start + 3;
            }
        }

        if (_skipLineFeed && _start < _end)
        {
            _skipLineFeed = false;
            if (_buffer[_start] == (byte)'\n')
            {
                _start++;
                _scanned = Math.Max(_scanned, _start);
            }
        }
    }
}
