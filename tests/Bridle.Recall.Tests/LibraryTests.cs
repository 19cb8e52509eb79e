using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Tests;

public sealed class LibraryTests
{
    [Fact]
    public void A_missing_library_is_said_with_what_to_do()
    {
        var (library, problem) = SqliteLibrary.Find(["/nowhere/libsqlite3.so"]);
        Assert.Equal(0, library);
        Assert.Contains("/nowhere/libsqlite3.so cannot be loaded", problem);
        Assert.Contains("recall.sqlite", problem);
        Assert.Contains("Everything else works without it.", problem);
    }

    [Fact]
    public void A_library_that_is_no_sqlite_is_refused()
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains("is no SQLite", SqliteLibrary.Find(["libc.so.6"]).Problem);
        }
    }

    [Fact]
    public void The_systems_library_can_do_what_is_needed()
    {
        Assert.Null(SqliteLibrary.WhyNot(null));
        Assert.InRange(NativeSqlite.VersionNumber(), SqliteLibrary.OldestVersion, int.MaxValue);
    }
}
