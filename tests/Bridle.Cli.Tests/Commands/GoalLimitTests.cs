using System.Text.Json;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>A limit of money for a whole goal: counted over all its runs, what broke off included, and refused before the spend.</summary>
public sealed class GoalLimitTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task All_runs_together_take_no_more_and_one_for_which_nothing_is_left_does_not_begin()
    {
        Goal(""" "max_cost": 0.14, """);
        var model = Script(new Price(0, 100), Costing(1_000), Costing(1_000));
        Assert.Equal(ExitCode.Done, await RunAsync());
        Assert.Contains("$0.14 of the limit of $0.14 for the whole goal are left ($0 spent).", _stage.Error.Take(), StringComparison.Ordinal);

        // What is left is no room for a request and its closing one, so that only the closing one is asked.
        Assert.Equal(ExitCode.Limit, await RunAsync());
        Assert.Contains("$0.04 of the limit of $0.14 for the whole goal are left ($0.1 spent).", _stage.Error.Take(), StringComparison.Ordinal);
        Assert.Equal(2, model.Requests.Count);
        Assert.Contains("the limit of $0.04 leaves no room for another request", model.Requests[1].Messages[^1].Text, StringComparison.Ordinal);

        foreach (var words in new string[][] { [], ["--all"], ["--dry-run"] })
        {
            Assert.Equal(ExitCode.Limit, await RunAsync(words));
            var said = _stage.Error.Take();
            Assert.Contains("The limit of $0.14 for the whole goal 'g' leaves nothing for another run ($0.2 spent). Raise max_cost in ", said, StringComparison.Ordinal);
        }

        Assert.Equal(2, model.Requests.Count);
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "show", "g"));
        Assert.Matches(@"Limit +\$0.14 for all its runs\nTook +\$0.2 in the tries that came to an end: the limit is overdrawn\n", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "show", "g", "--json"));
        using var shown = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal(0.14m, shown.RootElement.GetProperty("max_cost").GetDecimal());

        // Sessions that are gone count as the file says.
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "rm", "goal-g-1-1", "--yes"));
        Assert.Equal(ExitCode.Limit, await RunAsync());
        Assert.Contains("($0.2 spent)", _stage.Error.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_broke_off_counts_as_estimated_also_where_its_phase_was_begun_anew()
    {
        Goal(""" "max_cost": 40, """);
        var model = Script(new Price(1_000, 0), ScriptedReply.Text("x") with { Before = (_, token) => { _stage.Interrupts.Request(); return Task.Delay(Timeout.Infinite, token); } });
        Assert.Equal(ExitCode.Interrupted, await RunAsync());
        _stage.Error.Take();
        foreach (var begunAnew in new[] { false, true })
        {
            if (begunAnew)
            {
                Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "reset", "g"));
            }

            Assert.Equal(ExitCode.Limit, await RunAsync("--max-goal-cost", "1"));
            Assert.Matches(@"The limit of \$1 for the whole goal 'g' leaves nothing for another run \((\$[\d.]+) spent, \1 of it estimated\)\.", _stage.Error.Take());
        }

        Assert.Single(model.Requests);
    }

    [Fact]
    public async Task The_flag_and_the_file_and_a_limit_of_the_turn_each_hold()
    {
        Goal(""" "max_cost": 1, """);
        var model = Script(new Price(0, 100), Costing(1_000), Costing(1_000));
        Assert.Equal(ExitCode.Done, await RunAsync("--max-goal-cost", "0.5", "--max-cost", "0.3"));
        Assert.Contains("$0.5 of the limit of $0.5 for the whole goal", _stage.Error.Take(), StringComparison.Ordinal);
        Assert.Equal((0.3m, 0.5m), (_stage.Request!.MaxCost, _stage.Request.MaxSessionCost));
        Assert.Equal(ExitCode.Limit, await RunAsync("--max-goal-cost", "0.05"));
        Assert.Contains("The limit of $0.05 for the whole goal 'g' leaves nothing for another run ($0.1 spent). Raise --max-goal-cost.", _stage.Error.Take(), StringComparison.Ordinal);
        Assert.Single(model.Requests);
        Assert.Equal(ExitCode.Usage, await RunAsync("--max-goal-cost", "0"));

        Script(null, Costing(1));
        Assert.Equal(ExitCode.Usage, await RunAsync());
        Assert.Contains("the price of test/scripted is not known", _stage.Error.Take(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_goal_whose_limit_is_overdrawn_says_so_once_and_is_shown_as_such(string output)
    {
        Goal(""" "max_cost": 0.14, """);
        Script(new Price(0, 100), Costing(2_000), Costing(1));
        Assert.Equal(ExitCode.Limit, await RunAsync("--output", output, "--all"));
        const string Said = "The limit of $0.14 for the whole goal 'g' is overdrawn ($0.2 spent), because a request took more than was estimated.";
        Assert.Single(_stage.Error.Take().Split(Said)[1..]);
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "show", "g"));
        Assert.Contains("$0.2 in the tries that came to an end: the limit is overdrawn\n", _stage.Out.Take(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "show", "g", "--json"));
        using var shown = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal((0.2m, true), (shown.RootElement.GetProperty("took").GetDecimal(), shown.RootElement.GetProperty("overdrawn").GetBoolean()));
    }

    [Fact]
    public async Task A_reply_that_took_more_than_a_limit_for_the_session_left_is_told_once()
    {
        Script(new Price(0, 100), Costing(2_000));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--max-session-cost", "0.14", "--sandbox", "off", "task"));
        Assert.Single(_stage.Error.Take().Split("The spending limit of $0.14 for a session is overdrawn: $0.2 are spent, because a request took more than was estimated.")[1..]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("\"much\"")]
    public async Task A_limit_that_is_none_is_said(string value)
    {
        Goal($$""" "max_cost": {{value}}, """);
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("goal", "check", "g"));
        Assert.Contains("'max_cost' must be a number above 0: US dollars.", _stage.Out.Take(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "new", "h", "--objective", "x", "--phase", "a", "--max-cost", "2.5"));
        using var made = JsonDocument.Parse(File.ReadAllText(_stage.PathOf("work/.bridle/goals/h.json")));
        Assert.Equal(2.5m, made.RootElement.GetProperty("max_cost").GetDecimal());
    }

    private void Goal(string limit) => _stage.Write("work/.bridle/goals/g.json", $$"""{ "schema": "harness.goal.v1", "id": "g", "objective": "Have it.", {{limit}} "phases": [ { "title": "a" }, { "title": "b" } ] }""");

    private ScriptedModel Script(Price? price, params ScriptedReply[] replies)
    {
        var model = new ScriptedModel(replies) { Info = new("test", "scripted", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes, Price = price } };
        _stage.Model = model;
        return model;
    }

    private static ScriptedReply Costing(int tokens) => new(_ => [new ReplyFinished(new ModelReply([new TextPart("Done.")], StopReason.EndTurn, new Usage(0, 0, 0, tokens, 0), "scripted"))]);

    private Task<int> RunAsync(params string[] words) => _stage.RunAsync(["goal", "run", "g", "--sandbox", "off", .. words]);
}
