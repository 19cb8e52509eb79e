using Bridle.Events;
using Bridle.Hosting.Budgets;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Hosting.Tests.Budgets;

public sealed class SpendingLedgerTests : IDisposable
{
    private static readonly Price s_price = new(1_000, 1_000);
    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new();

    private string File => System.IO.Path.Combine(_folder.Path, "state", "spending.ledger");

    private SessionStore Store => new(System.IO.Path.Combine(_folder.Path, "data"), System.IO.Path.Combine(_folder.Path, "state"), _clock);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_spent_is_still_there_after_a_restart_and_the_next_request_is_refused_before_it_is_sent()
    {
        Ledger().Add("a", [Of(7, _clock.GetUtcNow(), 2.5m)]);
        var budget = Budget(new(Day: 3m), "b");
        var most = 400;
        Assert.Null(budget.Refuse(s_price, 50, ref most, final: true));

        // A thousand dollars a million tokens: 0.50 are left, 0.05 are the input.
        Assert.Equal(400, most);
        Ledger().Add("b", [Of(9, _clock.GetUtcNow(), 0.6m)]);
        Assert.Equal(3.1m, Ledger().Read("c").Day);
        Assert.Equal("the spending limit of $3 a day leaves no room for another request ($3.1 spent)", Budget(new(Day: 3m), "c").Refuse(s_price, 50, ref most, final: true));
    }

    [Fact]
    public void At_the_very_limit_nothing_more_is_sent_and_the_output_is_lowered_to_what_is_left()
    {
        Ledger().Add("a", [Of(7, _clock.GetUtcNow(), 3m)]);
        var most = 400;
        Assert.NotNull(Budget(new(Day: 3m), "b").Refuse(s_price, 0, ref most, final: true));
        Assert.NotNull(Budget(new(Day: 0m), "b").Refuse(s_price, 0, ref most, final: true));
        Assert.Null(Budget(new(Day: 3.3m), "b").Refuse(s_price, 0, ref most, final: true));
        Assert.Equal(300, most);
        Assert.Null(Budget(new(Day: 3m), "b").Refuse(null, 0, ref most, final: true));
    }

    [Fact]
    public void At_midnight_the_day_begins_anew_and_the_month_goes_on()
    {
        Ledger().Add("a", [Of(7, _clock.GetUtcNow(), 2m)]);
        _clock.Now = new(2026, 11, 21, 23, 59, 59, TimeSpan.Zero);
        Assert.Equal((2m, 2m), (Ledger().Read("x").Day, Ledger().Read("x").Month));
        _clock.Now = new(2026, 11, 22, 0, 0, 1, TimeSpan.Zero);
        Ledger().Add("a", [Of(8, _clock.GetUtcNow(), 1m)]);
        Assert.Equal((1m, 3m), (Ledger().Read("x").Day, Ledger().Read("x").Month));
        _clock.Now = new(2026, 12, 1, 0, 0, 1, TimeSpan.Zero);
        Assert.Equal((0m, 0m), (Ledger().Read("x").Day, Ledger().Read("x").Month));
        Assert.DoesNotContain("\t7\t", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_damaged_or_broken_off_is_skipped_and_takes_no_other_with_it()
    {
        Ledger().Add("a", [Of(7, _clock.GetUtcNow(), 2m)]);
        Ledger().Add("a", [Of(8, _clock.GetUtcNow(), 0.5m)]);
        var lines = System.IO.File.ReadAllLines(File);
        lines[1] = lines[1].Replace("\t2\t", "\t1\t", StringComparison.Ordinal);
        System.IO.File.WriteAllText(File, string.Join('\n', lines) + "\nspent\t63");
        Ledger().Add("a", [Of(9, _clock.GetUtcNow(), 0.25m)]);
        Assert.Equal(0.75m, Ledger().Read("x").Day);
    }

    [Fact]
    public void The_same_record_counts_once_however_often_it_is_noted()
    {
        Ledger().Add("a", [Of(7, _clock.GetUtcNow(), 2m)]);
        Ledger().Add("a", [Of(7, _clock.GetUtcNow(), 2m)]);
        Ledger().Note("a", [Of(7, _clock.GetUtcNow(), 2m), Of(8, _clock.GetUtcNow(), 1m)]);
        Assert.Equal(3m, Ledger().Read("x").Day);
    }

    [Fact]
    public void What_is_estimated_counts_and_is_told_apart()
    {
        Ledger().Add("a", [Of(7, _clock.GetUtcNow(), 2m), Of(8, _clock.GetUtcNow(), 0m) with { Cost = null, Estimated = 0.5m }]);
        Ledger().Note("a", [Of(8, _clock.GetUtcNow(), 0m) with { Cost = null, Estimated = 0.5m }]);
        var sums = Ledger().Read("x");
        Assert.Equal((2.5m, 0.5m, 2.5m, 0.5m), (sums.Day, sums.DayEstimated, sums.Month, sums.MonthEstimated));
        _clock.Now += TimeSpan.FromDays(1);
        sums = Ledger().Read("x");
        Assert.Equal((0m, 0m, 2.5m, 0.5m), (sums.Day, sums.DayEstimated, sums.Month, sums.MonthEstimated));
    }

    [Fact]
    public async Task A_ledger_that_is_gone_or_is_none_is_made_anew_from_the_logs()
    {
        await SpendAsync("one", 1m);
        await SpendAsync("two", 0.25m);
        Assert.Equal(1.25m, Ledger().Read("x").Day);
        System.IO.File.Delete(File);
        Assert.Equal(1.25m, Ledger().Read("x").Month);
        System.IO.File.WriteAllText(File, "something else");
        Assert.Equal(1.25m, Ledger().Read("x").Month);
    }

    [Fact]
    public void What_a_request_may_take_is_set_aside_for_sessions_that_run_until_it_is_known_what_it_took()
    {
        var (one, other) = (Budget(new(Day: 1m), "one"), Budget(new(Day: 1m), "other"));
        var most = 700;
        Assert.Null(one.Refuse(s_price, 100, ref most, final: true));
        var others = 700;
        Assert.Contains("$0 spent, $0.8 set aside by sessions that run", other.Refuse(s_price, 100, ref others, final: true));
        Ledger().Add("one", [Of(3, _clock.GetUtcNow(), 0.1m)]);
        Assert.Null(other.Refuse(s_price, 100, ref others, final: true));
        other.Dispose();
        Assert.Empty(Ledger().Open());
    }

    [Fact]
    public void What_a_killed_program_set_aside_is_free_after_a_quarter_of_an_hour()
    {
        var most = 700;
        Assert.Null(Budget(new(Day: 1m), "killed").Refuse(s_price, 100, ref most, final: true));
        Assert.Equal(["killed"], Ledger().Open());
        Assert.Equal(0.8m, Ledger().Read("x").SetAside);
        _clock.Now += TimeSpan.FromMinutes(16);
        Assert.Equal(0m, Ledger().Read("x").SetAside);
    }

    [Fact]
    public void At_four_fifths_there_is_one_warning_for_each_limit()
    {
        Ledger().Add("a", [Of(7, _clock.GetUtcNow(), 0.85m)]);
        var told = new List<string>();
        var budget = Budget(new(Day: 1m, Month: 5m), "b");
        budget.Tell = told.Add;
        var most = 10;
        budget.Refuse(s_price, 1, ref most, final: true);
        budget.Refuse(s_price, 1, ref most, final: true);
        Assert.Equal(["$0.85 of the spending limit of $1 a day are spent."], told);
    }

    [Fact]
    public void Sessions_that_spend_at_the_same_time_lose_no_line()
    {
        Ledger().Read("x");
        Parallel.For(0, 8, i =>
        {
            for (var n = 1; n <= 10; n++)
            {
                Ledger().Add($"s{i}", [Of(n, _clock.GetUtcNow(), 0.01m)]);
            }
        });
        Assert.Equal(0.8m, Ledger().Read("x").Day);
    }

    [Fact]
    public void A_ledger_that_cannot_be_written_refuses_where_there_is_a_limit()
    {
        System.IO.Directory.CreateDirectory(File);
        var most = 10;
        Assert.Contains("the spending limit of $1 cannot be kept", Budget(new(Day: 1m), "b").Refuse(s_price, 1, ref most, final: true));
        Assert.Null(Budget(new(Session: 1m), "b").Refuse(s_price, 1, ref most, final: true));
    }

    private SpendingLedger Ledger() => new(File, Store, _clock);

    private SharedBudget Budget(SpendingLimits limits, string session) => new(limits, Ledger(), session, asks: false);

    private static Spent Of(long n, DateTimeOffset at, decimal cost) => new(n, at, new RunId("1"), "main", "a/b", Usage.None, cost, false);

    private async Task SpendAsync(string name, decimal cost)
    {
        await using var journal = Store.Create(_folder.Path, name).Journal;
        await journal.AppendAsync(new RunId("1"), new RunStarted("turn", "a/b", "default", new RunLimits()), Durability.Written, TestContext.Current.CancellationToken);
        await journal.AppendAsync(new RunId("1"), new ModelReplied(new ModelReply([new TextPart("x")], StopReason.EndTurn, null, null), cost, 1), Durability.Written, TestContext.Current.CancellationToken);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
