using System.Globalization;
using System.Text.RegularExpressions;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Hosting.Costs;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class CostCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task What_was_spent_is_added_up_by_day_project_agent_model_and_session()
    {
        await SpendAsync("one", "/work/a", new(2026, 10, 30, 12, 0, 0, TimeSpan.Zero), ("a/big", 1m, null), ("a/small", 0.25m, "judge"));
        await SpendAsync("two", "/work/a", new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero), ("a/big", 0.5m, null));
        await SpendAsync("three", "/work/b", new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero), ("b/free", null, null));
        Assert.Equal("2026-10-30 $1.25 2|2026-11-02 $0.50+? 2|total $1.75+? 4", await RowsAsync());
        Assert.Equal("2026-10 $1.25 2|2026-11 $0.50+? 2|total $1.75+? 4", await RowsAsync("--by", "month"));
        Assert.Equal("/work/a $1.75 3|/work/b ? 1|total $1.75+? 4", await RowsAsync("--by", "project"));
        Assert.Equal("main $1.50+? 3|judge $0.25 1|total $1.75+? 4", await RowsAsync("--by", "agent"));
        Assert.Equal("a/big $1.50 2|a/small $0.25 1|b/free ? 1|total $1.75+? 4", await RowsAsync("--by", "model"));
        Assert.Equal("one $1.25 2|two $0.50 1|three ? 1|total $1.75+? 4", await RowsAsync("--by", "session"));
        Assert.Equal("a/big $0.50 1|b/free ? 1|total $0.50+? 2", await RowsAsync("--by", "model", "--since", "2026-11-01"));
        Assert.Equal("", await RowsAsync("--since", "2099-01-01"));
        Assert.Contains("Nothing was spent since then.", _stage.Error.Take());
    }

    [Fact]
    public async Task Every_kind_of_token_has_its_column_and_its_field()
    {
        await SpendAsync("one", "/work/a", new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero), ("a/big", 1m, null));
        Assert.Equal(0, await _stage.RunAsync("cost", "--by", "model"));
        Assert.Equal("MODEL  COST   REQUESTS  INPUT  CACHED  WRITTEN  OUTPUT  REASONING\na/big  $1.00  1         100    20      3        40      10\n", _stage.Out.Take());
        Assert.Equal(0, await _stage.RunAsync("cost", "--by", "model", "--json", "--since", "2026-11-02"));
        Assert.Equal(
            """{"by":"model","since":"2026-11-02","lines":[{"key":"a/big","cost":1,"requests":1,"requests_without_price":0,"sessions":1,"usage":{"input":100,"cache_read":20,"cache_write":3,"output":40,"reasoning":10}}],"total":{"key":"total","cost":1,"requests":1,"requests_without_price":0,"sessions":1,"usage":{"input":100,"cache_read":20,"cache_write":3,"output":40,"reasoning":10}}}""",
            Regex.Replace(_stage.Out.Take(), @"\s", ""));
    }

    [Fact]
    public async Task What_a_prompt_hook_asked_a_model_is_counted_as_its_own()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "hooks": { "UserPromptSubmit": [{ "hooks": [{ "type": "prompt", "prompt": "Is it fine?" }] }] } }""");
        _stage.Model = new ScriptedModel(ScriptedReply.Text("{\"ok\": true}"), ScriptedReply.Text("Done.")) { Info = new("test", "scripted", "scripted") { Price = new Price(10, 100) } };
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        _stage.Out.Take();
        Assert.Equal("hook $0.002 1|main $0.002 1|total $0.004 2", await RowsAsync("--by", "agent"));
    }

    [Theory]
    [InlineData("2026-11-05", "2026-11-05")]
    [InlineData("today", "2026-11-21")]
    [InlineData("1d", "2026-11-21")]
    [InlineData("7d", "2026-11-15")]
    [InlineData("0d", null)]
    [InlineData("-3d", null)]
    [InlineData("99999999d", null)]
    [InlineData("2026-02-30", null)]
    [InlineData("yesterday", null)]
    public void A_day_is_a_date_or_a_number_of_days_back(string text, string? day) =>
        Assert.Equal(day, CostReport.ReadDay(text, new DateOnly(2026, 11, 21))?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    [Fact]
    public async Task A_day_that_is_none_is_wrong_use()
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("cost", "--since", "soon"));
        Assert.Contains("--since is 'soon', but must be a date", _stage.Error.ToString());
    }

    private async Task<string> RowsAsync(params string[] flags)
    {
        Assert.Equal(0, await _stage.RunAsync(["cost", .. flags]));
        return string.Join('|', _stage.Out.Take().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(3))));
    }

    private async Task SpendAsync(string name, string folder, DateTimeOffset at, params (string Model, decimal? Cost, string? Purpose)[] spent)
    {
        var folders = BridleFolders.For(_stage.Context().Environment);
        await using var journal = new SessionStore(folders.Data, folders.State, new Clock(at)).Create(folder, name).Journal;
        foreach (var (model, cost, purpose) in spent)
        {
            var usage = new Usage(100, 20, 3, 40, 10);
            DurableEvent[] events = purpose is not null ? [new ModelConsulted(purpose, model, usage, cost, 1)]
                : [new RunStarted("turn", model, "default", new RunLimits()), new ModelReplied(new ModelReply([new TextPart("done")], StopReason.EndTurn, usage, null), cost, 1)];
            foreach (var one in events)
            {
                await journal.AppendAsync(new RunId("1"), one, Durability.Written, TestContext.Current.CancellationToken);
            }
        }
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
