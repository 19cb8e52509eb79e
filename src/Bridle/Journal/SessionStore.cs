using System.Globalization;
using System.Security.Cryptography;
using Bridle.Events;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>
/// The sessions of a data folder, each one file. No index says which there are: deleting a file removes its session and dropping one in adds it.
/// Throws <see cref="JournalException"/> with words for a person; may be used concurrently and by several processes.
/// </summary>
public sealed class SessionStore
{
    /// <summary>Under which name sums have what was spent for no session. None can be called so.</summary>
    public const string Outside = "(no session)";

    private static readonly TimeSpan UnnamedBlobsStay = TimeSpan.FromMinutes(10);

    private readonly string _sessions;
    private readonly string _state;
    private readonly TimeProvider _time;
    private readonly DiskReserve _reserve;

    /// <summary>The sessions in a data folder. Keys and seals are kept in the state folder. Nothing is made before it is needed.</summary>
    public SessionStore(string dataFolder, string stateFolder, TimeProvider? time = null)
    {
        DataFolder = Path.GetFullPath(dataFolder);
        _sessions = Path.Combine(DataFolder, "sessions");
        _state = Path.GetFullPath(stateFolder);
        _time = time ?? TimeProvider.System;
        _reserve = new DiskReserve(DataFolder);
        Blobs = new FileBlobs(Path.Combine(DataFolder, "blobs"));
    }

    /// <summary>The folder that holds sessions and blobs.</summary>
    public string DataFolder { get; }

    private string ListCache => Path.Combine(DataFolder, "session-list.cache");

    private string Spent => Path.Combine(DataFolder, "spending.cache");

    private OutsideSpending OutsideFile => new(Path.Combine(DataFolder, "spending-outside.jsonl"), _time);

    private string Drafts => Path.Combine(DataFolder, "drafts");

    /// <summary>The large values of all sessions.</summary>
    public IBlobs Blobs { get; }

    /// <summary>The path of a session's log, whether it exists or not.</summary>
    public string PathOf(string name) =>
        SessionFile.WhyNot(name) is { } why ? throw new JournalException(why) : Path.Combine(_sessions, SessionFile.Prefix + name + SessionFile.Suffix);

    /// <summary>Why a name cannot be used for a session, in words for a person; null when it can.</summary>
    public static string? WhyNotName(string name) => SessionFile.WhyNot(name);

    /// <summary>The same for a session that is made, copied or renamed: also what only some systems do not take.</summary>
    public static string? WhyNotNewName(string name) => SessionFile.WhyNotNew(name);

    /// <summary>Whether there is a session with this name; a pipe or a device in its place is none.</summary>
    public bool Exists(string name) => SessionFile.WhyNot(name) is null && File.Exists(PathOf(name)) && SessionAbsence.IsOrdinary(new FileInfo(PathOf(name)));

    /// <summary>All sessions, the latest first.</summary>
    public IReadOnlyList<SessionSummary> List()
    {
        var folder = new DirectoryInfo(_sessions);
        return !folder.Exists
            ? []
            : [.. folder.EnumerateFiles(SessionFile.Prefix + "*" + SessionFile.Suffix)
                .Where(file => file.Name.Length > SessionFile.Prefix.Length + SessionFile.Suffix.Length && SessionAbsence.IsOrdinary(file))
                .Select(file => new SessionSummary(SessionFile.NameOf(file.Name), file.FullName, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), file.Length))
                .Where(session => SessionFile.WhyNot(session.Name) is null)
                .OrderByDescending(session => session.LastActivity).ThenBy(session => session.Name, StringComparer.Ordinal)];
    }

    /// <summary>
    /// All sessions, the latest first, with what their logs say. Remembers what it saw in <c>session-list.cache</c> in the data folder, which is derived from the logs and may be
    /// deleted at any time.
    /// </summary>
    public IReadOnlyList<(SessionSummary Session, SessionDetails Details)> ListWithDetails() =>
        new SessionListCache(ListCache, _time).Read(List());

    /// <summary>
    /// What all sessions spent, the latest used first, and last what was spent for none of them. Remembers what it saw in <c>spending.cache</c> in the data folder, which is derived from the logs and may be deleted at any time.
    /// What a clone took over counts in its original only.
    /// </summary>
    public IReadOnlyList<SessionSpending> Spending() => [.. new SpendingCache(Spent, _time).Read(List()), .. OutsideFile.Sums()];

    /// <summary>What was spent for no session, such as on vectors that <c>bridle recall</c> asked for, from <c>spending-outside.jsonl</c> in the data folder. In <see cref="Spending"/> it stands under <see cref="Outside"/>.</summary>
    public IReadOnlyList<Spent> SpentOutside() => OutsideFile.All();

    /// <summary>Notes what a request took that was made for no session, and gives the record. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.</summary>
    public Recorded NoteOutside(ModelConsulted consulted) => OutsideFile.Note(consulted);

    /// <summary>A name made of the local date and time that no session has yet.</summary>
    public string NewName() => Unused(_time.GetLocalNow().ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture));

    /// <summary>The first of <c>name</c>, <c>name-2</c>, <c>name-3</c> … that no session has yet.</summary>
    public string Unused(string name)
    {
        var unused = name;
        for (var i = 2; Exists(unused); i++)
        {
            unused = $"{name}-{i}";
        }

        return unused;
    }

    /// <summary>Makes a session and opens it. Never overwrites one. Without a name it gets that of <see cref="NewName"/>.</summary>
    public OpenedSession Create(string workingDirectory, string? name = null)
    {
        if (name is not null)
        {
            return Make(name, workingDirectory);
        }

        var wanted = NewName();
        for (var i = 2; ; i++)
        {
            try
            {
                return Make(wanted, workingDirectory);
            }
            catch (JournalException failure) when (failure is JournalLockedException || Exists(wanted))
            {
                // Another process took the name at the same moment.
                wanted = Unused($"{NewName()}-{i}");
            }
        }
    }

    /// <summary>
    /// Opens a session for appending. Changes made by a person are shown to <paramref name="accept"/> and sealed if it says yes;
    /// without it they wait. The report says whether records may be appended.
    /// </summary>
    /// <param name="name">Which session.</param>
    /// <param name="accept">Asked once when there are outside changes, or null to leave them.</param>
    /// <param name="by">Who says yes, for the record: <c>person</c> or <c>flag</c>.</param>
    public OpenedSession Open(string name, Func<PendingEdits, bool>? accept = null, string by = "person") => new LogOpener(ContextOf(Existing(name)), accept, by).Open();

    /// <summary>
    /// The last record of a session that gives nobody authority, because this installation did not write it: 0 when it wrote them all; every record when one of those that it
    /// remembers was changed or is gone. Copies, imports and files that were edited or put there begin anew.
    /// </summary>
    public long LastStrange(string name) => Verify(name).IsIntact ? SealOf(name).LastStrange : long.MaxValue;

    /// <summary>Which process seems to have a session open for writing, in words, or null. Takes no lock, so that it disturbs nobody; opening decides.</summary>
    public string? HolderOf(string name) => LogLock.LookAt(PathOf(name));

    /// <summary>Reads a session as it stands, without a lock and without changing anything; also while another process writes to it.</summary>
    public OpenedSession Read(string name) => new LogOpener(ContextOf(Existing(name)), null, "nobody").Read();

    /// <summary>A copy of a session's file for a person to change; see <see cref="SessionDraft"/>. Also of one that is open, damaged or was changed outside.</summary>
    public SessionDraft Draft(string name)
    {
        var context = ContextOf(Existing(name));
        var folder = Path.Combine(Drafts, $"{name}-{_time.GetUtcNow():yyyyMMdd'T'HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}");
        SessionDraft? draft = null;
        Guarded(folder, () => draft = SessionDraft.Of(context, folder));
        return draft!;
    }

    /// <summary>
    /// Copies a session under a new name, up to and including record <paramref name="upTo"/> or whole. The source keeps every byte.
    /// A damaged source can be cloned up to the record before the damage.
    /// </summary>
    public void Clone(string name, string newName, long? upTo = null)
    {
        var source = Existing(name);
        var target = Free(newName);
        using var held = LogLock.Take(target, _time.GetUtcNow());
        Guarded(target, () =>
        {
            using var file = File.OpenHandle(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            PrivateFiles.Replace(target, overwrite: false, copy => CloneWriter.Write(file, copy, name, newName, upTo));
            SealOf(newName).BeginWith(target);
        });
    }

    /// <summary>Makes a session of records that another program's transcript stands for. The transcript itself stays as a blob that the first record names; secrets are taken out of both.</summary>
    public void Import(string name, string workingDirectory, string program, ReadOnlySpan<byte> original, IEnumerable<(DateTimeOffset At, RunId Run, DurableEvent Event)> records, SecretRedactor redactor)
    {
        var path = Free(name);
        Guarded(path, () => PrivateFiles.MakeFolder(_sessions));
        using var held = LogLock.Take(path, _time.GetUtcNow());
        var blob = new RedactingBlobs(Blobs, redactor).Put(original);
        Guarded(path, () =>
        {
            PrivateFiles.Replace(path, overwrite: false, file => ImportWriter.Write(file, SessionFile.Started(path, workingDirectory) with { ImportedFrom = program, Original = blob }, records, redactor, _time.GetUtcNow()));
            SealOf(name).BeginWith(path);
        });
    }

    /// <summary>Gives a session another name; a record in its log says so. The session must not be open.</summary>
    public void Rename(string name, string newName)
    {
        var source = Existing(name);
        var target = Free(newName);
        var opened = Open(name);
        if (!opened.Report.CanAppend)
        {
            throw new JournalException(opened.Report.Describe().TrimEnd());
        }

        opened.Journal.AppendAsync(RunId.Session, new SessionRenamed(newName), Durability.Synced, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        opened.Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        using var held = LogLock.Take(source, _time.GetUtcNow());
        Guarded(target, () =>
        {
            SealOf(name).MoveTo(SealPath(newName), source, target, () => File.Move(source, target, overwrite: false));
            Fsync.Folder(_sessions);
        });
    }

    /// <summary>
    /// Removes a session for good with everything that only it has: its seal, drafts of it, its line in the list's cache, and every blob that no session names any more, whose
    /// number it gives. The session must not be open.
    /// </summary>
    public int Remove(string name)
    {
        RemoveFile(name);
        return Sweep(_sessions);
    }

    /// <summary>Removes all sessions that were neither used nor put here since <paramref name="before"/> and are not open, and gives their names.</summary>
    public IReadOnlyList<string> RemoveUnused(DateTimeOffset before)
    {
        var removed = new List<string>();
        foreach (var session in List().Where(session => session.LastActivity < before && FileIdentity.LastTouched(session.Path) < before))
        {
            try
            {
                RemoveFile(session.Name);
                removed.Add(session.Name);
            }
            catch (JournalException)
            {
                // It is open, or it cannot be removed; the next time it may be.
            }
        }

        if (removed.Count > 0)
        {
            Sweep(_sessions);
        }

        return removed;
    }

    private void RemoveFile(string name)
    {
        var path = Existing(name);
        using var held = LogLock.Take(path, _time.GetUtcNow());
        Guarded(path, () =>
        {
            File.Delete(path);
            SealOf(name).Forget();
            Fsync.Folder(_sessions);
            foreach (var draft in Directory.Exists(Drafts) ? Directory.EnumerateFiles(Drafts, Path.GetFileName(path), SearchOption.AllDirectories).ToList() : [])
            {
                Directory.Delete(Path.GetDirectoryName(draft)!, recursive: true);
            }
        });
    }

    private int Sweep(string path)
    {
        var blobs = 0;
        Guarded(path, () =>
        {
            // Whoever deletes a session's file by hand knows of no other place where its text is.
            KeptText.ForgetOthers(Path.Combine(_state, "seals"), Exists);
            blobs = BlobSweep.Run(Path.Combine(DataFolder, "blobs"), List().Select(session => session.Path), (_time.GetUtcNow() - UnnamedBlobsStay).UtcDateTime);
            if (File.Exists(ListCache))
            {
                ListWithDetails();
            }

            if (File.Exists(Spent))
            {
                Spending();
            }
        });
        return blobs;
    }

    /// <summary>Compares a session with what the state folder remembers of it: which records changed, and how many are gone, since it was last closed.</summary>
    public SealVerdict Verify(string name) =>
        SessionFile.Read(Existing(name), (file, size) => SealOf(name).Verify(file, size));

    /// <summary>Remembers a session as it is now for the next <see cref="Verify"/>, and says whether it could: it must be whole and open nowhere.</summary>
    public bool Remember(string name)
    {
        try
        {
            var opened = Open(name);
            opened.Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return opened.Report.CanAppend;
        }
        catch (JournalLockedException)
        {
            return false;
        }
    }

    private OpenedSession Make(string name, string workingDirectory)
    {
        var path = Free(name);
        Guarded(path, () => PrivateFiles.MakeFolder(_sessions));
        var held = LogLock.Take(path, _time.GetUtcNow());
        try
        {
            Guarded(path, () =>
            {
                _reserve.SetAside();
                SealOf(name).Forget();
                PrivateFiles.Replace(path, overwrite: false, file =>
                {
                    using var codec = new RecordCodec();
                    var first = SessionFile.Started(path, Path.GetFullPath(workingDirectory));
                    RandomAccess.Write(file, codec.Encode(1, _time.GetUtcNow(), RunId.Session, first).Span, 0);
                });
            });
            Guarded(path, () => SealOf(name).Begin(0));
            var opened = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            var journal = new JournalFile(ContextOf(path), held, opened, [0], RandomAccess.GetLength(opened), []);
            return new OpenedSession(journal, new OpenReport(OpenState.Clean, path));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static void Guarded(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"{path} could not be written: {failure.Message}", failure);
        }
    }

    private string Existing(string name)
    {
        var path = PathOf(name);
        if (Exists(name))
        {
            return path;
        }

        var near = List().Where(session => session.Name.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(session.Name, StringComparison.OrdinalIgnoreCase))
            .Take(3).Select(session => session.Name).ToList();
        throw new JournalException(SessionAbsence.InPlace(this, name) ?? $"There is no session \"{name}\"." + (near.Count > 0 ? $" Did you mean {string.Join(", ", near)}?" : " See the list of sessions."));
    }

    private string Free(string name) =>
        Exists(name) ? throw new JournalException($"There is a session \"{name}\" already. Choose another name.")
        : SessionFile.WhyNotNew(name) is { } why ? throw new JournalException(why) : PathOf(name);

    private LogContext ContextOf(string path) => new(path, Blobs, _time) { Reserve = _reserve, Seal = SealOf(SessionFile.NameOf(path)) };

    private SessionSeal SealOf(string name) => new(SealPath(name), Key);

    private string SealPath(string name) => Path.Combine(_state, "seals", name + ".seal");

    private byte[] Key()
    {
        var path = Path.Combine(_state, "seal.key");
        if (!File.Exists(path))
        {
            PrivateFiles.MakeFolder(_state);
            try
            {
                PrivateFiles.Replace(path, overwrite: false, file => RandomAccess.Write(file, RandomNumberGenerator.GetBytes(32), 0));
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process made it first.
            }
        }

        return File.ReadAllBytes(path);
    }
}
