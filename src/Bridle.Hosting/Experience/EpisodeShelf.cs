using System.Text;
using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting.Memory;
using Bridle.Hosting.Trust;
using Bridle.Journal;

namespace Bridle.Hosting.Experience;

/// <summary>
/// The episodes of a project, read from the logs of its sessions. What was read is remembered in <c>experience.cache</c> in the state folder for as long as a log stays as it is; it may be deleted at
/// any time, and with a session its episodes are gone. Only the sessions that were used last are looked at.
/// </summary>
public sealed class EpisodeShelf(BridleFolders folders, string home, TimeProvider time)
{
    private const int MostSessions = 500;
    private const int MostBytes = 64 * 1024 * 1024;
    private const string Head = "bridle experience 1";

    // A file that was changed this recently may change again within the clock's grain.
    private static readonly TimeSpan s_unsettled = TimeSpan.FromSeconds(2);

    private readonly string _cache = folders.ExperienceCache;

    /// <summary>Forgets what was read, because a session was removed whose words must not stay anywhere. Nothing is lost: the logs that are left are read again.</summary>
    public static void Forget(BridleFolders folders)
    {
        try
        {
            File.Delete(folders.ExperienceCache);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // The next reader leaves out what is gone.
        }
    }

    /// <summary>The episodes of the project that a folder belongs to, the latest first, without those of one session.</summary>
    public IReadOnlyList<Episode> Of(string folder, string? except = null)
    {
        var project = ProjectOf(folder);
        return [.. Rows().Where(row => row.Folder.Length > 0 && ProjectOf(row.Folder) == project).SelectMany(row => row.Episodes).Where(one => one.Session != except).OrderByDescending(one => one.At)];
    }

    private string ProjectOf(string folder) => MemoryPlaces.ProjectOf(RealFolder.Of(folder)?.Path ?? Path.GetFullPath(folder), home);

    private List<EpisodeRow> Rows()
    {
        var store = new SessionStore(folders.Data, folders.State, time);
        var known = Load();
        var (rows, news) = (new List<EpisodeRow>(), 0);
        foreach (var session in store.List().Take(MostSessions))
        {
            if (known.TryGetValue(session.Name, out var row) && row.Bytes == session.Bytes && row.Changed == session.LastActivity.UtcTicks)
            {
                rows.Add(row);
            }
            else if (Read(store, session) is { } read)
            {
                rows.Add(read);
                news++;
            }
        }

        if (news > 0 || known.Count > rows.Count)
        {
            Keep(rows.Where(row => new DateTimeOffset(row.Changed, TimeSpan.Zero) < time.GetUtcNow() - s_unsettled));
        }

        return rows;
    }

    private static EpisodeRow? Read(SessionStore store, SessionSummary session)
    {
        if (session.Bytes > MostBytes)
        {
            return null;
        }

        try
        {
            var strange = store.LastStrange(session.Name);
            var records = strange is long.MaxValue ? [] : store.Read(session.Name).Journal.Read().ToList();
            var folder = records.Select(record => record.Event).OfType<SessionStarted>().FirstOrDefault() is { ImportedFrom: null } started ? started.WorkingDirectory : "";
            return new(session.Name, session.Bytes, session.LastActivity.UtcTicks, folder, folder.Length == 0 ? [] : EpisodeReading.Of(records, session.Name, folder, strange));
        }
        catch (Exception unreadable) when (unreadable is JournalException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Dictionary<string, EpisodeRow> Load()
    {
        var rows = new Dictionary<string, EpisodeRow>(StringComparer.Ordinal);
        try
        {
            if (!File.Exists(_cache) || new FileInfo(_cache).Length > MostBytes)
            {
                return rows;
            }

            var lines = File.ReadAllLines(_cache);
            foreach (var line in lines is [Head, ..] ? lines[1..] : [])
            {
                if (JsonSerializer.Deserialize(line, EpisodeJson.Default.EpisodeRow) is { Session: not null, Folder: not null, Episodes: not null } row)
                {
                    rows[row.Session] = row;
                }
            }
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or JsonException)
        {
            rows.Clear();
        }

        return rows;
    }

    private void Keep(IEnumerable<EpisodeRow> rows)
    {
        try
        {
            PrivateFile.Replace(_cache, Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => JsonSerializer.Serialize(row, EpisodeJson.Default.EpisodeRow) + "\n").Prepend(Head + "\n"))));
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // The next reader reads the logs again.
        }
    }
}
