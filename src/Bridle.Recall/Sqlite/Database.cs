using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Bridle.Recall.Sqlite;

/// <summary>One connection to a database file. Not for use by several threads at once.</summary>
internal sealed unsafe class Database : IDisposable
{
    private const int OperationsBetweenLooks = 5_000;

    private readonly Dictionary<string, Statement> _prepared = new(StringComparer.Ordinal);
    private GCHandle _self;
    private long _deadline = long.MaxValue;
    private CancellationToken _cancelled;
    private bool _countsTerms;
    private nint _handle;

    private Database(nint handle) => _handle = handle;

    /// <summary>Opens a file. <see cref="SqliteLibrary.WhyNot"/> must have said null before.</summary>
    public static Database Open(string path, bool create, TimeSpan patience)
    {
        var code = NativeSqlite.Open(path, out var handle, NativeSqlite.OpenReadWrite | NativeSqlite.OpenNoMutex | (create ? NativeSqlite.OpenCreate : 0), 0);
        var database = new Database(handle);
        if (code != NativeSqlite.Ok)
        {
            var failure = handle == 0 ? new SqliteException(code, "no memory") : database.Failure();
            database.Dispose();
            throw failure;
        }

        NativeSqlite.BusyTimeout(handle, (int)patience.TotalMilliseconds);
        database._self = GCHandle.Alloc(database, GCHandleType.Weak);
        NativeSqlite.OnProgress(handle, OperationsBetweenLooks, &LookAtClock, GCHandle.ToIntPtr(database._self));
        return database;
    }

    /// <summary>Until <see cref="Unbound"/>, a statement that runs longer than this, or after the cancellation, ends with <see cref="SqliteException.IsInterrupted"/>.</summary>
    public void Bound(TimeSpan limit, CancellationToken cancelled) =>
        (_deadline, _cancelled) = (Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency), cancelled);

    /// <summary>Lets statements run as long as they take.</summary>
    public void Unbound() => (_deadline, _cancelled) = (long.MaxValue, default);

    /// <summary>Runs statements without parameters or results.</summary>
    public void Run(params ReadOnlySpan<string> statements)
    {
        foreach (var sql in statements)
        {
            using var statement = Make(sql, 0);
            while (statement.Next())
            {
            }
        }
    }

    /// <summary>A statement that is kept for the next time; it is reset here and belongs to the database.</summary>
    public Statement Prepare(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
        {
            _prepared[sql] = statement = Make(sql, NativeSqlite.PreparePersistent);
        }

        statement.Reset();
        return statement;
    }

    /// <summary>From now on statements may say <c>term_counts</c> (<see cref="TermCounts"/>).</summary>
    public void CountTerms()
    {
        if (_countsTerms)
        {
            return;
        }

        // As SQLite wants it: full text search writes the address of its interface to where this points.
        nint fts = 0;
        using var ask = Make("SELECT fts5(?1)", 0);
        fixed (byte* type = "fts5_api_ptr"u8)
        {
            ask.BindPointer(1, &fts, type).Next();
        }

        _countsTerms = TermCounts.TryAddTo(fts) ? true : throw Failure();
    }

    /// <summary>The first column of the first row as a number, or null when there is none.</summary>
    public long? Number(string sql, params ReadOnlySpan<long> values)
    {
        var statement = Prepare(sql);
        for (var i = 0; i < values.Length; i++)
        {
            statement.Bind(i + 1, values[i]);
        }

        long? number = statement.Next() && !statement.IsNull(0) ? statement.Integer(0) : null;
        statement.Reset();
        return number;
    }

    /// <summary>The same for a statement about one text.</summary>
    public long? Find(string sql, string text)
    {
        var statement = Prepare(sql).Bind(1, text);
        long? number = statement.Next() ? statement.Integer(0) : null;
        statement.Reset();
        return number;
    }

    /// <summary>Does all of it or nothing.</summary>
    public void Transact(Action action)
    {
        Run("BEGIN IMMEDIATE");
        try
        {
            action();
            Run("COMMIT");
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    /// <summary>Undoes the open transaction, if there is one.</summary>
    public void Abandon()
    {
        foreach (var statement in _prepared.Values)
        {
            statement.Reset();
        }

        // SQLite rolls back by itself after some errors, and then there is nothing to roll back.
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The first failure is the one to tell.
        }
    }

    public SqliteException Failure() => new(NativeSqlite.ErrorCode(_handle), Marshal.PtrToStringUTF8((nint)NativeSqlite.ErrorText(_handle)) ?? "");

    public void Dispose()
    {
        foreach (var statement in _prepared.Values)
        {
            statement.Dispose();
        }

        _prepared.Clear();
        if (_handle != 0)
        {
            _ = NativeSqlite.Close(_handle);
            _handle = 0;
        }

        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private Statement Make(string sql, uint flags)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        fixed (byte* text = bytes)
        {
            return NativeSqlite.Prepare(_handle, text, bytes.Length, flags, out var statement, 0) is NativeSqlite.Ok ? new Statement(this, statement) : throw Failure();
        }
    }

    [UnmanagedCallersOnly]
    private static int LookAtClock(nint state) =>
        GCHandle.FromIntPtr(state).Target is Database database && (Stopwatch.GetTimestamp() > database._deadline || database._cancelled.IsCancellationRequested) ? 1 : 0;
}
