using System.Text.Json;
using Bridle.FakeVendors;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>The look back at long work, as <c>bridle run</c> makes it.</summary>
public sealed class LearningReviewTests : IDisposable
{
    private readonly CliStage _stage = new();

    public LearningReviewTests() => Settings("""{ "learningReview": true }""");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task After_ten_calls_a_model_looks_back_with_the_tools_for_notes_only_and_what_it_keeps_is_said_and_counted()
    {
        var model = Work(10, ScriptedReply.Calls(("ListMemory", "{}")), Keep("build"), ScriptedReply.Text("I kept how it is built."));

        Assert.Equal(0, await _stage.RunAsync("run", "--session", "s", "Look at everything."));

        Assert.Equal(14, model.Requests.Count);
        var review = model.Requests[^1];
        Assert.Equal(["Forget", "ListMemory", "ReadMemory", "Remember"], review.Tools.Select(tool => tool.Name));
        Assert.StartsWith("You look back at the work of another agent", review.System, StringComparison.Ordinal);
        Assert.Contains("agent calls Glob:", model.Requests[11].Messages.Single().Text, StringComparison.Ordinal);
        Assert.Contains("person: Look at everything.", model.Requests[11].Messages.Single().Text, StringComparison.Ordinal);
        Assert.Contains("Learned: Kept as build (project).", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("All seen.\n", _stage.Out.ToString());
        Assert.True(File.Exists(Directory.EnumerateFiles(_stage.PathOf("home/.local/share/bridle/memory"), "build.md", SearchOption.AllDirectories).Single()));

        Assert.Equal(3, Lines("model_consulted").Count());
        using var consulted = JsonDocument.Parse(Lines("model_consulted").Last());
        Assert.Equal("review", consulted.RootElement.GetProperty("purpose").GetString());
        var hash = consulted.RootElement.GetProperty("log").GetString()!;
        var log = File.ReadAllText(Directory.EnumerateFiles(_stage.PathOf("home/.local/share/bridle"), hash, SearchOption.AllDirectories).Single());
        Assert.Contains("\"tool\":\"Remember\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Lines("tool_started"), line => line.Contains("Remember", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_nine_calls_or_without_the_setting_nobody_looks_back()
    {
        var nine = Work(9);
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal(10, nine.Requests.Count);

        Settings("{}");
        var off = Work(10);
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal(11, off.Requests.Count);
    }

    [Fact]
    public async Task A_review_that_fails_leaves_the_outcome_as_it_is()
    {
        Work(10, ScriptedReply.Failure(ModelErrorKind.BadRequest));
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal("All seen.\n", _stage.Out.ToString());
        Assert.Contains("The look back at the work came to nothing", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_review_asks_six_times_at_most_with_its_last_words()
    {
        var model = Work(10, [.. Enumerable.Range(0, 8).Select(n => Keep($"n{n}"))]);
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal(11 + 6, model.Requests.Count);
        Assert.DoesNotContain("came to nothing", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_rules_deny_stays_denied_for_a_review()
    {
        Settings("""{ "learningReview": true, "permissions": { "deny": ["Remember"] } }""");
        var model = Work(10, Keep("build"), ScriptedReply.Text("It was denied."));
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.DoesNotContain(model.Requests[^1].Tools, tool => tool.Name is "Remember");
        Assert.DoesNotContain("Learned", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_stage.PathOf("home/.local/share/bridle/memory")) && Directory.EnumerateFiles(_stage.PathOf("home/.local/share/bridle/memory"), "build.md", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public async Task Hooks_hear_of_its_beginning_and_end_and_of_its_calls_and_not_as_of_a_session_of_its_own()
    {
        var log = _stage.PathOf("heard.txt");
        _stage.Write("start.sh", "grep -o '\"agent_type\":\"[^\"]*' >> \"$1\"\necho '{\"hookSpecificOutput\":{\"hookEventName\":\"SubagentStart\",\"additionalContext\":\"Notes are in German here.\"}}'\n");
        _stage.Write("stop.sh", "tee -a \"$1\" | grep -q '\"stop_hook_active\":true' || { echo 'Keep one more.' >&2; exit 2; }\n");
        string Hook(string name, string command, string matcher = "") => $$"""  "{{name}}":[{"matcher":"{{matcher}}","hooks":[{"command":"{{command}}"}]}]""";
        string[] hooks =
        [
            Hook("SubagentStart", $"sh {_stage.PathOf("start.sh")} {log}", "learning review"), Hook("SubagentStop", $"sh {_stage.PathOf("stop.sh")} {log}.stop"),
            Hook("PreToolUse", $"echo remember >> {log}", "Remember"), Hook("Stop", $"echo stop >> {log}"), Hook("UserPromptSubmit", $"echo prompt >> {log}"),
        ];
        Settings($$"""{ "learningReview": true, "hooks": { {{string.Join(',', hooks)}} } }""");
        var model = Work(10, Keep("build"), ScriptedReply.Text("Kept."), ScriptedReply.Text("There is no more."));

        Assert.Equal(0, await _stage.RunAsync("run", "task"));

        Assert.Equal(["prompt", "stop", "\"agent_type\":\"learning review", "remember"], File.ReadAllLines(log));
        Assert.StartsWith("Notes are in German here.", model.Requests[11].Messages[0].Text, StringComparison.Ordinal);
        Assert.Contains("A hook says that you are not done: Keep one more.", model.Requests[^1].Messages[^1].Text, StringComparison.Ordinal);
        Assert.Contains("\"last_assistant_message\":\"Kept.\"", File.ReadAllText(log + ".stop"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_turn_may_cost_and_what_sessions_may_holds_for_the_review_as_well()
    {
        // A reply costs $0.001, and what another one may cost must be left each time: with a limit of its own the review would ask six times.
        foreach (var limit in new[] { "--max-cost", "--max-session-cost" })
        {
            var model = Work(new Price(0m, 100m), 10, [.. Enumerable.Range(0, 8).Select(n => Keep($"n{n}"))]);
            Assert.Equal(0, await _stage.RunAsync("run", limit, "0.14", "task"));
            Assert.InRange(model.Requests.Count, 12, 15);
        }
    }

    [Fact]
    public async Task A_reviewer_without_a_price_is_not_asked_where_money_is_limited_and_the_sessions_own_model_looks_back()
    {
        var (steps, asked, reviews) = (0, 0, 0);
        await using var main = new FakeOpenAiChat { Script = (_, body) => body.GetRawText().Contains("You look back", StringComparison.Ordinal) && ++reviews > 0 ? FakeTurn.Say("Nothing.") : steps++ < 10 ? FakeTurn.Call("Glob", $$"""{"pattern":"x{{steps}}*"}""") : FakeTurn.Say("All seen.") };
        await using var other = new FakeAnthropic { Script = (_, _) => { asked++; return FakeTurn.Say("Nothing."); } };
        Settings($$"""
            { "learningReview": true, "model": "main/a", "roles": { "reviewer": "other/b" }, "prices": { "main/a": { "input": 0.1, "output": 0.1 } }, "providers": {
                "main": { "api": "openai", "baseUrl": "{{main.Url}}", "apiKey": "k", "contextWindow": 100000, "maxOutputTokens": 200 },
                "other": { "api": "anthropic", "baseUrl": "{{other.Url}}", "apiKey": "k", "contextWindow": 200000 } } }
            """);
        Assert.Equal(0, await _stage.RunAsync("run", "--max-cost", "9", "task"));
        Assert.Equal((0, 1), (asked, reviews));
        Assert.Contains("the price of other/b is not known", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_it_and_what_it_took_and_kept_until_then_is_said_and_written_down()
    {
        Work(10, Keep("build"), ScriptedReply.Text("Never said.").After((_, cancel) =>
        {
            Assert.True(_stage.Interrupts.Request());
            return Task.Delay(Timeout.Infinite, cancel);
        }));
        Assert.Equal(0, await _stage.RunAsync("run", "--session", "s", "task"));
        Assert.Equal("All seen.\n", _stage.Out.ToString());
        Assert.Contains("Learned: Kept as build (project).", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("The look back at the work ended early: it was interrupted", _stage.Error.ToString(), StringComparison.Ordinal);
        // What was on its way may be billed, also where nobody knows the price.
        Assert.Equal([false, true], Lines("model_consulted").Select(line => line.Contains("\"estimated_usage\":{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task In_plan_mode_and_for_the_notes_of_all_projects_it_does_nothing()
    {
        var planned = Work(10);
        await _stage.RunAsync("run", "--mode", "plan", "task");
        Assert.Equal(11, planned.Requests.Count);

        Work(10, ScriptedReply.Calls(("Remember", """{"name":"mine","description":"d","text":"t","scope":"user"}""")), ScriptedReply.Text("No."));
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.DoesNotContain("Learned", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_for_a_program_comes_after_the_review()
    {
        Work(10, ScriptedReply.Text("Nothing."));
        Assert.Equal(0, await _stage.RunAsync("run", "--output", "events", "task"));
        Assert.Contains("\"type\":\"result\"", _stage.Out.ToString().TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Contains("model_consulted", _stage.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_takes_is_a_line_of_its_own_and_in_the_sums_of_the_receipt_and_of_the_usage_line()
    {
        foreach (var output in new[] { "text", "json" })
        {
            Work(new Price(0m, 100m), 10, Keep("build"), ScriptedReply.Text("Kept."));
            Assert.Equal(0, await _stage.RunAsync("run", "--session", $"{output}s", "--output", output, "task"));
            var (said, answer) = (_stage.Error.Take(), _stage.Out.Take());
            var (turn, review) = (Tokens(Lines("model_replied", $"{output}s")), Tokens(Lines("model_consulted", $"{output}s")));
            Assert.NotEqual(0, review);
            Assert.Matches($@"\[look back: \d+ in / {review} out tokens, \$[0-9.]+, 2 replies, test/scripted; with the turn: \d+ in / {turn + review} out tokens, \$[0-9.]+\]", said);

            Assert.Equal(0, await _stage.RunAsync("runs", "show", $"{output}s/1"));
            var shown = _stage.Out.Take();
            Assert.Contains($"/ {turn + review} out tokens", shown, StringComparison.Ordinal);
            Assert.Matches($@"test/scripted for review: \d+ in / {review} out tokens, \$[0-9.]+, 2 requests", shown);
            Assert.Matches($@"Log +records \d+ to {LastReviewed($"{output}s")}, as written", shown);
            if (output is "json")
            {
                using var result = JsonDocument.Parse(answer);
                Assert.Equal(turn + review, result.RootElement.GetProperty("usage").GetProperty("output").GetInt64());
                Assert.Equal(review, result.RootElement.GetProperty("review").GetProperty("usage").GetProperty("output").GetInt64());
                Assert.Equal(review / 10_000m, result.RootElement.GetProperty("review").GetProperty("cost").GetDecimal());
                Assert.Equal((turn + review) / 10_000m, result.RootElement.GetProperty("cost").GetDecimal());
            }
        }
    }

    [Fact]
    public async Task A_conversation_with_a_program_is_looked_back_at_when_its_input_has_ended()
    {
        var model = Work(10, Keep("build"), ScriptedReply.Text("Kept."));
        _stage.Input = """{"type":"user_spoke","text":"Look at everything."}""";
        Assert.Equal(0, await _stage.RunAsync("run", "--session", "s", "--input", "events", "--output", "events"));
        Assert.Equal(13, model.Requests.Count);
        Assert.Equal(2, Lines("model_consulted").Count());
        Assert.Contains("Learned: Kept as build (project).", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("[look back: ", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    private static long Tokens(IEnumerable<string> lines) => lines.Sum(line =>
    {
        using var record = JsonDocument.Parse(line);
        var root = record.RootElement;
        return (root.TryGetProperty("usage", out var usage) ? usage : root.GetProperty("reply").GetProperty("usage")).GetProperty("output").GetInt64();
    });

    private long LastReviewed(string session)
    {
        using var record = JsonDocument.Parse(Lines("model_consulted", session).Last());
        return record.RootElement.GetProperty("n").GetInt64();
    }

    private ScriptedModel Work(int calls, params ScriptedReply[] review) => Work(null, calls, review);

    private ScriptedModel Work(Price? price, int calls, params ScriptedReply[] review)
    {
        var model = new ScriptedModel([.. Enumerable.Range(1, calls).Select(n => ScriptedReply.Calls(("Glob", $$"""{"pattern":"x{{n}}*"}"""))), ScriptedReply.Text("All seen."), .. review])
        {
            Info = new("test", "scripted", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes, Price = price },
        };
        _stage.Model = model;
        return model;
    }

    private static ScriptedReply Keep(string name) => ScriptedReply.Calls(("Remember", $$"""{"name":"{{name}}","description":"How {{name}} goes, number {{name.Length}}","text":"Run ninja for {{name}}."}"""));

    private void Settings(string text) => _stage.Write("home/.config/bridle/settings.json", text);

    private IEnumerable<string> Lines(string type, string session = "s") =>
        Directory.EnumerateFiles(_stage.PathOf("home/.local/share/bridle/sessions"), $"*{session}.jsonl").SelectMany(File.ReadLines).Where(line => line.Contains($"\"type\":\"{type}\"", StringComparison.Ordinal));
}
