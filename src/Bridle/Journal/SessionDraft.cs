using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>
/// A copy of a session's file for a person to change with any editor. The session keeps every byte until <see cref="Accept"/>, and after it the file as it was is a blob
/// that the <see cref="Events.SessionEdited"/> record names. Made by <see cref="SessionStore.Draft"/>; used by one caller at a time.
/// </summary>
public sealed class SessionDraft
{
    private readonly LogContext _context;
    private readonly long _baseEnd;
    private readonly byte[] _baseHash;
    private readonly long _baseRecords;

    private SessionDraft(LogContext context, string path, LogInspection inspection, byte[] baseHash)
    {
        _context = context;
        Path = path;
        (_baseEnd, _baseRecords, _baseHash) = (inspection.End, inspection.Lines.Count, baseHash);
    }

    /// <summary>The copy: the file to be edited.</summary>
    public string Path { get; }

    /// <summary>What the person did to the copy. A line that is broken is named with its number; nothing is decided here.</summary>
    /// <exception cref="JournalException">The session's file, or the copy, is not there any more.</exception>
    public DraftCheck Check()
    {
        using var log = Still(_context.Path);
        using var draft = Still(Path);
        var inspection = Inspect(draft);
        if (Broken(inspection) is { Count: > 0 } broken)
        {
            return new DraftCheck(DraftState.Broken, new PendingEdits([]), broken);
        }

        var edits = inspection.IsPlainMessages
            ? inspection.Edits
            : WithOldText(LogInspection.Of(log, _baseEnd), inspection);
        return new DraftCheck(edits.Count > 0 ? DraftState.Changed : DraftState.Unchanged, new PendingEdits(edits), []);
    }

    /// <summary>
    /// Puts the copy in the session's place, sealed; records that came meanwhile stay behind it. The session must not be open in any process, this one included.
    /// Throws <see cref="JournalException"/> when it is, when it was changed otherwise meanwhile, or when the copy is broken; then session and copy are as they were.
    /// </summary>
    /// <param name="by">Who said yes, for the record: <c>person</c> or <c>flag</c>.</param>
    public OpenReport Accept(string by)
    {
        using var held = LogLock.Take(_context.Path, _context.Time.GetUtcNow());
        try
        {
            var edits = Check().Edits;
            using (var log = Open(_context.Path))
            {
                var now = LogInspection.Of(log, RandomAccess.GetLength(log));
                if (now.End < _baseEnd || !HashOf(log, _baseEnd).AsSpan().SequenceEqual(_baseHash))
                {
                    throw new JournalException($"{_context.Path} was changed by another program while it was edited. Nothing was taken over; your text is in {Path}.");
                }

                Append(now, log);
                Seal(by, _context.Blobs.Put(now.Read(0, now.End)), now);
            }

            Discard();
            return new OpenReport(OpenState.EditsSealed, _context.Path) { Edits = edits };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"{_context.Path} could not be written: {failure.Message} Your text is in {Path}.", failure);
        }
    }

    /// <summary>Removes the copy. The session stays as it is.</summary>
    public void Discard() => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);

    internal static SessionDraft Of(LogContext context, string folder)
    {
        using var log = Open(context.Path);
        var inspection = LogInspection.Of(log, RandomAccess.GetLength(log));
        var path = System.IO.Path.Combine(folder, System.IO.Path.GetFileName(context.Path));
        PrivateFiles.MakeFolder(folder);
        PrivateFiles.Replace(path, overwrite: false, copy => RandomAccess.Write(copy, inspection.Read(0, inspection.End), 0));
        return new SessionDraft(context, path, inspection, HashOf(log, inspection.End));
    }

    // What came to the session while the copy was edited belongs behind the edit.
    private void Append(LogInspection now, SafeFileHandle log)
    {
        if (now.End == _baseEnd)
        {
            return;
        }

        var tail = new byte[now.End - _baseEnd];
        RandomAccess.Read(log, tail, _baseEnd);
        using var draft = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var end = RandomAccess.GetLength(draft);
        var last = new byte[1];
        var terminated = end == 0 || (RandomAccess.Read(draft, last, end - 1) == 1 && last[0] == (byte)'\n');
        RandomAccess.Write(draft, terminated ? tail : [(byte)'\n', .. tail], end);
    }

    private void Seal(string by, string before, LogInspection now)
    {
        using var draft = Open(Path);
        var inspection = LogInspection.Of(draft, RandomAccess.GetLength(draft), now.Lines.Count);
        if (Broken(inspection) is [var broken, ..])
        {
            throw new JournalException($"{Path}, line {broken.Line}: {broken.Reason}. Nothing was taken over.");
        }

        var repaired = now.TailBytes > 0 ? LogOpener.CutBytes(now, _context) : null;
        PrivateFiles.Replace(_context.Path, overwrite: true, target =>
        {
            if (inspection.IsPlainMessages)
            {
                new Adoption(_context, inspection, by).WriteTo(target);
            }
            else
            {
                new EditSealing(inspection, _context, by) { Before = before }.WriteTo(target, repaired);
            }
        });
        _context.Seal?.BeginWith(_context.Path);
    }

    private LogInspection Inspect(SafeFileHandle draft) => LogInspection.Of(draft, RandomAccess.GetLength(draft), _baseRecords);

    // A copy was closed by an editor, not by a crash: its last line may not be cut off.
    private static List<LogDamage> Broken(LogInspection inspection) =>
    [
        .. inspection.IsNewer ? [new LogDamage(1, "the format is newer than this program")] : inspection.Damage,
        .. inspection.TailBytes > 0 ? [new LogDamage(inspection.Lines.Count + 1, "it is not a JSON object")] : Array.Empty<LogDamage>(),
    ];

    private static List<LogEdit> WithOldText(LogInspection old, LogInspection inspection)
    {
        var lines = old.Lines.Where(line => line.N > 0).GroupBy(line => line.N).ToDictionary(same => same.Key, same => same.First());
        return [.. inspection.Edits.Select(edit => edit.Kind is EditKind.Text && lines.TryGetValue(edit.N, out var line)
            ? HiddenText.Of(edit with { Text = ShownText.Of(LineCheck.Trim(inspection.Read(inspection.Lines[edit.Line - 1]), edit.Line == 1)), Before = ShownText.Of(LineCheck.Trim(old.Read(line), line.Offset == 0)) })
            : edit)];
    }

    private static byte[] HashOf(SafeFileHandle file, long end)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        for (var offset = 0L; offset < end;)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)), offset);
            if (read == 0)
            {
                break;
            }

            hash.AppendData(buffer.AsSpan(0, read));
            offset += read;
        }

        return hash.GetHashAndReset();
    }

    private SafeFileHandle Still(string path)
    {
        try
        {
            return Open(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            var kept = path == Path ? "" : $" Your text is in {Path}.";
            throw new JournalException($"{path} cannot be read any more, so nothing was taken over: {gone.Message.TrimEnd('.')}.{kept} Put the file back and edit again.");
        }
    }

    private static SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}

/// <summary>What came of looking at a draft.</summary>
/// <param name="State">Whether it can be taken over.</param>
/// <param name="Edits">What was changed, with the old text where text was changed.</param>
/// <param name="Damage">The lines that are broken.</param>
public sealed record DraftCheck(DraftState State, PendingEdits Edits, IReadOnlyList<LogDamage> Damage)
{
    /// <summary>The changes, or the broken lines with their numbers, one a line; empty when there is nothing to say.</summary>
    public string Describe() => State is DraftState.Broken
        ? string.Concat(Damage.Select(damage => $"  line {damage.Line}: {damage.Reason}\n"))
        : Edits.Describe();
}

/// <summary>Whether a draft can be taken over.</summary>
public enum DraftState
{
    /// <summary>It is what the session is.</summary>
    Unchanged,

    /// <summary>It differs and every line of it is whole.</summary>
    Changed,

    /// <summary>A line of it cannot be taken over.</summary>
    Broken,
}
