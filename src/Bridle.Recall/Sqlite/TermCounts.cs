using System.Runtime.InteropServices;

namespace Bridle.Recall.Sqlite;

/// <summary>
/// A function of our own for full text search: <c>term_counts(table)</c> says how often each term of the query stands in a row, two bits a term, three at most. SQLite's own ranking looks
/// up how long each row is, and counts for every term all rows that have it, which takes ten times as long as to find them.
/// </summary>
internal static unsafe class TermCounts
{
    /// <summary>Of how many terms it tells.</summary>
    public const int MostTerms = 32;

    private const int Bits = 2;
    private const int MostOfTerm = 3;

    /// <summary>How often a term stands there, by its place in the query: 0 to 3.</summary>
    public static int Of(long counts, int term) => (int)(counts >> (term * Bits)) & MostOfTerm;

    /// <summary>Makes it known to a connection.</summary>
    public static bool TryAddTo(nint fts)
    {
        var api = (FtsApi*)fts;
        fixed (byte* name = "term_counts"u8)
        {
            return api is not null && api->CreateFunction(api, name, 0, &Count, 0) is NativeSqlite.Ok;
        }
    }

    [UnmanagedCallersOnly]
    private static void Count(FtsFunctions* functions, nint row, nint result, int arguments, nint values)
    {
        int places;
        var code = functions->PlaceCount(row, &places);
        var counts = 0L;
        for (var i = 0; i < places && code is NativeSqlite.Ok; i++)
        {
            int term, column, at;
            code = functions->Place(row, i, &term, &column, &at);
            if (code is NativeSqlite.Ok && term < MostTerms && Of(counts, term) < MostOfTerm)
            {
                counts += 1L << (term * Bits);
            }
        }

        if (code is NativeSqlite.Ok)
        {
            NativeSqlite.Result(result, counts);
        }
        else
        {
            NativeSqlite.ResultError(result, code);
        }
    }

    // struct fts5_api of sqlite3.h, as far as it is needed.
    [StructLayout(LayoutKind.Sequential)]
    private struct FtsApi
    {
        public int Version;
        public nint CreateTokenizer;
        public nint FindTokenizer;
        public delegate* unmanaged<FtsApi*, byte*, nint, delegate* unmanaged<FtsFunctions*, nint, nint, int, nint, void>, nint, int> CreateFunction;
    }

    // struct Fts5ExtensionApi, as far as it is needed.
    [StructLayout(LayoutKind.Sequential)]
    private struct FtsFunctions
    {
        public int Version;
        public nint UserData;
        public nint ColumnCount;
        public nint RowCount;
        public nint ColumnTotalSize;
        public nint Tokenize;
        public nint PhraseCount;
        public nint PhraseSize;
        public delegate* unmanaged<nint, int*, int> PlaceCount;
        public delegate* unmanaged<nint, int, int*, int*, int*, int> Place;
    }
}
