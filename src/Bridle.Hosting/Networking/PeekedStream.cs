namespace Bridle.Hosting.Networking;

/// <summary>A stream whose next bytes can be looked at before they are taken.</summary>
internal sealed class PeekedStream(Stream inner)
{
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>The stream under it, for writing.</summary>
    public Stream Inner => inner;

    /// <summary>What was read and not taken yet.</summary>
    public ReadOnlyMemory<byte> Waiting => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Reads more behind what waits; false at the end of the stream.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_end == _buffer.Length)
        {
            var room = _end - _start > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
            Waiting.CopyTo(room);
            (_buffer, _end, _start) = (room, _end - _start, 0);
        }

        var count = await inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }

    /// <summary>Waits until so many bytes wait; false when the stream ends before.</summary>
    public async ValueTask<bool> HasAsync(int count, CancellationToken cancellationToken)
    {
        while (Waiting.Length < count)
        {
            if (!await FillAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes bytes that wait.</summary>
    public void Take(int count) => _start += Math.Min(count, _end - _start);
}
