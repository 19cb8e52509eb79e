using System.Text;

namespace Bridle.Tools.Files;

/// <summary>The lines that are wanted: how many to skip, how many to show.</summary>
internal readonly record struct LineRange(int Offset, int Limit);

/// <summary>Takes a range of lines out of a stream of any length without holding more of it than is shown.</summary>
internal sealed class LineWindow(LineRange range)
{
    private const int MostLineChars = 2000;
    private const int MostLineBytes = 4 * MostLineChars;
    private const int MostChars = 64_000;

    private readonly StringBuilder _text = new();
    private readonly MemoryStream _line = new();
    private long _lineLength;
    private bool _pending;
    private bool _full;
    private int _lastShown;
    private bool _latin1;

    /// <summary>How many lines were seen.</summary>
    public int Lines { get; private set; }

    /// <summary>Whether the end of the file was reached, so that <see cref="Lines"/> counts all of them.</summary>
    public bool Complete { get; private set; }

    /// <summary>Whether a NUL byte was seen: the file is not text.</summary>
    public bool SawNul { get; private set; }

    /// <summary>Reads on until the range is filled, or to the end when <paramref name="readAll"/>.</summary>
    public void ReadFrom(Stream stream, bool readAll, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (!SawNul && (readAll || (!_full && Lines < (long)range.Offset + range.Limit)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = stream.Read(buffer);
            if (count == 0)
            {
                Complete = true;
                break;
            }

            SawNul |= buffer.AsSpan(0, count).Contains((byte)0);
            Take(buffer.AsSpan(0, count));
        }

        if (_pending)
        {
            EndLine();
        }
    }

    /// <summary>What the model sees: the lines, and how to go on when there are more.</summary>
    public string Text(bool hashed)
    {
        if (Complete && Lines == 0)
        {
            return "(the file is empty)";
        }

        var notes = new List<string>();
        if (!Complete || _lastShown < Lines)
        {
            notes.Add($"[Lines {range.Offset + 1}-{_lastShown}{(Complete ? $" of {Lines}" : "; the file goes on")}. To read on: offset {_lastShown}.]");
        }

        if (_latin1)
        {
            notes.Add("[Lines that are not valid UTF-8 are shown as Latin-1.]");
        }

        if (!hashed)
        {
            notes.Add("[The file is longer than 64 MB: Edit and Write will refuse it.]");
        }

        return notes.Count == 0 ? _text.ToString().TrimEnd('\n') : _text + string.Join('\n', notes);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            _pending = true;
            _lineLength += part.Length;
            if (Wanted && _line.Length < MostLineBytes)
            {
                _line.Write(part[..(int)Math.Min(part.Length, MostLineBytes - _line.Length)]);
            }

            if (end < 0)
            {
                return;
            }

            EndLine();
            bytes = bytes[(end + 1)..];
        }
    }

    private bool Wanted => !_full && Lines >= range.Offset && Lines < (long)range.Offset + range.Limit;

    private void EndLine()
    {
        if (Wanted)
        {
            Show();
        }

        Lines++;
        _line.SetLength(0);
        _lineLength = 0;
        _pending = false;
    }

    private void Show()
    {
        var bytes = _line.GetBuffer().AsSpan(0, (int)_line.Length);
        var cut = _lineLength > bytes.Length;
        if (cut)
        {
            // The cut may have gone through a character; leave the pieces of it out.
            bytes = bytes[..^FileText.IncompleteTail(bytes)];
        }
        else if (bytes is [.., (byte)'\r'])
        {
            bytes = bytes[..^1];
        }

        var (line, isLatin1) = FileText.DecodeLine(bytes);
        if (cut || line.Length > MostLineChars)
        {
            var shown = Math.Min(line.Length, MostLineChars);
            shown -= char.IsHighSurrogate(line[shown - 1]) ? 1 : 0;
            line = $"{line[..shown]}… [cut: the line has {_lineLength} bytes]";
        }

        if (_lastShown > 0 && _text.Length + line.Length > MostChars)
        {
            _full = true;
            return;
        }

        _latin1 |= isLatin1;
        _text.Append(Lines + 1).Append('\t').Append(line).Append('\n');
        _lastShown = Lines + 1;
    }
}
