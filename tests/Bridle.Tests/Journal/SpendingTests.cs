using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class SpendingTests : IDisposable
{
    private static readonly DateTime s_settled = new(2026, 11, 21, 10, 0, 0, DateTimeKind.Utc);
    private static readonly Usage s_one = new(1, 0, 0, 0, 0);
    private readonly TestFolder _folder = new();

    private string Cache => Path.Combine(_folder.Data, "spending.cache");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_record_that_spends_is_counted_with_its_model_and_who_asked()
    {
        await WriteAsync("s",
            ("1", new RunStarted("turn", "a/big", "default", new RunLimits())),
            ("1", Asked("a/big")),
            ("1", Reply(new Usage(100, 20, 3, 40, 10), 0.25m)),
            ("1", new ReplyCut("cut", "text ,\"cost\":3,\"usage\":{\"input\":5}", new Usage(7, 0, 0, 1, 0), 0.5m)),
            ("1", new ReplyCut("interrupted", "", null, null)),
            ("1", Asked("a/other")),
            ("1", Reply(new Usage(1, 0, 0, 2, 0), null)),
            ("1", new Compacted(3, "sum", "auto") { Usage = new Usage(9, 0, 0, 4, 0), Cost = 0.02m, Model = "a/small" }),
            ("0", new Compacted(3, "sum", "manual") { Usage = new Usage(9, 0, 0, 4, 0), Cost = 0.03m }),
            ("0", new Compacted(3, "sum", "manual")),
            ("1", new ModelConsulted("judge", "a/small", new Usage(5, 0, 0, 1, 0), 0.001m, 3)),
            ("1.1", new RunStarted("delegate", "a/small", "default", new RunLimits())),
            ("1.1", Asked("a/small")),
            ("1.1", Reply(s_one, 0.1m)));
        var session = Assert.Single(_folder.Store.Spending());
        Assert.Equal(("s", _folder.Root), (session.Session, session.Folder));
        var day = new DateOnly(2026, 11, 21);
        Assert.Equal(
            [
                new(day, "a/big", "compaction", new Usage(9, 0, 0, 4, 0), 0.03m, 1, 0),
                new(day, "a/big", "main", new Usage(107, 20, 3, 41, 10), 0.75m, 2, 0),
                new(day, "a/other", "main", new Usage(1, 0, 0, 2, 0), 0m, 1, 1),
                new(day, "a/small", "compaction", new Usage(9, 0, 0, 4, 0), 0.02m, 1, 0),
                new(day, "a/small", "delegate", s_one, 0.1m, 1, 0),
                new SpendingRow(day, "a/small", "judge", new Usage(5, 0, 0, 1, 0), 0.001m, 1, 0),
            ],
            session.Rows);
    }

    [Fact]
    public void What_is_estimated_stands_beside_what_is_known()
    {
        DurableEvent[] events =
        [
            new RunStarted("turn", "a/big", "default", new RunLimits()),
            new ModelReplied(new ModelReply([], StopReason.EndTurn, null, null), null, 1) { EstimatedCost = 1m },
            new Compacted(3, "sum", "auto") { EstimatedCost = 2m },
            new ModelConsulted("judge", "a/small", null, null, 3) { EstimatedCost = 3m },
            new ModelConsulted("judge", "a/small", s_one, 4m, 3),
        ];
        var spent = SpendingFold.Of(events.Select((one, i) => new Recorded(i + 1, DateTimeOffset.UnixEpoch, new RunId("1"), one)));
        Assert.Equal([(null, 1m), (null, 2m), (null, 3m), (4m, null)], spent.Select(one => (one.Cost, one.Estimated)));
        Assert.Equal([1m, 2m, 3m, 4m], spent.Select(one => one.Counted));
    }

    [Fact]
    public async Task What_a_reply_that_broke_off_took_is_kept_apart_also_where_an_older_log_has_it_as_its_cost()
    {
        await WriteAsync("s",
            ("1", new RunStarted("turn", "a/big", "default", new RunLimits())),
            ("1", new ReplyCut("cut", "half", new Usage(7, 0, 0, 1, 0), 0.5m)),
            ("1", new ReplyCut("interrupted", "half", null, null) { EstimatedUsage = new Usage(20, 0, 0, 2, 0), EstimatedCost = 0.25m }),
            ("1", new ReplyCut("interrupted", "half", null, 1m)),
            ("1", new ReplyCut("interrupted", "half", null, null) { EstimatedUsage = s_one }),
            ("1", new ReplyCut("no JSON", "", null, null) { EstimatedUsage = new Usage(6, 0, 0, 0, 0) }));
        var day = new DateOnly(2026, 11, 21);
        for (var again = 0; again < 2; again++)
        {
            // The second time from the cache.
            Assert.Equal([new SpendingRow(day, "a/big", "main", new Usage(34, 0, 0, 3, 0), 0.5m, 5, 2) { Guessed = 1.25m }], Assert.Single(_folder.Store.Spending()).Rows);
        }

        var spent = SpendingFold.Of(_folder.Store.Read("s").Journal.Read());
        Assert.Equal([(0.5m, null), (null, 0.25m), (null, 1m), (null, null), (null, null)], spent.Select(one => (one.Cost, one.Guess)));
        Assert.Equal([0.5m, 0.25m, 1m, 0m, 0m], spent.Select(one => one.Counted));
    }

    [Fact]
    public async Task What_a_clone_took_over_was_spent_once()
    {
        await WriteAsync("s", ("1", new RunStarted("turn", "a/big", "default", new RunLimits())), ("1", Asked("a/big")), ("1", Reply(s_one, 0.25m)));
        _folder.Store.Clone("s", "copy");
        _folder.Store.Clone("copy", "again", upTo: 4);
        await using (var journal = _folder.Store.Open("copy").Journal)
        {
            await journal.AppendAsync(new RunId("2"), Asked("a/big"), Durability.Written, CancellationToken.None);
            await journal.AppendAsync(new RunId("2"), Reply(s_one, 1m), Durability.Written, CancellationToken.None);
        }

        Assert.Equal([("again", 0m), ("copy", 1m), ("s", 0.25m)], _folder.Store.Spending().Select(one => (one.Session, one.Rows.Sum(row => row.Cost))).Order());
        Assert.Equal(1.25m, SpendingFold.Of(_folder.Store.Read("copy").Journal.Read()).Sum(spent => spent.Cost));
    }

    [Fact]
    public async Task The_rehearsal_costs_nothing_and_what_another_program_spent_is_not_counted()
    {
        await WriteAsync("s",
            ("1", new RunStarted("imported", "codex/x", "default", new RunLimits())), ("1", Reply(s_one, 9m)),
            ("2", new RunStarted("turn", "rehearsal/rehearsal", "default", new RunLimits(), true)), ("2", Asked("rehearsal/rehearsal")), ("2", Reply(null, null)),
            ("2", new ModelConsulted("judge", "a/small", s_one, null, 1)));
        Assert.Equal([("a/small", 0m, 1L), ("rehearsal/rehearsal", 0m, 0L)], Assert.Single(_folder.Store.Spending()).Rows.Select(row => (row.Model, row.Cost, row.Unpriced)));
    }

    [Fact]
    public async Task A_day_is_a_day_of_the_persons_zone()
    {
        await WriteAsync("s", ("1", new RunStarted("turn", "a/big", "default", new RunLimits())), ("1", Asked("a/big")), ("1", Reply(s_one, 1m)));
        var east = new ZonedClock(TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(13.5), "east", "east"));
        Assert.Equal(new DateOnly(2026, 11, 21), Assert.Single(Assert.Single(_folder.Store.Spending()).Rows).Day);
        Assert.Equal(new DateOnly(2026, 11, 22), Assert.Single(Assert.Single(new SessionStore(_folder.Data, _folder.State, east).Spending()).Rows).Day);
        Assert.Equal(new DateOnly(2026, 11, 21), Assert.Single(Assert.Single(_folder.Store.Spending()).Rows).Day);
    }

    [Fact]
    public async Task What_was_read_is_remembered_until_the_file_changes_and_a_damaged_cache_is_made_anew()
    {
        var path = await WriteAsync("s", ("1", new RunStarted("turn", "a/big", "default", new RunLimits())), ("1", Asked("a/big")), ("1", Reply(s_one, 0.25m)));
        Assert.Equal(0.25m, Cost());

        // Same size, same time: only the cache can still know the old sum.
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"cost\":0.25", "\"cost\":0.75", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(path, s_settled);
        Assert.Equal(0.25m, Cost());
        var cache = File.ReadAllBytes(Cache);
        for (var i = 0; i < cache.Length; i++)
        {
            var flipped = cache.ToArray();
            flipped[i] ^= 4;
            File.WriteAllBytes(Cache, flipped);
            Assert.Equal(0.75m, Cost());
        }

        File.WriteAllBytes(Cache, cache[..^5]);
        Assert.Equal(0.75m, Cost());
        File.WriteAllBytes(Cache, cache);
        File.SetLastWriteTimeUtc(path, s_settled.AddSeconds(1));
        Assert.Equal(0.75m, Cost());
    }

    [Fact]
    public async Task A_log_that_is_damaged_still_counts_with_what_can_be_read_and_a_removed_one_no_longer()
    {
        var path = await WriteAsync("s", ("1", new RunStarted("turn", "a/big", "default", new RunLimits())), ("1", Asked("a/big")), ("1", Reply(s_one, 0.25m)), ("1", Reply(s_one, 0.5m)));
        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        lines[3] = lines[3].Replace("\"reply\":{", "\"reply\":[", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(path, [.. lines, "no json", "{\"n\":9,"], TestContext.Current.CancellationToken);
        Assert.Equal(0.5m, Cost());
        File.Delete(path);
        Assert.Empty(_folder.Store.Spending());
    }

    private static ModelRequested Asked(string model) => new(model, "openai", [], 1, null, ToolCalling.Native);

    private static ModelReplied Reply(Usage? usage, decimal? cost) => new(new ModelReply([new TextPart("said ,\"cost\":5,")], StopReason.EndTurn, usage, null), cost, 5);

    private decimal Cost() => _folder.Store.Spending().Single().Rows.Sum(row => row.Cost);

    private async Task<string> WriteAsync(string name, params (string Run, DurableEvent Event)[] events)
    {
        await using (var journal = _folder.Store.Create(_folder.Root, name).Journal)
        {
            foreach (var (run, one) in events)
            {
                await journal.AppendAsync(new RunId(run), one, Durability.Written, CancellationToken.None);
            }
        }

        File.SetLastWriteTimeUtc(_folder.Store.PathOf(name), s_settled);
        return _folder.Store.PathOf(name);
    }

    private sealed class ZonedClock(TimeZoneInfo zone) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => zone;
    }
}
