using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Hosting.Assembly;

/// <summary>An open log with its name and its place.</summary>
/// <param name="Journal">The log.</param>
/// <param name="Name">The session's name.</param>
/// <param name="Path">Its file, or null.</param>
/// <param name="Root">The folder the session works in.</param>
/// <param name="Notices">What opening it found.</param>
internal sealed record OpenLog(IJournal Journal, string Name, string? Path, string Root, IReadOnlyList<string> Notices)
{
    /// <summary>The last record that gives nobody authority; see <see cref="SessionStore.LastStrange"/>.</summary>
    public Func<long> LastStrange { get; init; } = () => 0;
}

/// <summary>Opens the session that was asked for, or makes a new one.</summary>
internal static class SessionOpening
{
    /// <summary>
    /// The request with the folder in which its session began, where that is another one and still there. Before anything is read of a folder: a session works under the settings, the
    /// hooks and the trust of the folder that it changes, not of the one where somebody called for it. Trust that was given for this run alone was given to that other folder.
    /// </summary>
    public static HarnessRequest Settled(HarnessRequest request)
    {
        if (request.InMemory || request.Workspace is not null)
        {
            return request;
        }

        var folders = BridleFolders.For(request.Environment);
        var store = new SessionStore(folders.Data, folders.State);
        var name = request.Latest ? LatestSession.In(store, request.Folder) : request.CloneOf ?? request.SessionName;
        var began = name is not null && store.Exists(name) ? LatestSession.FolderOf(store.PathOf(name)) : null;
        return began is not { Length: > 0 } || Same(began, request.Folder) || !Path.IsPathFullyQualified(began) || !Directory.Exists(began) ? request : request with { Folder = began, TrustFolder = false };
    }

    private static bool Same(string one, string other) => Path.TrimEndingDirectorySeparator(one) == Path.TrimEndingDirectorySeparator(other);

    /// <summary>The log, or why it cannot be continued.</summary>
    public static async Task<(OpenLog? Log, HarnessRefused? Problem)> OpenAsync(HarnessRequest request, BridleFolders folders, int? keepDays, CancellationToken cancellationToken)
    {
        var (log, problem) = await OpenAsync(request, folders, cancellationToken);
        var removed = log?.Path is null || keepDays is not { } days ? [] : new SessionStore(folders.Data, folders.State, request.Time).RemoveUnused(request.Time.GetUtcNow() - TimeSpan.FromDays(days));
        if (removed.Count > 0)
        {
            Experience.EpisodeShelf.Forget(folders);
        }

        return removed.Count == 0 ? (log, problem)
            : (log! with { Notices = [.. log.Notices, $"Removed {removed.Count} {(removed.Count == 1 ? "session that was" : "sessions that were")} not used for {keepDays} days (keepSessionDays)."] }, problem);
    }

    private static async Task<(OpenLog? Log, HarnessRefused? Problem)> OpenAsync(HarnessRequest request, BridleFolders folders, CancellationToken cancellationToken)
    {
        if (request.InMemory)
        {
            var memory = new MemoryJournal();
            await memory.AppendAsync(RunId.Session, new SessionStarted(1, request.SessionName ?? "memory", request.Folder, BridleVersion.Text), Durability.Written, cancellationToken);
            return (new(memory, request.SessionName ?? "memory", null, request.Folder, []), null);
        }

        var store = new SessionStore(folders.Data, folders.State);
        if (request.SessionName is { } wanted && !store.Exists(wanted) && SessionStore.WhyNotNewName(wanted) is { } wrong)
        {
            return (null, new("usage", wrong, "Choose another name."));
        }

        folders.Create();
        if (request.Latest)
        {
            return LatestSession.In(store, request.Folder) is { } latest
                ? Continue(request, store, latest)
                : (null, new("session", $"There is no session of the folder {request.Folder} yet.", "Start one without --continue, or name one with --resume; `bridle sessions list` lists them."));
        }

        if (request.MustBeNew && request.SessionName is { } taken && store.Exists(taken))
        {
            return (null, new("session", $"There is a session '{taken}' already.", $"Choose another name, or go on with that one: --resume {SessionWord.Of(taken)}"));
        }

        if ((request.CloneOf ?? (request.Resume ? request.SessionName : null)) is { } needed && !store.Exists(needed))
        {
            return (null, Missing(store, needed));
        }

        if (request.CloneOf is { } source)
        {
            return Clone(request, store, source);
        }

        if (request.SessionName is { } name && store.Exists(name))
        {
            return Continue(request, store, name);
        }

        var made = store.Create(request.Folder, request.SessionName);
        var started = made.Journal.Read().Select(record => record.Event).OfType<SessionStarted>().First();
        return (new(made.Journal, started.Name, store.PathOf(started.Name), request.Folder, []), null);
    }

    internal static HarnessRefused Missing(SessionStore store, string name)
    {
        if (SessionAbsence.InPlace(store, name) is { } folder)
        {
            return new("session", folder, "");
        }

        var near = NearestName.Of(name, store.List().Select(session => session.Name));
        return new("session", $"There is no session '{name}'.", near is null ? "See `bridle sessions list`." : $"Did you mean '{near}'? See `bridle sessions list`.");
    }

    private static (OpenLog? Log, HarnessRefused? Problem) Clone(HarnessRequest request, SessionStore store, string source)
    {
        var target = request.SessionName ?? store.Unused($"{source}-clone");
        try
        {
            store.Clone(source, target);
        }
        catch (JournalException problem)
        {
            return (null, new("session", problem.Message, "Choose another name, or see `bridle sessions list`."));
        }

        return Continue(request, store, target);
    }

    private static (OpenLog? Log, HarnessRefused? Problem) Continue(HarnessRequest request, SessionStore store, string name)
    {
        var asked = false;
        var opened = store.Open(name, edits => request.AcceptEdits || ((asked = request.ConfirmEdits is not null) && request.ConfirmEdits!(edits.Describe())), request.AcceptEdits ? "flag" : "person");

        // Who was asked has just read the changes.
        var said = (asked ? opened.Report with { Edits = null } : opened.Report).Describe().Trim();
        if (!opened.Report.CanAppend)
        {
            opened.Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return (null, new("session", said, ""));
        }

        var root = opened.Journal.Read().Select(record => record.Event).OfType<SessionStarted>().FirstOrDefault()?.WorkingDirectory is { Length: > 0 } began ? began : request.Folder;
        var notices = said.Length > 0 ? new List<string> { said } : [];
        if (root != request.Folder && !Directory.Exists(root))
        {
            notices.Add($"The folder where this session began, {root}, is gone; working in {request.Folder}.");
            root = request.Folder;
        }
        else if (root != request.Folder && request.Workspace is null && !Same(root, request.Folder))
        {
            // Its first line did not say so when the settings were read, and no other folder's may count there.
            notices.Add($"This session began in {root}; working in {request.Folder}.");
            root = request.Folder;
        }

        // Once for all who ask: it reads every record.
        var strange = new Lazy<long>(() => store.LastStrange(name));
        return (new(opened.Journal, name, store.PathOf(name), root, notices) { LastStrange = () => strange.Value }, null);
    }
}
