using System.Text.Json;
using Bridle.Events;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>What a log file holds, line by line: what is sound, what a person changed, what is damaged and where a torn tail begins. Changes nothing.</summary>
internal sealed class LogInspection
{
    public const int Format = 1;

    private readonly SafeFileHandle _file;
    private readonly long _size;
    private readonly Dictionary<int, string> _reasons = [];
    private readonly Dictionary<int, string> _texts = [];
    private bool _lastTerminated = true;

    private LogInspection(SafeFileHandle file, long size)
    {
        _file = file;
        _size = size;
        End = size;
    }

    /// <summary>The lines that count, in file order, a torn tail excluded.</summary>
    public List<CheckedLine> Lines { get; } = [];

    /// <summary>Where a torn tail begins; the file's size when there is none.</summary>
    public long End { get; private set; }

    /// <summary>The bytes of the file that were looked at, a torn tail included.</summary>
    public long Size => _size;

    /// <summary>The sum of every byte of the file, a torn tail included.</summary>
    public uint Crc { get; private set; }

    /// <summary>The bytes of a torn tail.</summary>
    public long TailBytes => _size - End;

    /// <summary>Whether the last line that counts lacks its newline.</summary>
    public bool NewlineMissing { get; private set; }

    /// <summary>Indices of lines that repeat a number: copies made by a person.</summary>
    public HashSet<int> Copies { get; } = [];

    public List<LogDamage> Damage { get; } = [];

    /// <summary>What a person changed; every line of a file of plain messages.</summary>
    public List<LogEdit> Edits { get; } = [];

    /// <summary>Calls that the edits left without an answer.</summary>
    public IReadOnlyList<EditOrphan> Orphans { get; private set; } = [];

    /// <summary>Whether every line is a plain message, so that the file may be adopted.</summary>
    public bool IsPlainMessages { get; private set; }

    /// <summary>Whether a newer version wrote the file.</summary>
    public bool IsNewer { get; private set; }

    /// <param name="file">The log.</param>
    /// <param name="size">How much of it to look at.</param>
    /// <param name="sealedCount">How many records the state folder remembers, or 0.</param>
    public static LogInspection Of(SafeFileHandle file, long size, long sealedCount = 0)
    {
        var inspection = new LogInspection(file, size);
        inspection.CheckLines();
        inspection.FindTail();
        inspection.CheckWhole(sealedCount);
        return inspection;
    }

    /// <summary>The text of a changed line for a person, or null.</summary>
    public string? TextOf(int index) => _texts.GetValueOrDefault(index);

    /// <summary>The bytes of a line, without its newline.</summary>
    public byte[] Read(CheckedLine line) => Read(line.Offset, line.Length);

    public byte[] Read(long offset, long length)
    {
        var bytes = new byte[length];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(_file, bytes.AsSpan(read), offset + read) is > 0 and var more)
        {
            read += more;
        }

        return read == bytes.Length ? bytes : throw new JournalException("The log became shorter while it was read. Open it again.");
    }

    private void CheckLines()
    {
        using var lines = new LogLines(_file, 0, _size, sums: true);
        while (lines.Next())
        {
            var line = lines.Line.Span;
            var state = LineCheck.Check(line, Lines.Count == 0, out var n, out var reason);
            if (state is not LineState.Sound)
            {
                _reasons[Lines.Count] = reason ?? "";
                _texts[Lines.Count] = state is LineState.Edited or LineState.Written ? Shown(LineCheck.Trim(line, Lines.Count == 0)) : "";
            }

            Lines.Add(new CheckedLine(lines.Offset, line.Length, n, state) { Kind = state is LineState.Sound ? RecordKind.Of(line) : RecordKind.Unknown });
            _lastTerminated = lines.IsTerminated;
        }

        Crc = lines.Crc;
    }

    /// <summary>Decides whether what stands after the last line that counts was torn off while it was written.</summary>
    private void FindTail()
    {
        var hole = UnsyncedHole.Find(Lines, Read);
        var last = hole >= 0 ? hole - 1 : Lines.FindLastIndex(line => line.State is not (LineState.Unparsable or LineState.Blank));
        var tail = Lines.GetRange(last + 1, Lines.Count - last - 1);
        if (hole < 0 && (tail.TrueForAll(line => line.State == LineState.Blank) || !TornTail.IsTorn(Read(tail[0].Offset, _size - tail[0].Offset))))
        {
            NewlineMissing = Lines.Count > 0 && !_lastTerminated && Lines[^1].State != LineState.Unparsable;
            return;
        }

        End = tail[0].Offset;
        Lines.RemoveRange(last + 1, tail.Count);
        var kept = TornTail.SoundHead(Read(tail[0]), Lines.Count + 1);
        if (kept > 0)
        {
            Lines.Add(new CheckedLine(End, kept, Lines.Count + 1, LineState.Sound));
            End += kept;
            NewlineMissing = true;
        }
    }

    private void CheckWhole(long sealedCount)
    {
        var unchanged = Lines.Count >= sealedCount;
        for (var i = 0; i < Lines.Count && unchanged; i++)
        {
            unchanged = Lines[i].State == LineState.Sound && Lines[i].N == i + 1;
        }

        CheckHead();
        if (IsPlainMessages)
        {
            Edits.AddRange(Lines.Select((_, index) => new LogEdit(EditKind.Inserted, index + 1, 0, TextOf(index))));
            Pair();
            return;
        }

        if (unchanged || IsNewer)
        {
            return;
        }

        CheckStates();
        CheckNumbers(sealedCount);
        if (Damage.Count == 0 && Edits.Count > 0)
        {
            Pair();
        }
    }

    /// <summary>Takes in that another log stands in the place of the one that was written.</summary>
    public void Replace(IReadOnlyList<LogEdit> edits)
    {
        if (edits.Count > 0)
        {
            Edits.Clear();
            Edits.AddRange(edits);
            Pair();
        }
    }

    private void Pair()
    {
        var orphans = EditOrphans.Of(this);
        Orphans = orphans.Calls;
        Edits.AddRange(orphans.Edits);
    }

    private void CheckHead()
    {
        if (Lines.Count > 0 && Lines.TrueForAll(line => line.State is LineState.Written or LineState.Blank) && AllMessages())
        {
            IsPlainMessages = true;
            return;
        }

        if (Lines.Count == 0 || Lines[0].State is not (LineState.Sound or LineState.Edited) || Lines[0].N != 1)
        {
            Damage.Add(new LogDamage(1, "a session begins with its session_started record, and that is not here"));
            return;
        }

        var first = Decode(0);
        if (first is SessionStarted { Format: > Format })
        {
            IsNewer = true;
        }
        else if (first is not SessionStarted)
        {
            Damage.Add(new LogDamage(1, "a session begins with its session_started record, and this is another one"));
        }
    }

    private DurableEvent? Decode(int index)
    {
        try
        {
            return RecordCodec.Decode(LineCheck.Trim(Read(Lines[index]), index == 0)).Event;
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool AllMessages()
    {
        for (var i = 0; i < Lines.Count; i++)
        {
            if (Lines[i].State == LineState.Written)
            {
                using var document = JsonDocument.Parse(LineCheck.Trim(Read(Lines[i]), i == 0).ToArray());
                if (!PlainMessages.IsMessage(document.RootElement))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void CheckStates()
    {
        for (var i = 0; i < Lines.Count; i++)
        {
            switch (Lines[i].State)
            {
                case LineState.Damaged or LineState.Unparsable:
                    Damage.Add(new LogDamage(i + 1, _reasons[i]));
                    break;
                case LineState.Edited:
                    Edits.Add(new LogEdit(EditKind.Text, i + 1, Lines[i].N, _texts[i]));
                    break;
                case LineState.Written:
                    Edits.Add(new LogEdit(EditKind.Inserted, i + 1, 0, _texts[i]));
                    break;
                case LineState.Blank:
                    Edits.Add(new LogEdit(EditKind.Blank, i + 1, 0, null));
                    break;
            }
        }
    }

    private void CheckNumbers(long sealedCount)
    {
        var seen = new HashSet<long>();
        var order = new List<(int Index, long N)>();
        for (var i = 0; i < Lines.Count; i++)
        {
            if (Lines[i].State is not (LineState.Sound or LineState.Edited))
            {
                continue;
            }

            if (seen.Add(Lines[i].N))
            {
                order.Add((i, Lines[i].N));
                continue;
            }

            var copy = LineCheck.Trim(Read(Lines[i]), i == 0);
            if (EditableText.IsIn(RecordLine.Split(copy).Type))
            {
                Copies.Add(i);
                Edits.RemoveAll(edit => edit.Line == i + 1);
                Edits.Add(new LogEdit(EditKind.Inserted, i + 1, 0, Shown(copy)));
            }
            else
            {
                Damage.Add(new LogDamage(i + 1, $"record {Lines[i].N} is here a second time, and only records of the conversation may be copied"));
            }
        }

        var inPlace = LongestAscent.Of([.. order.Select(entry => entry.N)]);
        for (var i = 0; i < order.Count; i++)
        {
            if (!inPlace[i])
            {
                Edits.Add(new LogEdit(EditKind.Moved, order[i].Index + 1, order[i].N, null));
            }
        }

        Edits.Sort((left, right) => left.Line.CompareTo(right.Line));
        AddRemoved(seen, Math.Max(sealedCount, order.Count == 0 ? 0 : order.Max(entry => entry.N)));
    }

    private void AddRemoved(HashSet<long> seen, long last)
    {
        if (last - seen.Count > 1_000_000)
        {
            Damage.Add(new LogDamage(Lines.Count, $"the numbers jump to {last}, which is not a gap that an edit leaves"));
            return;
        }

        for (var n = 1L; n <= last && Damage.Count == 0; n++)
        {
            if (!seen.Contains(n))
            {
                Edits.Add(new LogEdit(EditKind.Removed, 0, n, null));
            }
        }
    }

    private static string Shown(ReadOnlySpan<byte> line) => ShownText.Shorten(ShownText.Of(line));
}
