using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>
/// Reads a stretch of a log line by line through one buffer, so that a log of any length takes little memory. Throws <see cref="IOException"/> at a line that is longer than any record.
/// </summary>
internal sealed class LogLines(SafeFileHandle file, long start, long end, bool sums = false) : IDisposable
{
    /// <summary>Longer than a record with the longest message; a file with a longer line is no log, and reading it would take the memory of the machine.</summary>
    private const int LongestLine = 512 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
    private int _from;
    private int _until;
    private long _next = start;

    /// <summary>Where the current line begins in the file.</summary>
    public long Offset { get; private set; } = start;

    /// <summary>The current line without its newline; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>The sum of all bytes read so far; of the whole stretch when there is no line left.</summary>
    public uint Crc { get; private set; } = Crc32C.Start;

    /// <summary>Whether a newline ends the current line.</summary>
    public bool IsTerminated { get; private set; }

    public bool Next()
    {
        var searched = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_from + searched, _until - _from - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                Take(searched + newline, terminated: true);
                return true;
            }

            searched = _until - _from;
            if (!Fill())
            {
                if (searched == 0)
                {
                    return false;
                }

                Take(searched, terminated: false);
                return true;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Line = default;
    }

    private void Take(int length, bool terminated)
    {
        Offset = _next - (_until - _from);
        Line = _buffer.AsMemory(_from, length);
        IsTerminated = terminated;
        _from += length + (terminated ? 1 : 0);
    }

    private bool Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _until - _from).CopyTo(_buffer);
            _until -= _from;
            _from = 0;
        }

        if (_until == _buffer.Length)
        {
            if (_until >= LongestLine)
            {
                throw new IOException($"The line that begins at byte {_next - _until} is longer than {LongestLine / (1024 * 1024)} MiB, which no record is. Look at the file, or move it away.");
            }

            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _until).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var wanted = (int)Math.Min(_buffer.Length - _until, end - _next);
        var read = wanted == 0 ? 0 : RandomAccess.Read(file, _buffer.AsSpan(_until, wanted), _next);
        Crc = sums ? Crc32C.Append(Crc, _buffer.AsSpan(_until, read)) : Crc;
        _until += read;
        _next += read;
        return read > 0;
    }
}
