using Bridle.Hosting.Assembly;

namespace Bridle.Hosting.Tests;

public sealed class FaultLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_oldest_of_many_logs_are_removed_when_one_is_made_and_two_of_a_second_do_not_share_a_file()
    {
        for (var i = 0; i < 210; i++)
        {
            _folder.Write($"logs/2020-01-01_00-00-00-{i:000}", "old");
        }

        var logs = System.IO.Path.Combine(_folder.Path, "logs");
        var (first, second) = (new FaultLog(logs, TimeProvider.System), new FaultLog(logs, TimeProvider.System));
        Assert.Null(first.File);
        first.Note("one");
        second.Note("two");
        first.Note("three");
        Assert.NotEqual(first.File, second.File);
        Assert.Equal(2, File.ReadLines(first.File!).Count());
        Assert.Equal(200, Directory.GetFiles(logs).Length);
        Assert.False(File.Exists(System.IO.Path.Combine(logs, "2020-01-01_00-00-00-011")));
        Assert.True(File.Exists(System.IO.Path.Combine(logs, "2020-01-01_00-00-00-012")));
    }

    [Fact]
    public void A_log_that_cannot_be_written_fails_nothing()
    {
        var log = new FaultLog(_folder.Write("logs", "a file"), TimeProvider.System);
        log.Note("one");
        log.Report("f1", new InvalidOperationException("x"));
        Assert.Null(log.File);
    }
}
