using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Lines of a log by their number, read in stretches that end with the one asked for: cheap for who goes backwards.</summary>
internal sealed class LinesFromEnd(SafeFileHandle file, long[] offsets, byte[] kinds, long end)
{
    private const int Stretch = 256 * 1024;

    private byte[] _bytes = [];
    private long _start;
    private int _length;

    /// <summary>How many lines there are.</summary>
    public long Count => offsets.Length;

    /// <summary>Where a line begins.</summary>
    public long OffsetOf(long n) => offsets[n - 1];

    /// <summary>The <see cref="RecordKind"/> of a line.</summary>
    public byte KindOf(long n) => kinds[n - 1];

    /// <summary>A line without its newline; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Line(long n)
    {
        var (from, until) = (offsets[n - 1], n < offsets.Length ? offsets[n] : end);
        if (from < _start || until > _start + _length)
        {
            Read(n, until);
        }

        return _bytes.AsMemory((int)(from - _start), (int)(until - from - 1));
    }

    private void Read(long n, long until)
    {
        var first = n - 1;
        while (first > 0 && until - offsets[first - 1] <= Stretch)
        {
            first--;
        }

        _start = offsets[first];
        _length = (int)(until - _start);
        if (_bytes.Length < _length)
        {
            _bytes = new byte[Math.Max(_length, Stretch)];
        }

        for (var read = 0; read < _length;)
        {
            var more = RandomAccess.Read(file, _bytes.AsSpan(read, _length - read), _start + read);
            read += more > 0 ? more : throw new JournalException("The log became shorter while it was read. Open it again.");
        }
    }
}
