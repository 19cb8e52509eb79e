using System.Runtime.InteropServices;

namespace Bridle.Recall.Sqlite;

/// <summary>The functions of SQLite's C interface that the index needs. Which library answers is decided by <see cref="SqliteLibrary"/>, before the first call.</summary>
internal static unsafe partial class NativeSqlite
{
    public const string Name = "bridle-sqlite3";
    public const int Ok = 0;
    public const int Row = 100;
    public const int Done = 101;
    public const int OpenReadWrite = 2;
    public const int OpenCreate = 4;
    public const int OpenNoMutex = 0x8000;
    public const uint PreparePersistent = 1;

    [LibraryImport(Name, EntryPoint = "sqlite3_libversion_number")]
    public static partial int VersionNumber();

    [LibraryImport(Name, EntryPoint = "sqlite3_open_v2", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, out nint database, int flags, nint vfs);

    [LibraryImport(Name, EntryPoint = "sqlite3_close_v2")]
    public static partial int Close(nint database);

    [LibraryImport(Name, EntryPoint = "sqlite3_errmsg")]
    public static partial byte* ErrorText(nint database);

    [LibraryImport(Name, EntryPoint = "sqlite3_extended_errcode")]
    public static partial int ErrorCode(nint database);

    [LibraryImport(Name, EntryPoint = "sqlite3_busy_timeout")]
    public static partial int BusyTimeout(nint database, int milliseconds);

    [LibraryImport(Name, EntryPoint = "sqlite3_prepare_v3")]
    public static partial int Prepare(nint database, byte* sql, int bytes, uint flags, out nint statement, nint tail);

    [LibraryImport(Name, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_finalize")]
    public static partial int Finalize(nint statement);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_int64")]
    public static partial int Bind(nint statement, int at, long value);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_double")]
    public static partial int BindDouble(nint statement, int at, double value);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_null")]
    public static partial int BindNull(nint statement, int at);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_text")]
    public static partial int BindText(nint statement, int at, byte* text, int bytes, nint whoFrees);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(nint statement, int at, byte* value, int bytes, nint whoFrees);

    [LibraryImport(Name, EntryPoint = "sqlite3_bind_pointer")]
    public static partial int BindPointer(nint statement, int at, nint* value, byte* type, nint whoFrees);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_int64")]
    public static partial long Integer(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_double")]
    public static partial double Real(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_blob")]
    public static partial byte* Bytes(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_bytes")]
    public static partial int Length(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_column_type")]
    public static partial int Type(nint statement, int column);

    [LibraryImport(Name, EntryPoint = "sqlite3_result_int64")]
    public static partial void Result(nint result, long value);

    [LibraryImport(Name, EntryPoint = "sqlite3_result_error_code")]
    public static partial void ResultError(nint result, int code);

    [LibraryImport(Name, EntryPoint = "sqlite3_progress_handler")]
    public static partial void OnProgress(nint database, int operations, delegate* unmanaged<nint, int> handler, nint state);
}
