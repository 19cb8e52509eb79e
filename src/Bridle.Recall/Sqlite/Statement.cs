using System.Text;

namespace Bridle.Recall.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0.</summary>
internal sealed unsafe class Statement(Database database, nint handle) : IDisposable
{
    private const int NullType = 5;
    private const nint NotCopied = 0;
    private static readonly nint Copied = -1;

    private nint _handle = handle;

    /// <summary>Goes to the next row, if there is one.</summary>
    public bool Next() => NativeSqlite.Step(_handle) switch
    {
        NativeSqlite.Row => true,
        NativeSqlite.Done => false,
        _ => throw database.Failure(),
    };

    /// <summary>Runs a statement that gives no rows and makes it ready for the next time.</summary>
    public void Run()
    {
        var more = Next();
        Reset();
        if (more)
        {
            throw new InvalidOperationException("A statement that should only change something gave a row.");
        }
    }

    /// <summary>The same with a last parameter that is not copied, because it stays where it is until the statement ran.</summary>
    public void Run(int at, ReadOnlySpan<byte> text)
    {
        var nothing = (byte)0;
        fixed (byte* bytes = text)
        {
            Checked(NativeSqlite.BindText(_handle, at, text.IsEmpty ? &nothing : bytes, text.Length, NotCopied));
            Run();
        }
    }

    public Statement Bind(int at, long value) => Checked(NativeSqlite.Bind(_handle, at, value));

    public Statement Bind(int at, double value) => Checked(NativeSqlite.BindDouble(_handle, at, value));

    public Statement Bind(int at, string? value) => value is null ? Checked(NativeSqlite.BindNull(_handle, at)) : BindText(at, Encoding.UTF8.GetBytes(value));

    /// <summary>Text in UTF-8. It is copied.</summary>
    public Statement BindText(int at, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and no address would mean NULL.
        var nothing = (byte)0;
        fixed (byte* text = value)
        {
            return Checked(NativeSqlite.BindText(_handle, at, value.IsEmpty ? &nothing : text, value.Length, Copied));
        }
    }

    public Statement BindBlob(int at, ReadOnlySpan<byte> value)
    {
        var nothing = (byte)0;
        fixed (byte* bytes = value)
        {
            return Checked(NativeSqlite.BindBlob(_handle, at, value.IsEmpty ? &nothing : bytes, value.Length, Copied));
        }
    }

    /// <summary>An address of a type that SQLite knows by name; both must stay where they are until the statement ends.</summary>
    public Statement BindPointer(int at, nint* value, byte* type) => Checked(NativeSqlite.BindPointer(_handle, at, value, type, 0));

    public bool IsNull(int column) => NativeSqlite.Type(_handle, column) is NullType;

    public long Integer(int column) => NativeSqlite.Integer(_handle, column);

    public double Real(int column) => NativeSqlite.Real(_handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a text or blob; valid until the next row.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var bytes = NativeSqlite.Bytes(_handle, column);
        return bytes is null ? default : new(bytes, NativeSqlite.Length(_handle, column));
    }

    /// <summary>Ends a query that was not read to its end.</summary>
    public void Reset() => _ = NativeSqlite.Reset(_handle);

    public void Dispose()
    {
        _ = NativeSqlite.Finalize(_handle);
        _handle = 0;
    }

    private Statement Checked(int code) => code is NativeSqlite.Ok ? this : throw database.Failure();
}
