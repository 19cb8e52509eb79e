using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>
/// Rewrites a log after a person consented to its changes: records numbered anew, references following them, fresh sums,
/// and a <see cref="SessionEdited"/> record at the end. What was not changed keeps its bytes.
/// </summary>
internal sealed class EditSealing(LogInspection inspection, LogContext context, string by)
{
    private readonly Dictionary<long, long> _newNumbers = [];
    private readonly List<long> _changed = [];
    private readonly List<long> _oldNumbers = [];
    private readonly RecordCodec _codec = new();

    /// <summary>The blob that holds the file as it was, or null when nobody has it.</summary>
    public string? Before { get; init; }

    /// <summary>Writes the sealed log. <paramref name="repaired"/> says what was cut from its end, or is null.</summary>
    public void WriteTo(SafeFileHandle target, LogRepaired? repaired)
    {
        NumberAnew();
        using var output = new BufferedOutput(target);
        var run = RunId.Session;
        var n = 0L;
        void AnswerOrphans(int before)
        {
            foreach (var orphan in inspection.Orphans.Where(orphan => orphan.Before == before))
            {
                output.Add(_codec.Encode(++n, context.Time.GetUtcNow(), orphan.Run, EditOrphans.Answer(orphan)).Span);
            }
        }

        for (var i = 0; i < inspection.Lines.Count; i++)
        {
            AnswerOrphans(i);
            var line = inspection.Lines[i];
            if (line.State == LineState.Blank)
            {
                continue;
            }

            n++;
            var bytes = LineCheck.Trim(inspection.Read(line), i == 0);
            if (line.State == LineState.Written)
            {
                output.Add(_codec.Encode(n, context.Time.GetUtcNow(), run, WrittenLine.Read(bytes, context.Blobs, out var reason) ?? throw new JournalException(reason!)).Span);
                continue;
            }

            run = RecordCodec.Decode(bytes).Run;
            output.Add(Renewed(bytes, n, line).Span);
        }

        AnswerOrphans(inspection.Lines.Count);
        if (repaired is not null)
        {
            output.Add(_codec.Encode(++n, context.Time.GetUtcNow(), RunId.Session, repaired).Span);
        }

        var removed = inspection.Edits.Sum(edit => edit.Kind switch { EditKind.Removed => 1, EditKind.Replaced => (int)Math.Max(0, edit.N - edit.Has), _ => 0 });
        var inserted = inspection.Edits.Count(edit => edit.Kind is EditKind.Inserted or EditKind.Orphaned);
        output.Add(_codec.Encode(++n, context.Time.GetUtcNow(), RunId.Session, new SessionEdited(_changed, removed, inserted, by) { Before = Before }).Span);
    }

    private void NumberAnew()
    {
        var touched = inspection.Edits.Where(edit => edit.Kind is EditKind.Text or EditKind.Moved or EditKind.Inserted).Select(edit => edit.Line - 1).ToHashSet();
        var otherFrom = inspection.Edits.Find(edit => edit.Kind is EditKind.Replaced)?.Line - 1 ?? int.MaxValue;
        var n = 0L;
        for (var i = 0; i < inspection.Lines.Count; i++)
        {
            var line = inspection.Lines[i];
            n += inspection.Orphans.Count(orphan => orphan.Before == i);
            if (line.State == LineState.Blank)
            {
                continue;
            }

            n++;
            if (touched.Contains(i) || i >= otherFrom)
            {
                _changed.Add(n);
            }

            if (line.N > 0 && !inspection.Copies.Contains(i))
            {
                _newNumbers[line.N] = n;
                _oldNumbers.Add(line.N);
            }
        }

        _oldNumbers.Sort();
    }

    private ReadOnlyMemory<byte> Renewed(ReadOnlySpan<byte> bytes, long n, CheckedLine line)
    {
        var type = RecordLine.Split(bytes).Type;
        if (type is "model_requested" or "compacted" or "session_edited")
        {
            var record = RecordCodec.Decode(bytes);
            var pointed = Follow(record.Event, n);
            if (!ReferenceEquals(pointed, record.Event))
            {
                return _codec.Encode(n, record.At, record.Run, pointed);
            }
        }

        return line.State == LineState.Sound && line.N == n ? WithNewline(bytes) : _codec.Renew(bytes, n);
    }

    private DurableEvent Follow(DurableEvent durableEvent, long n) => durableEvent switch
    {
        ModelRequested requested when NumberOf(requested.UpTo, n) is var to && to != requested.UpTo => requested with { UpTo = to },
        Compacted compacted when Follow(compacted, n) is { } followed => followed,
        SessionEdited edited when edited.Changed.Any(old => _newNumbers.GetValueOrDefault(old) != old) =>
            edited with { Changed = [.. edited.Changed.Where(_newNumbers.ContainsKey).Select(old => _newNumbers[old])] },
        _ => durableEvent,
    };

    private Compacted? Follow(Compacted compacted, long n)
    {
        var (to, trims) = (NumberOf(compacted.UpTo, n), compacted.Trims?.Select(trim => trim with { To = NumberOf(trim.To, n) }).ToList());
        return to != compacted.UpTo || (trims is not null && !trims.SequenceEqual(compacted.Trims!)) ? compacted with { UpTo = to, Trims = trims } : null;
    }

    /// <summary>The new number of a record, or of the nearest one before it that is still there; always before the record that points to it.</summary>
    private long NumberOf(long old, long before)
    {
        var index = _oldNumbers.BinarySearch(old);
        index = index < 0 ? ~index - 1 : index;
        return index < 0 ? 0 : Math.Min(_newNumbers[_oldNumbers[index]], before - 1);
    }

    private static byte[] WithNewline(ReadOnlySpan<byte> bytes) => [.. bytes, (byte)'\n'];

    /// <summary>Gathers small writes.</summary>
    private sealed class BufferedOutput(SafeFileHandle target) : IDisposable
    {
        private readonly LineBuffer _buffer = new();
        private long _offset;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            _buffer.Add(bytes);
            if (_buffer.Length >= 256 * 1024)
            {
                Flush();
            }
        }

        public void Dispose() => Flush();

        private void Flush()
        {
            RandomAccess.Write(target, _buffer.Written, _offset);
            _offset += _buffer.Length;
            _buffer.Length = 0;
        }
    }
}
