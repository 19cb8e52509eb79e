using System.Text.Json;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Limits of money for a session, a day and a month, over all sessions of a person.</summary>
public sealed class BudgetTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("--max-day-cost", "a day")]
    [InlineData("--max-month-cost", "a month")]
    public async Task What_one_session_spent_counts_in_the_next(string flag, string span)
    {
        Script(Dear("Done."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "one", flag, "5", "Work."));
        var model = Script(ScriptedReply.Text("Never."));
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "--session", "two", flag, "1", "--output", "json", "Work."));
        Assert.Empty(model.Requests);
        using var result = JsonDocument.Parse(_stage.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        Assert.Equal(
            ("limit_reached", $"Stopped: the spending limit of $1 {span} leaves no room for another request ($1.002 spent)."),
            (result.RootElement.GetProperty("outcome").GetString(), result.RootElement.GetProperty("error").GetProperty("message").GetString()));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "replay", "two"));
    }

    [Fact]
    public async Task The_limit_of_a_session_knows_what_was_spent_before_it_was_opened_again()
    {
        Script(Dear("Done."));
        await _stage.RunAsync("run", "--session", "one", "Work.");
        Script(ScriptedReply.Text("Never."));
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "--session", "one", "--max-session-cost", "1", "More."));
        Assert.Contains("the spending limit of $1 for a session leaves no room for another request ($1.002 spent)", _stage.Error.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "two", "--max-session-cost", "1", "More."));
    }

    [Fact]
    public async Task A_session_that_was_killed_before_its_line_was_in_the_ledger_counts_once_it_is_looked_at()
    {
        Script(Dear("Done."));
        await _stage.RunAsync("run", "--session", "one", "--max-day-cost", "5", "Work.");

        // As if the program had died right after its log was written: the ledger knows only that something was set aside.
        var ledger = _stage.PathOf("home/.local/state/bridle/spending.ledger");
        var lines = await File.ReadAllLinesAsync(ledger, TestContext.Current.CancellationToken);
        Assert.Equal(["bridle ledger 1", "set_aside", "spent", "free"], lines.Select(line => line.Split('\t')[0]));
        await File.WriteAllTextAsync(ledger, $"{lines[0]}\n{lines[1]}\n", TestContext.Current.CancellationToken);
        Script(ScriptedReply.Text("Never."));
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "--session", "two", "--max-day-cost", "1", "Work."));
        Assert.Contains("($1.002 spent", _stage.Error.Take());
    }

    [Theory]
    [InlineData("--max-session-cost", "one", "for a session")]
    [InlineData("--max-day-cost", "two", "a day")]
    [InlineData("--max-month-cost", "two", "a month")]
    public async Task A_reply_that_does_not_say_what_it_took_counts_as_estimated(string flag, string next, string span)
    {
        // 40,000 characters are some 10,000 tokens of output: a dollar.
        Script(Silent(new string('x', 40_000)));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "one", flag, "5", "Work."));
        var model = Script(ScriptedReply.Text("Never."));
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "--session", next, flag, "1", "Work."));
        Assert.Empty(model.Requests);
        Assert.Matches($@"the spending limit of \$1 {span} leaves no room for another request \(\$1\.\d+ spent, \$1\.\d+ of it estimated, because the server did not say\)", _stage.Error.Take());

        // What a report says is known stays apart from what is guessed, also where the ledger is made anew from the logs.
        _stage.Out.Take();
        await _stage.RunAsync("cost", "--json");
        Assert.Contains("\"cost\": 0,", _stage.Out.ToString());
        File.Delete(_stage.PathOf("home/.local/state/bridle/spending.ledger"));
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "--session", next, flag, "1", "Work."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "replay", "one"));
    }

    [Fact]
    public async Task Doctor_says_what_was_spent_and_what_limits_it()
    {
        Script(Dear("Done."));
        await _stage.RunAsync("run", "Work.");
        _stage.Write("home/.config/bridle/settings.json", """{ "maxDayCost": 5, "maxMonthCost": 50 }""");
        _stage.Out.Take();
        await _stage.RunAsync("doctor");
        Assert.Contains("-   spending  $1.002 today, $1.002 this month; limits: $5 a day, $50 a month\n", _stage.Out.Take());
    }

    [Fact]
    public async Task With_an_unknown_price_a_limit_is_wrong_use_and_nothing_is_sent()
    {
        var model = new ScriptedModel(ScriptedReply.Text("Never."));
        _stage.Model = model;
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("run", "--max-month-cost", "1", "Work."));
        Assert.Contains("A cost limit is set, but the price of test/scripted is not known, so it could not be kept.", _stage.Error.Take());
        Assert.Empty(model.Requests);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--max-month-cost", "1", "--allow-unpriced", "Work."));
    }

    [Fact]
    public async Task Where_somebody_is_there_the_limit_asks_when_settings_say_so()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "maxDayCost": 0, "whenSpent": "ask" }""");
        var asked = new List<string>();
        _stage.Adjust = request => request with { Approver = new TestApprover(answer: question => Note(asked, question.Question, asked.Count < 1 ? "stop" : "go on")) };
        Script(ScriptedReply.Text("Never."));
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "Work."));
        Script(ScriptedReply.Calls(("Glob", """{ "pattern": "*" }""")), ScriptedReply.Text("Done."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "Work."));

        // A yes holds for the session.
        Assert.Equal(2, asked.Count);
        Assert.Equal("The spending limit of $0 a day leaves no room for another request ($0 spent). Go on in this session all the same?", asked[0]);
    }

    [Fact]
    public async Task A_project_lowers_a_limit_and_raises_none_even_when_it_is_trusted()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "maxDayCost": 5 }""");
        _stage.Write("work/.bridle/settings.json", """{ "maxDayCost": 0 }""");
        Script(ScriptedReply.Text("Never."));
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "Work."));
        _stage.Write("home/.config/bridle/settings.json", """{ "maxDayCost": 0 }""");
        _stage.Write("work/.bridle/settings.json", """{ "maxDayCost": 5 }""");
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "--trust", "Work."));
        Assert.Contains("ignored maxDayCost (above your own 0): no project may set that", _stage.Error.Take());
    }

    private static string Note(List<string> asked, string question, string answer)
    {
        asked.Add(question);
        return answer;
    }

    private static ScriptedReply Dear(string text) => new(_ => [new ReplyFinished(new ModelReply([new TextPart(text)], StopReason.EndTurn, new Usage(100_000, 0, 0, 20, 0), "scripted"))]);

    private static ScriptedReply Silent(string text) => new(_ => [new ReplyFinished(new ModelReply([new TextPart(text)], StopReason.EndTurn, null, "scripted"))]);

    private ScriptedModel Script(params ScriptedReply[] replies)
    {
        var model = new ScriptedModel(replies) { Info = new("test", "scripted", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 1_000, Tools = Known.Yes, Price = new Price(10, 100) } };
        _stage.Model = model;
        return model;
    }
}
