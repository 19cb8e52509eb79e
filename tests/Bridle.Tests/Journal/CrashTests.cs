using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

/// <summary>Real processes that are killed, or whose disk fails, at every place where it matters.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_process_killed_at_any_sync_loses_no_acknowledged_record_and_repeats_none()
    {
        var killed = 0;
        for (var n = 1; n < 200; n++)
        {
            _folder.Clear();
            var outcome = CrashTarget.RunInjected(_folder, "append", $"fsync:signal=SIGKILL:when={n}");
            if (outcome.Lines.Contains("closed"))
            {
                break;
            }

            killed++;
            AssertKept(outcome, $"killed at sync {n}");
        }

        Assert.InRange(killed, 12, 150);
    }

    [Fact]
    public void A_process_killed_at_any_write_loses_no_acknowledged_record_and_repeats_none()
    {
        var killed = 0;
        for (var n = 2; n < 200; n += 3)
        {
            _folder.Clear();
            var outcome = CrashTarget.RunInjected(_folder, "append", $"pwrite64:signal=SIGKILL:when={n}");
            if (outcome.Lines.Contains("closed"))
            {
                break;
            }

            killed++;
            AssertKept(outcome, $"killed at write {n}");
        }

        Assert.InRange(killed, 5, 150);
    }

    [Theory]
    [InlineData("fsync", "EIO")]
    [InlineData("fsync", "ENOSPC")]
    [InlineData("pwrite64", "EIO")]
    [InlineData("pwrite64", "EDQUOT")]
    public void A_write_or_sync_that_fails_is_not_acknowledged_and_stops_the_log_until_it_is_opened_again(string call, string error)
    {
        foreach (var n in new[] { 5, 9 })
        {
            _folder.Clear();
            var outcome = CrashTarget.RunInjected(_folder, "append", $"{call}:error={error}:when={n}");

            Assert.True(outcome.Refused is not null, $"{call} {n}: {string.Join('\n', outcome.Lines)}{outcome.Errors}");
            Assert.Equal(1, outcome.ExitCode);
            Assert.DoesNotContain("a journal that failed took another record", outcome.Lines);
            Assert.Empty(outcome.Errors);
            AssertKept(outcome, $"{call} {n} failed with {error}");
        }
    }

    [Fact]
    public void A_descriptor_whose_sync_failed_is_neither_synced_nor_written_to_again()
    {
        var outcome = CrashTarget.RunInjected(_folder, "append", "fsync:error=EIO:when=4");

        Assert.EndsWith("-1 EIO (Input/output error) (INJECTED)", outcome.Trace[^1], StringComparison.Ordinal);
        Assert.Contains("session_s.jsonl>", outcome.Trace[^1], StringComparison.Ordinal);
        Assert.Contains("still refused", outcome.Lines);
        Assert.Contains("Input/output error (error 5)", outcome.Refused, StringComparison.Ordinal);
        Assert.Contains("open the session again", outcome.Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_cannot_be_made_leaves_no_half_of_one()
    {
        foreach (var inject in new[] { "pwrite64:error=ENOSPC:when=3", "fsync:error=EIO:when=1" })
        {
            _folder.Clear();
            var outcome = CrashTarget.RunInjected(_folder, "append", inject);

            Assert.NotNull(outcome.Refused);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Data, "sessions")));
        }
    }

    [Fact]
    public void On_a_full_disk_the_reserve_makes_room_for_the_closing_records()
    {
        var disk = Path.Combine(_folder.Root, "disk");
        var copy = Path.Combine(_folder.Root, "copy");
        Directory.CreateDirectory(disk);
        var outcome = CrashTarget.RunShell(
            $"mount -t tmpfs -o size=8m none '{disk}' && $RUN fill '{disk}/data' '{disk}/state' s && cp -r '{disk}/data' '{copy}'", "unshare", "-rm");

        Assert.True(outcome.ExitCode == 0, string.Join('\n', outcome.Lines) + outcome.Errors);
        Assert.Contains("The disk is full; a reserve was given up", outcome.Refused, StringComparison.Ordinal);
        Assert.Contains("closed", outcome.Lines);
        var kept = new SessionStore(copy, _folder.State).Read("s");
        Assert.Equal(OpenState.Clean, kept.Report.State);
        var records = kept.Journal.Read().ToList();
        Assert.IsType<RunFinished>(records[^1].Event);
        Assert.Equal(outcome.Acknowledged, records.Where(record => record.Event is not (SessionStarted or LogRepaired)).Select(record => record.N));
    }

    [Fact]
    public async Task Of_two_processes_exactly_one_gets_the_session_and_the_lock_of_a_dead_one_frees_itself()
    {
        await Samples.WriteAsync(_folder);
        for (var round = 0; round < 5; round++)
        {
            using var first = CrashTarget.StartHolding(_folder);
            using var second = CrashTarget.StartHolding(_folder);
            var told = await Task.WhenAll(first.StandardOutput.ReadLineAsync(), second.StandardOutput.ReadLineAsync()).WaitAsync(TimeSpan.FromSeconds(30));

            var winner = told[0] == "open" ? first : second;
            Assert.Single(told, line => line == "open");
            Assert.Single(told, line => line!.StartsWith("locked ", StringComparison.Ordinal) && line.Contains($"pid {winner.Id}", StringComparison.Ordinal));

            winner.Kill();
            await winner.WaitForExitAsync();
            var loser = winner == first ? second : first;
            await loser.WaitForExitAsync();
            var opened = _folder.Store.Open("s");
            await opened.Journal.DisposeAsync();
            Assert.Equal(OpenState.Clean, opened.Report.State);
        }
    }

    /// <summary>Everything acknowledged is in the log, once and in order; blobs are there before the records that name them; and the session goes on.</summary>
    private void AssertKept(CrashTarget.Outcome outcome, string what)
    {
        if (!_folder.Store.Exists("s"))
        {
            Assert.True(!outcome.Acknowledged.Any(), $"{what}: acknowledged and gone");
            return;
        }

        var opened = _folder.Store.Open("s");
        Assert.True(opened.Report.CanAppend, $"{what}: {opened.Report.Describe()}");
        var records = opened.Journal.Read().ToList();
        var last = records.Count;
        Assert.Equal(Enumerable.Range(1, last).Select(n => (long)n), records.Select(record => record.N));
        Assert.True(outcome.Acknowledged.SequenceEqual(Enumerable.Range(1, outcome.Acknowledged.Count()).Select(n => (long)n)), what);
        Assert.True(outcome.Acknowledged.Count() <= last, $"{what}: {outcome.Acknowledged.Count()} acknowledged, {last} kept");
        var calls = records.Select(record => record.Event).OfType<ToolStarted>().Select(started => started.Call).ToList();
        Assert.Equal(calls.Distinct(), calls);
        Assert.All(records.Select(record => record.Event).OfType<ToolReturned>(), returned => Assert.NotNull(opened.Journal.Blobs.Get(returned.Spill!)));
        var next = opened.Journal.AppendAsync(RunId.Session, new SessionRenamed("s"), Durability.Synced, CancellationToken.None);
        Assert.Equal(last + 1, next.Result.N);
        opened.Journal.DisposeAsync().AsTask().Wait();
    }
}
