using System.Text;
using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Which file a session is in and how it was left: two equal marks are the same bytes, unless somebody wrote twice within the clock's grain.</summary>
public readonly record struct SessionMark(ulong Device, ulong Inode, long Size, long Modified);

/// <summary>A record as it stands in a file. <paramref name="Line"/> counts from 1 and is the record's number in a file that nobody edited.</summary>
public readonly record struct ScannedRecord(long Line, DateTimeOffset At, RunId Run, DurableEvent Event);

/// <summary>
/// Reads the records of a session for something that is derived from its log, as they stand: without a lock, changing nothing, also while another process appends and whatever a
/// person edited. Sums are not checked, lines that are no records are passed over, and an unfinished last line is left for the next time. Throws <see cref="JournalException"/> with
/// words for a person when the file cannot be read. Not for concurrent use.
/// </summary>
public sealed class SessionScan : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;

    private SessionScan(string path, SafeFileHandle file, SessionMark mark)
    {
        (_path, _file, Mark) = (path, file, mark);
    }

    /// <summary>The file when it was opened; nothing behind its size is read.</summary>
    public SessionMark Mark { get; }

    /// <summary>Where the last finished line that was passed ends, in bytes.</summary>
    public long End { get; private set; }

    /// <summary>How many finished lines stand before <see cref="End"/>.</summary>
    public long Lines { get; private set; }

    /// <summary>Opens a file.</summary>
    public static SessionScan Open(string path)
    {
        try
        {
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return FileIdentity.Of(file, path) is { } found ? new(path, file, Of(found)) : throw new IOException("it cannot be examined");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, failure);
        }
    }

    /// <summary>The mark of the file with this name; null when there is none.</summary>
    public static SessionMark? MarkOf(string path) => FileIdentity.Of(path) is { } found ? Of(found) : null;

    /// <summary>CRC-32C of the first bytes of the file: whether what was read before is still there.</summary>
    public uint SumOf(long bytes)
    {
        var crc = Crc32C.Start;
        var buffer = new byte[(int)Math.Clamp(bytes, 1, 256 * 1024)];
        for (var offset = 0L; offset < bytes;)
        {
            var read = Guarded(() => RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes - offset)), offset));
            if (read == 0)
            {
                break;
            }

            crc = Crc32C.Append(crc, buffer.AsSpan(0, read));
            offset += read;
        }

        return Crc32C.Finish(crc);
    }

    /// <summary>The records of these types from a place where a line begins to the end.</summary>
    /// <param name="types">Names as docs/reference/log.md has them.</param>
    /// <param name="offset">The place in bytes; <see cref="End"/> of an earlier scan.</param>
    /// <param name="lines">How many lines stand before it.</param>
    public IEnumerable<ScannedRecord> Read(IReadOnlySet<string> types, long offset = 0, long lines = 0)
    {
        ArgumentNullException.ThrowIfNull(types);
        (End, Lines) = (offset, lines);
        var wanted = types.Select(Encoding.UTF8.GetBytes).ToArray();
        var at = default(DateTimeOffset);
        using var all = new LogLines(_file, offset, Mark.Size);
        while (Guarded(all.Next) && all.IsTerminated)
        {
            Lines++;
            var found = Find(all.Line.Span, wanted);
            End = all.Offset + all.Line.Length + 1;
            if (found is { } record)
            {
                at = record.At == default ? at : record.At;
                yield return record with { Line = Lines, At = at };
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static ScannedRecord? Find(ReadOnlySpan<byte> line, byte[][] wanted)
    {
        try
        {
            if (RecordHead.TryRead(line, out var head))
            {
                return IsOneOf(head.Type, wanted) && RecordCodec.Decode(line) is var record ? new(0, record.At, record.Run, record.Event) : null;
            }

            // What a person wrote there by hand; its images are of no use here.
            return WrittenLine.Read(LineCheck.Trim(line, isFirst: true), new MemoryBlobs(), out _) is { } written && IsOneOf(Encoding.UTF8.GetBytes(RecordCodec.NameOf(written)), wanted)
                ? new(0, default, RunId.Session, written) : null;
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            // Damage: opening the session says where. What can be read of the file still counts.
            return null;
        }
    }

    private static bool IsOneOf(ReadOnlySpan<byte> type, byte[][] wanted)
    {
        foreach (var name in wanted)
        {
            if (type.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static SessionMark Of(FileIdentity identity) => new(identity.Device, identity.Inode, identity.Size, identity.Modified);

    private static JournalException Unreadable(string path, Exception failure) => new($"{path} could not be read: {failure.Message}", failure);

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(_path, failure);
        }
    }
}
