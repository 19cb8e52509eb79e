using System.Globalization;
using Bridle.Journal;
using Bridle.Recall.Indexing;
using Bridle.Recall.Queries;
using Bridle.Recall.Searching;
using Bridle.Recall.Sqlite;
using Bridle.Recall.Vectors;

namespace Bridle.Recall;

/// <summary>
/// Finds what was said in past sessions. The index is derived from the sessions' files and brought up to date when somebody searches; deleting it costs only the time to make it again.
/// What a session's file does not say any more is not found any more. May be used concurrently and by several processes; nothing is loaded before it is used.
/// </summary>
public sealed class SessionIndex(RecallOptions options)
{
    /// <summary>The most hits of one search.</summary>
    public const int MostHits = 200;

    private const int MostContext = 20;

    private readonly IndexFiles _files = new(options.Folder);

    /// <summary>Searches. Expected failures are in the answer; only cancelling throws.</summary>
    public async Task<RecallAnswer> SearchAsync(RecallRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (query, wrong) = QueryReader.Read(request.Query, options.Time.GetUtcNow());
        if (query is null)
        {
            return RecallAnswer.Of(wrong!);
        }

        var asked = request with { Limit = Math.Clamp(request.Limit, 1, MostHits), Context = Math.Clamp(request.Context, 0, MostContext) };
        var narrowed = query with { Since = query.Since > request.Since ? query.Since : request.Since ?? query.Since };
        var (answer, problem) = await WithIndexAsync(request.Refresh, rebuild: false, request.EmbedAll, async (database, notices) =>
        {
            var found = await new Search(options, database, asked, narrowed).RunAsync(cancellationToken).ConfigureAwait(false);
            return found with { Notices = [.. options.Notices.Concat(notices).Concat(found.Notices).Distinct()] };
        }, cancellationToken).ConfigureAwait(false);
        return answer ?? RecallAnswer.Of(problem!);
    }

    /// <summary>The sessions of a project (null: of all) that were used last, or why there are none to show.</summary>
    public Task<(IReadOnlyList<RecallSession>? Sessions, string? Problem)> RecentAsync(string? project, string? without, int limit, CancellationToken cancellationToken) =>
        WithIndexAsync(true, false, false, (database, _) => Task.FromResult(Passages.Recent(database, project, without, Math.Clamp(limit, 1, MostHits))), cancellationToken);

    /// <summary>What stands around a message of a session of a project (null: of any), or why that cannot be shown. Without a message, the end of the session.</summary>
    public async Task<(RecallPassage? Passage, string? Problem)> AroundAsync(string session, long? message, string? project, int context, CancellationToken cancellationToken)
    {
        var (passage, problem) = await WithIndexAsync(true, false, false, (database, _) => Task.FromResult<object>(
            Passages.Find(database, session, project) is not { } found ? $"There is no session \"{session}\"{(project is null ? "" : " of this project")} with messages to show."
            : message is { } number && WhyNoMessage(database, session, found.To, number) is { } none ? none
            : Around(database, found, message, Math.Clamp(context, 0, MostContext))), cancellationToken).ConfigureAwait(false);
        return passage switch
        {
            RecallPassage shown => (shown, null),
            string why => (null, why),
            _ => (null, problem),
        };
    }

    /// <summary>Makes the index anew, and the vectors where an embedding model is configured. The status afterwards.</summary>
    public async Task<RecallStatus> RebuildAsync(CancellationToken cancellationToken)
    {
        var (notices, problem) = await WithIndexAsync(true, rebuild: true, embedAll: true, (_, notices) => Task.FromResult(string.Join(' ', notices)), cancellationToken).ConfigureAwait(false);
        return Status() with { Problem = problem ?? (notices is { Length: > 0 } ? notices : null) };
    }

    /// <summary>Brings the index up to date without searching; why it could not, or null.</summary>
    public async Task<string?> RefreshAsync(CancellationToken cancellationToken) =>
        (await WithIndexAsync(true, false, false, (_, notices) => Task.FromResult(notices), cancellationToken).ConfigureAwait(false)).Problem;

    /// <summary>What there is now. Changes nothing.</summary>
    public RecallStatus Status()
    {
        var name = options.Embeddings is null ? null : options.EmbeddingsName;
        if (SqliteLibrary.WhyNot(options.Sqlite) is { } missing)
        {
            return new(null, 0, 0, 0, 0, 0, 0, name, null, missing);
        }

        var version = NativeSqlite.VersionNumber();
        var sqlite = string.Create(CultureInfo.InvariantCulture, $"{version / 1_000_000}.{version / 1000 % 1000}.{version % 1000}");
        try
        {
            using var database = new OpenIndex(options, _files).TryOpen();
            return database is null ? new(null, 0, 0, 0, 0, 0, 0, name, sqlite, null) : new(
                _files.Current(), _files.Bytes(), database.Number("SELECT count(*) FROM session") ?? 0, database.Number("SELECT sum(messages) FROM session") ?? 0,
                database.Number("SELECT count(DISTINCT project) FROM session") ?? 0, database.Number("SELECT count(*) FROM vector") ?? 0, database.Number("SELECT count(*) FROM pending") ?? 0, name, sqlite, name is null ? null : IndexSchema.Meta(database, VectorStore.ProblemKey) is { Length: > 0 } wrong ? wrong : null);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            return new(_files.Current(), 0, 0, 0, 0, 0, 0, name, sqlite, Words(failure));
        }
    }

    // Within a session a number may be that of a record that is no message: what stands around it is shown then.
    private static string? WhyNoMessage(Database database, string session, long end, long number) =>
        Passages.Before(database, end, 1) is [var last] && (number < 1 || number > last.Number)
            ? string.Create(CultureInfo.InvariantCulture, $"There is no message {number} in the session \"{session}\"; the last one is {last.Number}.") : null;

    private static RecallPassage Around(Database database, (long Id, long From, long To) found, long? message, int context)
    {
        const int Ends = 3;
        var at = message is { } line ? found.From + Math.Clamp(line, 1, IndexSchema.MostLines) : found.To + 1;
        var exact = message is null ? null : Passages.Message(database, at);
        IReadOnlyList<RecallMessage> around = [.. Passages.Before(database, message is null ? found.To : at, context), .. exact is null ? [] : new[] { exact }, .. message is null ? [] : Passages.After(database, at, context)];
        bool IsShown(RecallMessage one) => around.Any(shown => shown.Number == one.Number);
        return new(Passages.Session(database, found.Id)!,
            [.. Passages.After(database, found.From, Ends).Where(one => !IsShown(one))],
            around,
            [.. Passages.Before(database, found.To, Ends).Where(one => !IsShown(one) && !(around.Count > 0 && one.Number < around[0].Number))]);
    }

    private async Task<(T? Result, string? Problem)> WithIndexAsync<T>(
        bool refresh, bool rebuild, bool embedAll, Func<Database, IReadOnlyList<string>, Task<T>> use, CancellationToken cancellationToken)
        where T : class
    {
        // Not on the caller's thread: loading, indexing and searching all take their time.
        return await Task.Run(async () =>
        {
            if (SqliteLibrary.WhyNot(options.Sqlite) is { } missing)
            {
                return ((T?)null, missing);
            }

            try
            {
                return ((T?)await UseAsync(refresh, rebuild, embedAll, use, cancellationToken).ConfigureAwait(false), (string?)null);
            }
            catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException or JournalException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return (null, Words(failure));
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> UseAsync<T>(bool refresh, bool rebuild, bool embedAll, Func<Database, IReadOnlyList<string>, Task<T>> use, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var index = new OpenIndex(options, _files);
            try
            {
                using var database = await index.OpenAsync(refresh, rebuild, open => FillAsync(index, open, embedAll, cancellationToken), cancellationToken).ConfigureAwait(false);
                return await use(database, index.Notices).ConfigureAwait(false);
            }
            catch (SqliteException damage) when (damage.IsDamage && attempt is 1)
            {
                // Damage that only reading met: made anew, once.
                (refresh, rebuild) = (true, true);
            }
        }
    }

    private async Task FillAsync(OpenIndex index, Database database, bool all, CancellationToken cancellationToken)
    {
        if (await new VectorStore(options, database).FillAsync(all, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            index.Notices.Add(problem);
        }
    }

    private string Words(Exception failure) => failure switch
    {
        SqliteException { IsBusy: true } => "The index is in use by another program that does not let go of it. Try again, or remove it; it is made anew: " + options.Folder,
        SqliteException { IsDisk: true } or IOException or UnauthorizedAccessException => $"The index in {options.Folder} cannot be written or read: {failure.Message.TrimEnd('.')}. Check the disk and who owns the folder.",
        JournalException => failure.Message,
        _ => $"The index in {options.Folder} cannot be used: {failure.Message.TrimEnd('.')}. Make it anew with `bridle recall --rebuild`.",
    };
}
