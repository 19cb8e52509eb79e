namespace Bridle.Recall.Sqlite;

/// <summary>SQLite said no. The text is SQLite's own and not for people.</summary>
internal sealed class SqliteException(int code, string message) : Exception($"{message} (SQLite {code})")
{
    private const int Error = 1;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Interrupted = 9;
    private const int DiskError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>The file is not what was written: what is derived can be made anew.</summary>
    public bool IsDamage => (code & 0xff) is Corrupt or NotADatabase;

    /// <summary>The statement does not fit what is in the file: it has other tables, or none.</summary>
    public bool IsOtherContent => code is Error;

    /// <summary>Another process is writing.</summary>
    public bool IsBusy => (code & 0xff) is Busy or Locked;

    /// <summary>The file is not there any more, or may not be opened.</summary>
    public bool IsMissing => (code & 0xff) is CannotOpen;

    /// <summary>A query ran out of its time.</summary>
    public bool IsInterrupted => (code & 0xff) is Interrupted;

    /// <summary>The disk is full or fails, or the file may not be written.</summary>
    public bool IsDisk => (code & 0xff) is Full or DiskError or ReadOnly or CannotOpen;
}
