using System.Reflection;
using System.Runtime.InteropServices;

namespace Bridle.Recall.Sqlite;

/// <summary>Finds the SQLite of this machine. Nothing of it is loaded before somebody searches (docs/decisions/019-sqlite-of-the-system.md).</summary>
internal static class SqliteLibrary
{
    /// <summary>The first version whose full text search knows trigrams.</summary>
    public const int OldestVersion = 3_034_000;

    private static readonly Lock Loading = new();
    private static nint _library;
    private static string? _given;

    /// <summary>Where SQLite is looked for when nobody says where it is, the likeliest first.</summary>
    public static IReadOnlyList<string> UsualNames { get; } =
        OperatingSystem.IsWindows() ? ["sqlite3.dll", "e_sqlite3.dll", "winsqlite3.dll"]
        : OperatingSystem.IsMacOS() ? ["/usr/lib/libsqlite3.dylib", "libsqlite3.dylib"]
        : ["libsqlite3.so.0", "libsqlite3.so"];

    /// <summary>Loads it once for the process; why it cannot be used, in words for a person, or null.</summary>
    /// <param name="given">A library named in the settings, or null for the usual ones.</param>
    public static string? WhyNot(string? given)
    {
        lock (Loading)
        {
            if (_library != 0 && (given is null || given == _given))
            {
                return null;
            }

            var (library, problem) = Find(given is null ? UsualNames : [given]);
            if (problem is not null || _library != 0)
            {
                // A process has one: the first that was asked for stays.
                return problem;
            }

            (_library, _given) = (library, given);
            NativeLibrary.SetDllImportResolver(typeof(SqliteLibrary).Assembly, Resolve);
            return null;
        }
    }

    /// <summary>The first of these libraries that is a SQLite which can be used, or why none is.</summary>
    public static (nint Library, string? Problem) Find(IReadOnlyList<string> names)
    {
        var reasons = new List<string>();
        foreach (var name in names)
        {
            if (!NativeLibrary.TryLoad(name, out var library))
            {
                continue;
            }

            if (WhyNot(library) is not { } why)
            {
                return (library, null);
            }

            reasons.Add($"{name} {why}");
            NativeLibrary.Free(library);
        }

        var advice = OperatingSystem.IsLinux() ? "Install it (Debian and Ubuntu: libsqlite3-0, Fedora: sqlite-libs, Alpine: sqlite-libs)" : "Put a sqlite3 library where the system finds it";
        return (0, reasons.Count > 0
            ? $"Searching past sessions needs SQLite 3.34 or later with FTS5: {string.Join("; ", reasons)}. {advice}, or name another one in the setting recall.sqlite."
            : $"Searching past sessions needs SQLite, and {(names.Count == 1 ? $"{names[0]} cannot be loaded" : "this machine has none")}. {advice}, or name its file in the setting recall.sqlite. Everything else works without it.");
    }

    // What it can do is asked of the library itself and not of its version: FTS5 may be left out of any.
    private static unsafe string? WhyNot(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var version) || !NativeLibrary.TryGetExport(library, "sqlite3_prepare_v3", out _)
            || !NativeLibrary.TryGetExport(library, "sqlite3_compileoption_used", out var option))
        {
            return "is no SQLite";
        }

        var number = ((delegate* unmanaged<int>)version)();
        if (number < OldestVersion)
        {
            return $"is version {number / 1_000_000}.{number / 1000 % 1000}";
        }

        fixed (byte* name = "ENABLE_FTS5"u8)
        {
            return ((delegate* unmanaged<byte*, int>)option)(name) is 0 ? "was built without FTS5" : null;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == NativeSqlite.Name ? _library : 0;
}
