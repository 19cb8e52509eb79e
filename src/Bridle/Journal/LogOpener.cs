using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Opens a log: inspects it, cuts a torn tail, seals accepted edits, and falls back to reading only where something must be decided by a person.</summary>
internal sealed class LogOpener(LogContext context, Func<PendingEdits, bool>? accept, string by)
{
    // A person gets tired of it sooner; who says yes to everything must not go on for ever.
    private const int MostQuestions = 50;
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private int _questions;

    // Whether another program had changed the file while it was open here.
    private bool _wasLeft;

    /// <summary>Opens for appending if the log allows it.</summary>
    public OpenedSession Open()
    {
        var held = LogLock.Take(context.Path, context.Time.GetUtcNow());
        try
        {
            context.Reserve?.SetAside();
            var opened = Open(held, sealedNow: null, adopted: false);
            if (opened.Journal is not JournalFile)
            {
                held.Dispose();
            }

            return opened;
        }
        catch (Exception failure)
        {
            held.Dispose();
            if (failure is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException)
            {
                throw new JournalException($"{context.Path} could not be opened: {failure.Message}", failure);
            }

            throw;
        }
    }

    /// <summary>Reads what is there now without a lock and without changing anything.</summary>
    public OpenedSession Read()
    {
        try
        {
            using var file = OpenFile(FileAccess.Read);
            return ReadOnly(file, Inspect(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"{context.Path} could not be read: {failure.Message}", failure);
        }
    }

    private OpenedSession Open(LogLock held, PendingEdits? sealedNow, bool adopted)
    {
        var file = OpenFile(FileAccess.ReadWrite);
        try
        {
            var inspection = Inspect(file);
            var waits = inspection.Edits.Count > 0;
            if (inspection.IsNewer || inspection.Damage.Count > 0 || (waits && sealedNow is not null))
            {
                var refused = ReadOnly(file, inspection);
                file.Dispose();
                return refused;
            }

            if (waits)
            {
                var opened = Decide(held, file, inspection);
                file.Dispose();
                return opened;
            }

            var journal = Writable(held, file, inspection);
            var report = new OpenReport(adopted ? OpenState.Adopted : sealedNow is not null ? OpenState.EditsSealed : OpenState.Clean, context.Path) { Edits = sealedNow };
            return inspection.TailBytes > 0 || inspection.NewlineMissing
                ? new OpenedSession(journal, report with { State = OpenState.Repaired, BytesCut = inspection.TailBytes, CutByAnother = _wasLeft })
                : new OpenedSession(journal, report);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private OpenedSession Decide(LogLock held, SafeFileHandle file, LogInspection inspection)
    {
        var edits = EditsOf(inspection) with { AreNewer = _questions++ > 0 };
        if (accept?.Invoke(edits) != true)
        {
            return ReadOnly(file, inspection);
        }

        if (!TrySeal(file, inspection))
        {
            // The yes was to something else than what stands there now.
            return _questions < MostQuestions ? Open(held, sealedNow: null, adopted: false)
                : throw new JournalException($"{context.Path} keeps being changed by another program while its changes are asked about. Nothing was written. Open it when that is over.");
        }

        context.Seal?.Forget();
        var cut = inspection.TailBytes > 0 ? inspection.TailBytes : (long?)null;
        var opened = Open(held, edits, inspection.IsPlainMessages);
        return opened with { Report = opened.Report with { BytesCut = cut, CutByAnother = _wasLeft } };
    }

    // Whether what a person said yes to is now the log. Not, and then nothing was touched, when the file is not any more what they were shown.
    private bool TrySeal(SafeFileHandle file, LogInspection inspection)
    {
        try
        {
            return PrivateFiles.ReplaceIf(context.Path, overwrite: true, target => Rewrite(inspection, target), () => IsAsShown(file, inspection));
        }
        catch (Exception failure) when ((failure is JournalException or JsonException or FormatException or InvalidOperationException) && !IsAsShown(file, inspection))
        {
            return false;
        }
    }

    private void Rewrite(LogInspection inspection, SafeFileHandle target)
    {
        if (inspection.IsPlainMessages)
        {
            new Adoption(context, inspection, by).WriteTo(target);
            return;
        }

        new EditSealing(inspection, context, by).WriteTo(target, inspection.TailBytes > 0 ? CutBytes(inspection, context) : null);
    }

    private bool IsAsShown(SafeFileHandle file, LogInspection inspection) =>
        FileIdentity.Of(context.Path) is { } named && FileIdentity.Of(file, context.Path) is { } shown && named.IsSameFile(shown)
        && RandomAccess.GetLength(file) == inspection.Size && Crc32C.OfFile(file, inspection.Size) == inspection.Crc;

    private JournalFile Writable(LogLock held, SafeFileHandle file, LogInspection inspection)
    {
        // Not when they are right: it counts as a change of the file.
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) is not OnlyOwner)
        {
            File.SetUnixFileMode(file, OnlyOwner);
        }

        context.Seal?.Rejoin();
        var offsets = inspection.Lines.ConvertAll(line => line.Offset);
        var kinds = inspection.Lines.ConvertAll(line => line.Kind);
        var isWhole = inspection.TailBytes == 0 && !inspection.NewlineMissing;
        var end = isWhole ? inspection.End : Repair(file, inspection, offsets);
        SealNow(file, offsets, end);
        return new JournalFile(context, held, file, offsets, end, kinds, isWhole ? inspection.Crc : null);
    }

    // What stands there is taken as it is from here on: after a yes, a crash, and where no seal knows the log. Not only at the next close, before which the program may be killed.
    private void SealNow(SafeFileHandle file, List<long> offsets, long end)
    {
        if (context.Seal is not { } seal)
        {
            return;
        }

        if (!seal.IsKnown)
        {
            seal.Begin(offsets.Count);
        }

        try
        {
            if (seal.Count != offsets.Count)
            {
                // What a process left that was killed may still be lost to a power cut, and the seal must not speak of that.
                Fsync.File(file, context.Path);
            }

            seal.Update(file, context.Path, offsets, end);
        }
        catch (IOException)
        {
            // It is sealed at the next close, if the disk works then.
        }
    }

    /// <summary>Writes the note over the torn bytes before the file is cut: a crash in between leaves a torn tail again and never an unreported cut.</summary>
    private long Repair(SafeFileHandle file, LogInspection inspection, List<long> offsets)
    {
        using var codec = new RecordCodec();
        var note = CutBytes(inspection, context);
        var end = inspection.End;
        if (inspection.NewlineMissing)
        {
            RandomAccess.Write(file, "\n"u8, end);
            end++;
        }

        var line = codec.Encode(offsets.Count + 1, context.Time.GetUtcNow(), RunId.Session, note);
        RandomAccess.Write(file, line.Span, end);
        RandomAccess.SetLength(file, end + line.Length);
        Fsync.File(file, context.Path);
        offsets.Add(end);
        return end + line.Length;
    }

    /// <summary>The note about a torn tail. Its bytes are kept as a blob if there is room; on a full disk opening must not fail for that.</summary>
    public static LogRepaired CutBytes(LogInspection inspection, LogContext context)
    {
        var note = new LogRepaired(inspection.TailBytes);
        try
        {
            return inspection.TailBytes > 0 ? note with { Blob = context.Blobs.Put(inspection.Read(inspection.End, inspection.TailBytes)) } : note;
        }
        catch (JournalException)
        {
            return note;
        }
    }

    private OpenedSession ReadOnly(SafeFileHandle file, LogInspection inspection)
    {
        var state = inspection.IsNewer ? OpenState.Newer
            : inspection.IsPlainMessages ? OpenState.AdoptionPending
            : inspection.Damage.Count > 0 ? OpenState.Damaged
            : inspection.Edits.Count > 0 ? OpenState.EditsPending
            : OpenState.Clean;
        var edits = EditsOf(inspection);
        var report = new OpenReport(state, context.Path) { Edits = edits.Changes.Count > 0 ? edits : null, Damage = inspection.Damage, IsEmpty = inspection.Lines.Count == 0 && inspection.TailBytes == 0 };
        var reason = state == OpenState.Clean ? $"{context.Path} was opened for reading only." : report.Describe().TrimEnd();
        var blobs = inspection.IsPlainMessages ? new MemoryBlobs() : context.Blobs;
        var records = inspection.IsPlainMessages ? new Adoption(context, inspection, by).Records(blobs) : Readable(inspection);
        return new OpenedSession(new ReadOnlyJournal(records, blobs, reason), report);
    }

    private static List<Recorded> Readable(LogInspection inspection)
    {
        var records = new List<Recorded>();
        for (var i = 0; i < inspection.Lines.Count; i++)
        {
            if (inspection.Lines[i].State is LineState.Sound or LineState.Edited)
            {
                try
                {
                    records.Add(RecordCodec.Decode(LineCheck.Trim(inspection.Read(inspection.Lines[i]), i == 0)));
                }
                catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
                {
                    inspection.Damage.Add(new LogDamage(i + 1, $"the record cannot be read ({JsonWords.Of(failure)})"));
                }
            }
        }

        return records;
    }

    // With what stood there before, where it is kept.
    private PendingEdits EditsOf(LogInspection inspection)
    {
        var texts = context.Seal?.TextsOf(inspection.Edits.FindAll(edit => edit.Kind is EditKind.Text or EditKind.Removed).ConvertAll(edit => edit.N).ToHashSet());
        return new(inspection.Edits.ConvertAll(edit => texts?.GetValueOrDefault(edit.N) is not { } before || edit.Kind is not (EditKind.Text or EditKind.Removed) ? edit
            : HiddenText.Of(edit with { Text = edit.Line == 0 ? null : ShownText.Of(LineCheck.Trim(inspection.Read(inspection.Lines[edit.Line - 1]), edit.Line == 1)), Before = before })));
    }

    private LogInspection Inspect(SafeFileHandle file)
    {
        var inspection = LogInspection.Of(file, RandomAccess.GetLength(file), context.Seal?.Count ?? 0);
        if (context.Seal is { } seal)
        {
            _wasLeft |= seal.Left is not null;
            inspection.Replace(ReplacedLog.In(inspection, seal, () => seal.IsAsLeft(file, context.Path), () => seal.Verify(file, inspection.End)));
        }

        return inspection;
    }

    private SafeFileHandle OpenFile(FileAccess access) =>
        File.OpenHandle(context.Path, FileMode.Open, access, access == FileAccess.Read ? FileShare.ReadWrite | FileShare.Delete : FileShare.Read);
}

/// <summary>An opened session: its journal and what opening it found. The caller disposes the journal.</summary>
public sealed record OpenedSession(IJournal Journal, OpenReport Report);
