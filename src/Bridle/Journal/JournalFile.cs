using System.Text;
using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>
/// A log in a file (docs/reference/log.md), open for appending by this process alone. Made by <see cref="SessionStore"/>.
/// </summary>
public sealed class JournalFile : IJournal
{
    private static readonly int[] s_full = [28, 122];

    private readonly Lock _lock = new();
    private readonly RecordCodec _codec = new();
    private readonly List<long> _offsets;
    private readonly List<byte> _kinds;
    private readonly LogContext _context;
    private readonly LogLock _held;
    private readonly SafeFileHandle _file;
    private readonly byte[] _lastSum = new byte[8];

    // Of the records that came since it was opened, one after another; those before are sealed.
    private readonly StringBuilder _sums = new();
    private FileIdentity _left;
    private uint _crc = Crc32C.Start;
    private bool _unsynced;
    private JournalException? _failure;

    internal JournalFile(LogContext context, LogLock held, SafeFileHandle file, List<long> offsets, long size, List<byte> kinds, uint? crc = null)
    {
        _context = context;
        _held = held;
        _file = file;
        _offsets = offsets;
        _kinds = kinds;
        while (_kinds.Count < _offsets.Count)
        {
            _kinds.Add(RecordKind.Unknown);
        }

        _crc = crc ?? Crc32C.OfFile(file, size);
        _left = FileIdentity.Of(file, context.Path) ?? throw new JournalException($"{context.Path} cannot be examined.");
        _left = _left with { Size = size };
        ReadLastSum(_lastSum);
    }

    /// <summary>The path of the file.</summary>
    public string Path => _context.Path;

    /// <inheritdoc/>
    public long Last
    {
        get
        {
            lock (_lock)
            {
                return _offsets.Count;
            }
        }
    }

    /// <inheritdoc/>
    public IBlobs Blobs => _context.Blobs;

    /// <inheritdoc/>
    public ValueTask<Recorded> AppendAsync(RunId run, DurableEvent durableEvent, Durability durability, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult(Append(run, durableEvent, durability));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Recorded> Read(long from = 1)
    {
        long start;
        long end;
        lock (_lock)
        {
            end = _left.Size;
            start = from <= 1 ? 0 : from > _offsets.Count ? end : _offsets[(int)from - 1];
        }

        return ReadBetween(Math.Max(from, 1), start, end);
    }

    /// <inheritdoc/>
    public IEnumerable<Recorded> ReadOnly(IReadOnlySet<string> types) => ReadAt(Places(types), types, default);

    /// <inheritdoc/>
    public IEnumerable<Recorded> ReadOnly(IReadOnlySet<string> types, string field) => ReadAt(Places(types), types, Encoding.UTF8.GetBytes($"\"{field}\":"));

    /// <inheritdoc/>
    public Transcript Fold()
    {
        long[] offsets;
        byte[] kinds;
        long end;
        lock (_lock)
        {
            (offsets, kinds, end) = ([.. _offsets], [.. _kinds], _left.Size);
        }

        // Long results stay where they are, and who reads one later reads it by this handle: it is not closed here.
        var file = OpenToRead();
        if (!OperatingSystem.IsWindows())
        {
            // .NET takes an advisory lock with every handle, and nobody may be kept from the file when the session is closed. Failing that, the lock goes with the handle.
            _ = Libc.Flock(file, Libc.Unlock);
        }

        return new LogFold(new LinesFromEnd(file, offsets, kinds, end), new StoredLines(Path, file), Check, Decode).Fold(LinesOf(file, end));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (!_file.IsClosed)
            {
                if (_failure is null && TrySyncRest())
                {
                    // What another program put there is none of what was written here.
                    if (IsUnchanged(out _))
                    {
                        UpdateSeal();
                    }
                    else
                    {
                        Leave();
                    }
                }

                _file.Dispose();
                _codec.Dispose();
            }

            _failure ??= new JournalException($"{Path} is closed.");
            _held.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private Recorded Append(RunId run, DurableEvent durableEvent, Durability durability)
    {
        if (_failure is not null)
        {
            throw _failure is JournalChangedException ? new JournalChangedException(_failure.Message) : new JournalException(_failure.Message, _failure);
        }

        var now = _context.Time.GetUtcNow();
        var at = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        var n = _offsets.Count + 1;
        var line = _codec.Encode(n, at, run, durableEvent);
        CheckUnchanged();
        try
        {
            RandomAccess.Write(_file, line.Span, _left.Size);
            _unsynced = true;
            if (durability == Durability.Synced)
            {
                Fsync.File(_file, Path);
                _unsynced = false;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Abandon(failure);
        }

        _offsets.Add(_left.Size);
        _kinds.Add(RecordKind.Of(line.Span));
        _crc = Crc32C.Append(_crc, line.Span);
        line.Span[^11..^3].CopyTo(_lastSum);
        _sums.Append(Encoding.ASCII.GetString(_lastSum));
        var size = _left.Size + line.Length;
        _left = (FileIdentity.Of(_file, Path) ?? _left) with { Size = size };
        if (durableEvent is RunFinished && durability == Durability.Synced)
        {
            UpdateSeal();
        }

        return new Recorded(n, at, run, durableEvent);
    }

    /// <summary>An editor may have written to the file or put another in its place since the last append.</summary>
    private void CheckUnchanged()
    {
        if (IsUnchanged(out var found))
        {
            return;
        }

        Leave();
        var what = found is null ? "removed" : found.Value.IsSameFile(_left) ? "written to" : "replaced";
        var failure = new JournalChangedException($"{Path} was {what} by another program while the session was open. Nothing was appended. {(found is null ? "Put the file back. Open the session again then to go on." : "Open the session again to see and accept the changes.")}");
        _failure = failure;
        _file.Dispose();
        throw failure;
    }

    private bool IsUnchanged(out FileIdentity? found)
    {
        found = FileIdentity.Of(Path);
        Span<byte> sum = stackalloc byte[8];
        if (found is not { } now || !now.IsSameFile(_left) || now.Size != _left.Size || !ReadLastSum(sum) || !sum.SequenceEqual(_lastSum)
            || ((now.Modified, now.Changed) != (_left.Modified, _left.Changed) && Crc32C.OfFile(_file, now.Size) != _crc))
        {
            return false;
        }

        _left = now;
        return true;
    }

    // So that the next one who opens it knows whether it is this log again, and what stood there where the file as it was is still in hand.
    private void Leave()
    {
        if (Crc32C.OfFile(_file, _left.Size) == _crc)
        {
            UpdateSeal();
        }

        _context.Seal?.Leave(new(_offsets.Count, _left.Size, _crc) { Sums = _sums.ToString() });
    }

    /// <summary>After a failed write or sync nobody knows what the disk holds: the descriptor is given up, and only opening again can tell.</summary>
    private JournalException Abandon(Exception failure)
    {
        var full = s_full.Contains(failure.HResult);
        if (full)
        {
            _context.Reserve?.GiveUp();
        }

        _file.Dispose();
        var advice = full
            ? "The disk is full; a reserve was given up so that the session can be closed. Free some room and open the session again."
            : "The record was not accepted. Check the disk, then open the session again; it will show what was kept.";
        _failure = new JournalException($"{Path} could not be written: {failure.Message.TrimEnd('.')}. {advice}", failure);
        return _failure;
    }

    private bool TrySyncRest()
    {
        try
        {
            if (_unsynced)
            {
                Fsync.File(_file, Path);
            }

            return true;
        }
        catch (IOException)
        {
            // Nothing unsynced was promised to last. The seal must not speak of it, though.
            return false;
        }
    }

    private void UpdateSeal() => _context.Seal?.Update(_file, Path, _offsets, _left.Size);

    private bool ReadLastSum(Span<byte> sum) =>
        _left.Size >= RecordLine.SumLength && RandomAccess.Read(_file, sum, _left.Size - 11) == sum.Length;

    private IEnumerable<Recorded> ReadBetween(long n, long start, long end)
    {
        using var file = OpenToRead();
        using var lines = new LogLines(file, start, end);
        while (lines.Next())
        {
            yield return Decode(lines.Line.Span, n);
            n++;
        }
    }

    private List<(long N, long Offset, int Length)> Places(IReadOnlySet<string> types)
    {
        var among = RecordKind.Among(types);
        var places = new List<(long N, long Offset, int Length)>();
        lock (_lock)
        {
            for (var i = 0; i < _kinds.Count; i++)
            {
                if (among[_kinds[i]])
                {
                    places.Add((i + 1, _offsets[i], (int)((i + 1 < _offsets.Count ? _offsets[i + 1] : _left.Size) - _offsets[i] - 1)));
                }
            }
        }

        return places;
    }

    private IEnumerable<Recorded> ReadAt(List<(long N, long Offset, int Length)> places, IReadOnlySet<string> types, ReadOnlyMemory<byte> field)
    {
        if (places.Count == 0)
        {
            yield break;
        }

        using var file = OpenToRead();
        var window = new LineWindow(file);
        foreach (var (n, offset, length) in places)
        {
            if (DecodeIf(window.Line(offset, length), n, types, field.Span) is { } record)
            {
                yield return record;
            }
        }
    }

    private Recorded? DecodeIf(ReadOnlySpan<byte> line, long n, IReadOnlySet<string> types, ReadOnlySpan<byte> field) =>
        line.IndexOf(field) >= 0 && types.Contains(RecordLine.TypeOf(line)) ? Decode(line, n) : line.IsEmpty ? throw Changed(n) : null;

    private SafeFileHandle OpenToRead()
    {
        try
        {
            return File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new JournalChangedException($"{Path} was removed by another program while the session was open. Put the file back. Open the session again then to go on.");
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> LinesOf(SafeFileHandle file, long end)
    {
        using var lines = new LogLines(file, 0, end);
        while (lines.Next())
        {
            yield return lines.Line;
        }
    }

    private void Check(ReadOnlyMemory<byte> line, long expected)
    {
        if (!RecordLine.IsSound(line.Span, out var n) || n != expected)
        {
            throw Changed(expected);
        }
    }

    private Recorded Decode(ReadOnlyMemory<byte> line, long expected) => Decode(line.Span, expected);

    private Recorded Decode(ReadOnlySpan<byte> line, long expected)
    {
        try
        {
            if (RecordLine.IsSound(line, out var n) && n == expected)
            {
                return RecordCodec.Decode(line);
            }
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            throw new JournalException($"{Path}, line {expected}: the record cannot be read ({JsonWords.Of(failure)}). Restore the file from a copy, or clone the session up to the record before it.", failure);
        }

        throw Changed(expected);
    }

    private JournalChangedException Changed(long n) => new($"{Path}, line {n}: the record is not what was written there. Open the session again to see what changed.");
}
