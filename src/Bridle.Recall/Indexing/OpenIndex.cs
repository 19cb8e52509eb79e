using System.Globalization;
using Bridle.Journal;
using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Indexing;

/// <summary>Opens the index of this moment, makes it where there is none or it is damaged, and brings it up to date; one process at a time does the latter.</summary>
internal sealed class OpenIndex(RecallOptions options, IndexFiles files)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PatienceForFirst = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>What should be said about it.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>The index, up to date if it may be; the caller disposes it.</summary>
    /// <param name="refresh">Whether to look what is new in the logs.</param>
    /// <param name="rebuild">Make it anew from nothing.</param>
    /// <param name="afterwards">What else is done under the lock, such as asking for vectors.</param>
    /// <param name="cancellationToken">Ends waiting and indexing.</param>
    public async Task<Database> OpenAsync(bool refresh, bool rebuild, Func<Database, Task> afterwards, CancellationToken cancellationToken)
    {
        if (!refresh && files.Current() is not null && TryOpen() is { } asItIs)
        {
            return asItIs;
        }

        for (var began = options.Time.GetTimestamp(); ; await Task.Delay(BetweenLooks, options.Time, cancellationToken).ConfigureAwait(false))
        {
            await using var held = files.TryLock();
            if (held is not null)
            {
                return await RefreshAsync(rebuild, afterwards, cancellationToken).ConfigureAwait(false);
            }

            var waited = options.Time.GetElapsedTime(began);
            if (!rebuild && waited >= options.Patience && TryOpen() is { } old)
            {
                Notices.Add("Another Bridle is bringing the index up to date; this is what it knew before.");
                return old;
            }

            if (waited > PatienceForFirst)
            {
                throw new IOException($"another process has held {Path.Combine(files.Folder, "index.lock")} for {PatienceForFirst.TotalMinutes:0} minutes");
            }
        }
    }

    // Under the lock.
    private async Task<Database> RefreshAsync(bool rebuild, Func<Database, Task> afterwards, CancellationToken cancellationToken)
    {
        if (!rebuild && files.Current() is not null)
        {
            Database? current = null;
            try
            {
                current = TryOpen();
                if (current is not null)
                {
                    Update(current, isNew: false, cancellationToken);
                    await afterwards(current).ConfigureAwait(false);
                    files.RemoveOthers(files.Current());
                    return current;
                }
            }
            catch (SqliteException damage) when (damage.IsDamage)
            {
                current?.Dispose();
                Notices.Add("The index was damaged and was made anew from the sessions, which are whole.");
            }
            catch
            {
                current?.Dispose();
                throw;
            }
        }

        return await MakeAsync(afterwards, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Database> MakeAsync(Func<Database, Task> afterwards, CancellationToken cancellationToken)
    {
        files.RemoveOthers(files.Current());
        var (unfinished, path) = (files.MakeUnfinished(), files.Next());
        using (var database = Database.Open(unfinished, create: false, Patience))
        {
            // Nobody sees this file before it is whole, and when this process ends before, it is thrown away: it needs no journal.
            // Large pages: ranking looks up the lengths of thousands of messages, and reads a third of the pages for it.
            database.Run("PRAGMA page_size = 16384", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA cache_size = -65536");
            database.Run(IndexSchema.Tables);
            database.Run(IndexSchema.Bulk);
            if (options.Embeddings is not null)
            {
                IndexSchema.SetMeta(database, "embedding", options.EmbeddingsName);
            }

            Update(database, isNew: true, cancellationToken);
            database.Run(IndexSchema.Ordinary);
            database.Run("PRAGMA locking_mode = NORMAL", "PRAGMA journal_mode = DELETE", "PRAGMA synchronous = FULL");

            // Written last and synced with everything before it.
            IndexSchema.SetMeta(database, "version", IndexSchema.Version.ToString(CultureInfo.InvariantCulture));
            database.Run("PRAGMA journal_mode = WAL", "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        File.Move(unfinished, path);
        files.RemoveOthers(path);
        var made = TryOpen() ?? throw new IOException($"{path} cannot be opened though it was just made");
        await afterwards(made).ConfigureAwait(false);
        return made;
    }

    private void Update(Database database, bool isNew, CancellationToken cancellationToken)
    {
        var update = new IndexUpdate(options, database);
        update.Run(isNew, cancellationToken);
        Notices.AddRange(update.Left.Select(left => $"Not searched: {left}"));
    }

    /// <summary>The newest finished index, or null when there is none that this version can read.</summary>
    public Database? TryOpen()
    {
        for (var attempts = 0; attempts < 3 && files.Current() is { } path; attempts++)
        {
            Database? database = null;
            try
            {
                database = Database.Open(path, create: false, Patience);
                database.Run("PRAGMA synchronous = NORMAL", "PRAGMA cache_size = -32768", "PRAGMA query_only = OFF");
                if (IndexSchema.Meta(database, "version") == IndexSchema.Version.ToString(CultureInfo.InvariantCulture))
                {
                    return database;
                }

                database.Dispose();
                return null;
            }
            catch (SqliteException failure)
            {
                database?.Dispose();
                if (failure.IsOtherContent)
                {
                    return null;
                }

                if (failure.IsDamage)
                {
                    Notices.Add("The index was damaged and was made anew from the sessions, which are whole.");
                    return null;
                }

                // It was replaced by a newer one between looking and opening.
                if (!failure.IsMissing || File.Exists(path))
                {
                    throw;
                }
            }
        }

        return null;
    }
}
