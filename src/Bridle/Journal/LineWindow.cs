using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Lines of a file by their place, through a window that moves on with whoever reads forward. Not safe to use concurrently.</summary>
internal sealed class LineWindow(SafeFileHandle file)
{
    private const int Size = 128 * 1024;

    private byte[] _bytes = [];
    private long _start;
    private int _length;

    /// <summary>A line; empty where the file has become shorter. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Line(long offset, int length)
    {
        if (offset < _start || offset + length > _start + _length)
        {
            Fill(offset, length);
        }

        return offset + length <= _start + _length ? _bytes.AsSpan((int)(offset - _start), length) : default;
    }

    private void Fill(long offset, int length)
    {
        if (_bytes.Length < length || _bytes.Length > Math.Max(length, Size))
        {
            _bytes = new byte[Math.Max(length, Size)];
        }

        (_start, _length) = (offset, 0);
        while (_length < _bytes.Length && RandomAccess.Read(file, _bytes.AsSpan(_length), offset + _length) is > 0 and var read)
        {
            _length += read;
        }
    }
}
