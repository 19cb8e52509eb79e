using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Money that is spent beside the conversation: what was sent and broke off is counted as an estimate wherever money is shown or limited.</summary>
public sealed class MoneyBesideTests : IDisposable
{
    private const string Judge = """ "acceptance": [{ "judge": "It is good." }], "roles": { "judge": "other/b" } """;
    private const string Sensor = """ "sensors": { "define": { "look": { "prompt": "Is it good?" } } }, "roles": { "judge": "other/b" } """;
    private const string Guide = """ "guides": [{ "name": "advice", "prompt": "What is forgotten?" }], "roles": { "guide": "other/b" } """;
    private const string Review = """ "learningReview": true, "roles": { "reviewer": "other/b" } """;
    private const string Compactor = """ "roles": { "compactor": "other/b" }, "autoCompactAt": 0.5 """;

    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private static string Hook(string name) => $$""" "hooks": { "{{name}}": [{ "hooks": [{ "type": "prompt", "prompt": "Is it fine?", "timeout": 1 }] }] }, "roles": { "judge": "other/b" } """;

    [Theory]
    [InlineData("judge", Judge, 1)]
    [InlineData("judge", Sensor, 1)]
    [InlineData("guide", Guide, 1)]
    [InlineData("review", Review, 0)]
    [InlineData("compaction", Compactor, 1)]
    [InlineData("hook", "Stop", 1)]
    [InlineData("hook", "PreToolUse", 1)]
    [InlineData("hook", "SessionStart", 0)]
    public async Task What_an_interrupt_or_a_timeout_broke_off_is_counted_as_about_that(string purpose, string settings, int run)
    {
        // What is asked outside of turns is in no turn's receipt, but for the look back, which stands with the turn that it looks at.
        var isOfTurn = run is 1 || purpose is "review";
        // Whoever is asked beside the conversation says nothing; a person interrupts, where no time of its own runs out.
        await using var main = Main(purpose is "review" ? 10 : purpose is "hook" ? 1 : 2);
        await using var other = new FakeAnthropic
        {
            Script = (_, _) =>
            {
                if (purpose is not "hook")
                {
                    Assert.True(_stage.Interrupts.Request());
                }

                return new FakeTurn { Text = ["x"], Fault = new FakeFault.Stall { After = 0 } };
            },
        };
        Settings(main, other, purpose is "hook" ? Hook(settings) : settings, purpose is "compaction" ? 1_500 : 100_000);
        await _stage.RunAsync("run", "--session", "s", "--output", "json", "--mode", "acceptEdits", "--sandbox", "off", new string('x', purpose is "compaction" ? 3_200 : 1));

        var consulted = Assert.Single(Records("model_consulted"));
        Assert.Equal((purpose, "other/b", $"{run}"), (Text(consulted, "purpose"), Text(consulted, "model"), Text(consulted, "run")));
        var about = consulted.GetProperty("estimated_cost").GetDecimal();
        Assert.True(about > 0 && consulted.GetProperty("estimated_usage").GetProperty("input").GetInt64() > 10);
        Assert.False(consulted.TryGetProperty("usage", out _) || consulted.TryGetProperty("cost", out _));
        using (var result = JsonDocument.Parse(_stage.Out.Take()))
        {
            Assert.Equal(isOfTurn ? "estimated" : "measured", Text(result.RootElement, "usage_is"));
        }

        var finished = Assert.Single(Records("run_finished"));
        if (run is 1)
        {
            Assert.Equal((about, Known() + about), (finished.GetProperty("estimated_cost").GetDecimal(), finished.GetProperty("cost").GetDecimal()));
            Assert.Equal(consulted.GetProperty("estimated_usage").GetRawText(), finished.GetProperty("estimated_usage").GetRawText());
        }

        Assert.Equal(ExitCode.Done, await _stage.RunAsync("cost", "--by", "agent", "--json"));
        using (var cost = JsonDocument.Parse(_stage.Out.Take()))
        {
            Assert.Equal(about, cost.RootElement.GetProperty("lines").EnumerateArray().Single(line => Text(line, "key") == purpose).GetProperty("cost_estimated").GetDecimal());
            Assert.Equal(Known(), cost.RootElement.GetProperty("total").GetProperty("cost").GetDecimal());
        }

        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "list", "--output", "json"));
        using (var list = JsonDocument.Parse(_stage.Out.Take()))
        {
            Assert.Equal((Known(), about), (list.RootElement[0].GetProperty("cost").GetDecimal(), list.RootElement[0].GetProperty("cost_estimated").GetDecimal()));
        }

        Assert.Equal(ExitCode.Done, await _stage.RunAsync("runs", "show", "s/1"));
        var receipt = _stage.Out.Take();
        Assert.Equal(isOfTurn, System.Text.RegularExpressions.Regex.IsMatch(receipt, $@"other/b for {purpose}: about \d+ in / \d+ out tokens, about [<$]"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("runs", "show", "s/1", "--json"));
        using (var json = JsonDocument.Parse(_stage.Out.Take()))
        {
            Assert.Equal(isOfTurn, json.RootElement.TryGetProperty("usage_is", out var isAbout) && isAbout.GetString() is "estimated");
        }

        // And the next session has that much less.
        foreach (var limit in new[] { "--max-day-cost", "--max-month-cost", "--max-session-cost" })
        {
            _stage.Error.Take();
            string[] session = limit is "--max-session-cost" ? ["--resume", "s"] : [];
            await _stage.RunAsync(["run", .. session, limit, $"{Known() + (about / 2)}", "--settings", Write("plain.json", "{}"), "again"]);
            Assert.Matches(@"spending limit of .* leaves no room .*, \$[\d.]+ of it estimated, because the server did not say", _stage.Error.Take());
        }
    }

    [Fact]
    public async Task A_reply_that_is_cut_off_is_counted_for_each_time_that_it_was_sent_and_one_that_was_refused_is_not()
    {
        await using var main = Main(0);
        await using var other = new FakeAnthropic(
            new FakeTurn { Text = ["x"], Fault = new FakeFault.Cut { After = 0 } }, FakeTurn.Say("""{"met": false, "reason": "no"}"""));
        Settings(main, other, Judge);
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("run", "--session", "s", "task"));
        Assert.Equal([true, false], Records("model_consulted").ConvertAll(one => one.TryGetProperty("estimated_usage", out _)));

        await using var refusing = new FakeAnthropic(FakeTurn.Fail(400, "no"));
        Settings(main, refusing, Judge);
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("run", "--session", "t", "task"));
        Assert.Empty(Records("model_consulted", "t"));
        Assert.False(Records("run_finished", "t")[0].TryGetProperty("estimated_usage", out _));
    }

    [Fact]
    public async Task A_request_of_the_conversation_that_is_sent_again_counts_each_time_that_a_server_had_it()
    {
        var tries = 0;
        await using var main = new FakeOpenAiChat { Script = (_, _) => tries++ is 0 ? new FakeTurn { Text = ["x"], Fault = new FakeFault.Cut { After = 0 } } : FakeTurn.Say("Done.") };
        await using var other = new FakeAnthropic();
        Settings(main, other, """ "maxSteps": 9 """);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "s", "--output", "json", "task"));
        Assert.Equal("estimated", JsonDocument.Parse(_stage.Out.Take()).RootElement.GetProperty("usage_is").GetString());
        var again = Assert.Single(Records("model_consulted"));
        Assert.Equal(("retry", "main/a"), (Text(again, "purpose"), Text(again, "model")));
        var about = again.GetProperty("estimated_cost").GetDecimal();
        Assert.Equal(about + Known(), Records("run_finished")[0].GetProperty("cost").GetDecimal());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("cost", "--by", "agent"));
        Assert.Matches(@"\nretry +about [<$]", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "replay", "s"));

        // What a server refused was not paid for.
        tries = 0;
        await using var refusing = new FakeOpenAiChat { Script = (_, _) => tries++ is 0 ? FakeTurn.Fail(503, "busy") : FakeTurn.Say("Done.") };
        Settings(refusing, other, """ "maxSteps": 9 """);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "t", "task"));
        Assert.Equal(2, tries);
        Assert.Empty(Records("model_consulted", "t"));
        Assert.False(Records("run_finished", "t")[0].TryGetProperty("estimated_usage", out _));
    }

    [Fact]
    public async Task A_prompt_hook_spends_what_the_turn_may_spend_and_is_not_asked_beyond_that()
    {
        await using var main = Main(2);
        await using var other = new FakeAnthropic { Script = (_, _) => FakeTurn.Say("""{"ok": true}""") };
        Settings(main, other, Hook("PreToolUse"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "s", "--mode", "acceptEdits", "--sandbox", "off", "task"));
        var asked = Records("model_consulted");
        Assert.Equal(["1", "1"], asked.ConvertAll(one => Text(one, "run")));
        Assert.Equal(Known(), Records("run_finished")[0].GetProperty("cost").GetDecimal());

        // Room for the request and its closing one, but not for the hook's, whose model is a thousand times dearer.
        await using var again = Main(1);
        Settings(again, other, Hook("PreToolUse"), price: 1_000_000);
        await _stage.RunAsync("run", "--session", "t", "--mode", "acceptEdits", "--sandbox", "off", "--max-cost", "1000", "task");
        Assert.Empty(Records("model_consulted", "t"));
        Assert.Contains("its model was not asked, because the limit of $1000 leaves no room", Records("hook_ran", "t")[0].GetRawText(), StringComparison.Ordinal);
        Assert.Equal("denied", Text(Assert.Single(Records("tool_returned", "t")), "outcome"));
    }

    [Fact]
    public async Task A_limit_of_steps_keeps_no_judge_from_being_asked()
    {
        await using var main = Main(0);
        await using var other = new FakeAnthropic { Script = (_, _) => FakeTurn.Say("""{"met": true, "reason": "yes"}""") };
        Settings(main, other, Judge);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--max-steps", "1", "task"));
    }

    private FakeOpenAiChat Main(int calls)
    {
        var steps = 0;
        return new FakeOpenAiChat
        {
            Script = (_, _) => steps++ < calls ? FakeTurn.Call("Write", $$"""{"file_path":"a{{steps}}.txt","content":"{{new string('y', 600)}}"}""") : FakeTurn.Say("Done."),
        };
    }

    private void Settings(FakeVendor main, FakeVendor other, string keys, int window = 100_000, int price = 1_000) => _stage.Write("home/.config/bridle/settings.json", $$"""
        { "model": "main/a", {{keys}}, "prices": { "main/a": { "input": 1, "output": 1 }, "other/b": { "input": {{price}}, "output": {{price}} } }, "providers": {
            "main": { "api": "openai", "baseUrl": "{{main.Url}}", "apiKey": "k", "contextWindow": {{window}}, "maxOutputTokens": 200 },
            "other": { "api": "anthropic", "baseUrl": "{{other.Url}}", "apiKey": "k", "contextWindow": 200000 } } }
        """);

    private string Write(string file, string text)
    {
        _stage.Write(file, text);
        return _stage.PathOf(file);
    }

    private decimal Known() => Records("model_replied").Concat(Records("model_consulted")).Sum(one => one.TryGetProperty("cost", out var cost) ? cost.GetDecimal() : 0);

    private List<JsonElement> Records(string type, string session = "s") =>
    [
        .. Directory.EnumerateFiles(_stage.PathOf("home/.local/share/bridle/sessions"), $"session_{session}.jsonl").SelectMany(File.ReadLines)
            .Where(line => line.Contains($"\"type\":\"{type}\"", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line).RootElement),
    ];

    private static string? Text(JsonElement one, string field) => one.GetProperty(field).ValueKind is JsonValueKind.String ? one.GetProperty(field).GetString() : one.GetProperty(field).GetRawText();
}
