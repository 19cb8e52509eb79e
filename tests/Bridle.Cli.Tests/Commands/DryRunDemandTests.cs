using System.Text.Json;
using System.Text.RegularExpressions;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sandboxing;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>What a dry run shows of what holds a run beside its beginning, and of a session that goes on.</summary>
public sealed class DryRunDemandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public DryRunDemandTests()
    {
        _stage.Variables["ANTHROPIC_API_KEY"] = "sk-ant-secret-4711";
        _stage.Adjust = request => request with { Sandboxes = [new PretendSandbox()] };
    }

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Checks_sensors_seals_guides_and_what_is_spent_are_shown_as_text_and_as_json()
    {
        await SpendAsync(_stage);
        _stage.Write("work/tests/a.test", "x");
        _stage.Write("settings.json", """
            { "maxMonthCost": 50, "experienceEnabled": true, "sealedFiles": ["tests/**"], "acceptance": [ { "file": "done.md" } ], "sensors": { "define": { "lint": { "command": "eslint {files}" } } },
              "guides": [ { "name": "sql", "text": "Drop no column.", "when": { "task": "sql" } }, { "name": "all", "text": "Write short." } ] }
            """);
        string[] words = ["--settings", _stage.PathOf("settings.json"), "--model", "lab/m", "--accept", "npm test", "--max-day-cost", "5", "the sql", "task"];
        var run = await LookAsync(0, words);
        Assert.Equal("ready", run.GetProperty("verdict").GetString());
        Assert.Equal([("day", 5m, 1.002m), ("month", 50m, 1.002m)], run.GetProperty("spending").EnumerateArray().Select(one => (one.GetProperty("span").GetString(), one.GetProperty("limit").GetDecimal(), one.GetProperty("spent").GetDecimal())));
        Assert.Equal(
            ["check file done.md exists", "check command 'npm test' succeeds", "sealed tests/**", "sensor lint: eslint {files}"],
            run.GetProperty("controls").EnumerateArray().Select(one => $"{one.GetProperty("kind")} {one.GetProperty("what")}"));
        Assert.Equal(["sql True", "all True", "experience True"], run.GetProperty("guides").EnumerateArray().Select(one => $"{one.GetProperty("name")} {one.GetProperty("fits_task")}"));

        _stage.Out.Take();
        await _stage.RunAsync(["run", "--dry-run", .. words[..^2], "other"]);
        var said = Regex.Replace(_stage.Out.Take(), @"\n {13}", " ");
        foreach (var part in new[] { "$5 a day, $1.002 of it spent", "$50 a month, $1.002 of it spent", "checks       file done.md exists", "command 'npm test' succeeds (flag)", "sealed       tests/**", "sensors      lint: eslint {files}", "guides       sql: text", "; not for this task", "experience: episodes" })
        {
            Assert.Contains(part, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_look_back_at_long_work_is_named_with_its_model_and_whether_it_can_be_paid_for()
    {
        Task<JsonElement> SeenAsync(int exit, string settings, params string[] words)
        {
            _stage.Write("settings.json", settings);
            return LookAsync(exit, ["--settings", _stage.PathOf("settings.json"), "--model", "anthropic/claude-haiku-4-5", .. words, "task"]);
        }

        async Task<string> TextAsync(params string[] words)
        {
            _stage.Out.Take();
            await _stage.RunAsync([.. words]);
            return Regex.Replace(_stage.Out.Take(), @"\s+", " ");
        }

        _stage.Write("home/.config/bridle/settings.json", """{ "prices": { "anthropic/claude-haiku-4-5": { "input": 1, "output": 5 } } }""");
        const string reviewer = """{ "learningReview": true, "roles": { "reviewer": "lab/unpriced" }, "providers": { "lab": { "api": "openai", "baseUrl": "http://127.0.0.1:9/v1" } } }""";
        Assert.Equal(JsonValueKind.Null, (await SeenAsync(0, """{ "roles": { "reviewer": "anthropic/claude-opus-4-5" } }""")).GetProperty("review").ValueKind);

        var own = (await SeenAsync(0, """{ "learningReview": true }""")).GetProperty("review");
        Assert.Equal(("anthropic/claude-haiku-4-5", true, null), (own.GetProperty("model").GetString(), own.GetProperty("has_price").GetBoolean(), own.GetProperty("why_not").GetString()));

        var free = (await SeenAsync(0, reviewer)).GetProperty("review");
        Assert.Equal(("lab/unpriced", false, null), (free.GetProperty("model").GetString(), free.GetProperty("has_price").GetBoolean(), free.GetProperty("why_not").GetString()));
        Assert.Contains("review lab/unpriced (price not known) looks back at work of at least 10 calls and keeps notes", await TextAsync("context", "show", "--settings", _stage.PathOf("settings.json")).ContinueWith(text => Regex.Replace(text.Result, "review 0 0 ", "review "), TaskScheduler.Default), StringComparison.Ordinal);

        // As the run does it: the session's own model looks back in its place.
        var limited = await SeenAsync(0, reviewer, "--max-cost", "1");
        var taken = limited.GetProperty("review");
        Assert.Equal(("anthropic/claude-haiku-4-5", true, null, "lab/unpriced"), (taken.GetProperty("model").GetString(), taken.GetProperty("has_price").GetBoolean(), taken.GetProperty("why_not").GetString(), taken.GetProperty("not_asked").GetString()));
        Assert.Contains("the price of lab/unpriced is not known", taken.GetProperty("why_not_asked").GetString(), StringComparison.Ordinal);
        Assert.Contains("prices[\"lab/unpriced\"]", taken.GetProperty("why_not_asked").GetString(), StringComparison.Ordinal);
        Assert.Contains("review anthropic/claude-haiku-4-5 (price known, in place of lab/unpriced) looks back at work of at least 10 calls and keeps notes, with 6 replies at most; lab/unpriced is not asked: A cost limit is set, but the price of lab/unpriced is not known",
            await TextAsync("run", "--dry-run", "--settings", _stage.PathOf("settings.json"), "--model", "anthropic/claude-haiku-4-5", "--max-cost", "1", "task"), StringComparison.Ordinal);

        foreach (var (setting, why) in new[] { ("\"autoMemoryEnabled\": false", "autoMemoryEnabled"), ("\"permissions\": { \"deny\": [\"Remember\"] }", "denies Remember"), ("\"permissions\": { \"defaultMode\": \"plan\" }", "plan mode") })
        {
            Assert.Contains(why, (await SeenAsync(0, $$"""{ "learningReview": true, {{setting}} }""")).GetProperty("review").GetProperty("why_not").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_session_that_goes_on_is_shown_with_the_beginning_that_it_has()
    {
        _stage.Write("work/AGENTS.md", "Old.");
        await MakeSessionAsync("old");
        _stage.Write("work/AGENTS.md", new string('n', 5_000));
        var run = await LookAsync(0, "--resume", "old", "--system-prompt", "Be another.", "task");
        Assert.True(run.GetProperty("frozen").GetBoolean());
        var parts = run.GetProperty("context").EnumerateArray().ToList();
        Assert.True(parts.Single(part => part.GetProperty("kind").GetString() == "instructions").GetProperty("bytes").GetInt32() < 200);
        Assert.Equal("bridle", parts.Single(part => part.GetProperty("kind").GetString() == "system").GetProperty("source").GetString());
        Assert.EndsWith("AGENTS.md", run.GetProperty("changed")[0].GetString());
        Assert.False((await LookAsync(0, "task")).GetProperty("frozen").GetBoolean());

        // The run itself says so, and sends what it began with.
        _stage.Model = new ScriptedModel(ScriptedReply.Text("Done."));
        await _stage.RunAsync("run", "--sandbox", "off", "--resume", "old", "--system-prompt", "Be another.", "task");
        Assert.Contains("--system-prompt has no effect: the session goes on with the beginning that it was started with. Start a new session for it.", _stage.Error.Take());
        Assert.DoesNotContain("Be another.", ((ScriptedModel)_stage.Model).Requests[0].System, StringComparison.Ordinal);
        _stage.Model = new ScriptedModel(ScriptedReply.Text("Done."));
        await _stage.RunAsync("run", "--sandbox", "off", "--session", "new", "--system-prompt", "Be another.", "task");
        _stage.Model = new ScriptedModel(ScriptedReply.Text("Done."));
        await _stage.RunAsync("run", "--sandbox", "off", "--continue", "--system-prompt", "Be another.", "task");
        Assert.DoesNotContain("has no effect", _stage.Error.Take());
    }

    [Theory]
    [InlineData("""{ "mcpServers": { "a": { "command": "sh" }, "b": { "command": "./tool.sh" }, "c": { "type": "http", "url": "https://x.example/mcp" }, "d": { "command": "${SHELL_NAME:-sh}" } } }""", "")]
    [InlineData("""{ "mcpServers": { "a": { "command": "./none.sh" } } }""", "there is no program ./none.sh")]
    [InlineData("""{ "mcpServers": { "a": { "command": "${UNSET_ONE}/x" } } }""", "the variable UNSET_ONE is not set")]
    [InlineData("""{ "mcpServers": { "a": { "url": "nowhere" } } }""", "'nowhere' is no address")]
    [InlineData("""{ "mcpServers": { "a": 3 } }""", "it names neither a program")]
    [InlineData("""[]""", "has no object 'mcpServers'")]
    public async Task Tool_servers_are_looked_at_without_starting_any_and_only_in_a_trusted_folder(string file, string problem)
    {
        _stage.Write("work/tool.sh", "");
        _stage.Write("work/.mcp.json", file);
        var said = string.Concat((await LookAsync(0, "--trust", "task")).GetProperty("findings").EnumerateArray().Select(one => one.GetProperty("text").GetString()));
        Assert.True(problem.Length is 0 ? said.Length is 0 : said.Contains(problem, StringComparison.Ordinal), said);

        // Of a stranger's file no more than its names.
        var stranger = string.Concat((await LookAsync(0, "task")).GetProperty("findings").EnumerateArray().Where(one => one.GetProperty("kind").GetString() == "mcp").Select(one => one.GetProperty("text").GetString()));
        Assert.Contains(file is "[]" ? problem : "which a session does not use yet, in a trusted folder or another one.", stranger, StringComparison.Ordinal);
        Assert.DoesNotContain((await LookAsync(0, "task")).GetProperty("findings").EnumerateArray(), one => one.GetProperty("kind").GetString() == "mcp" && one.GetProperty("next").GetString()!.Contains("lets", StringComparison.Ordinal));
        Assert.Equal(file is "[]", stranger.Contains(problem.Length is 0 ? "no program" : problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "mcpServers": { "a": {}, "b\u001b[2J\nc": {} } }""", "work/.mcp.json names 2 tool servers (a, b?[2J c), which a session does not use yet, in a trusted folder or another one.")]
    [InlineData("""{ "mcpServers": { "a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "f": {}, "g": {} } }""", "work/.mcp.json names 7 tool servers (a, b, c, d, e, …), which a session does not use yet, in a trusted folder or another one.")]
    [InlineData("""{ "mcpServers": { "a": {} } }""", "work/.mcp.json names 1 tool server (a), which a session does not use yet, in a trusted folder or another one.")]
    [InlineData("""{ "mcpServers": {} }""", "")]
    [InlineData("{ oops", "work/.mcp.json is no JSON (line 1).")]
    public async Task Tool_servers_of_a_folder_that_is_not_trusted_are_named(string file, string text)
    {
        _stage.Write("work/.mcp.json", file);
        var said = (await LookAsync(0, "task")).GetProperty("findings").EnumerateArray().Select(one => one.GetProperty("text").GetString()!).ToList();
        Assert.True(text.Length is 0 ? said.Count is 0 : Assert.Single(said).EndsWith(text, StringComparison.Ordinal), string.Concat(said));
    }

    [Fact]
    public async Task What_a_variable_holds_is_not_shown_where_a_tool_server_names_it()
    {
        _stage.Write("work/.mcp.json", """{ "mcpServers": { "a": { "command": "${ANTHROPIC_API_KEY}" } } }""");
        var said = (await LookAsync(0, "--trust", "task")).GetProperty("findings").GetRawText();
        Assert.Contains("there is no program ${ANTHROPIC_API_KEY}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-cost 0.000001", "Raise the limit: it holds for each turn by itself, so that waiting changes nothing.")]
    [InlineData("--resume old --max-session-cost 0.3", "Raise the limit, or start a new session: a session's limit never begins anew.")]
    [InlineData("--max-day-cost 0.3", "Raise the limit, or wait until the next day begins.")]
    [InlineData("--max-month-cost 0.3", "Raise the limit, or wait until the next month begins.")]
    public async Task Only_a_limit_that_begins_anew_is_to_be_waited_for(string flags, string next)
    {
        await SpendAsync(_stage);
        var finding = (await LookAsync(2, [.. flags.Split(' '), "--model", "lab/m", "task"])).GetProperty("findings").EnumerateArray().Single(one => one.GetProperty("kind").GetString() == "limit");
        Assert.Equal(next, finding.GetProperty("next").GetString());
    }

    /// <summary>A session of the name "old" that spent $1.002 with the model lab/m, whose price settings know.</summary>
    internal static async Task SpendAsync(CliStage stage)
    {
        stage.Write("home/.config/bridle/settings.json", """{ "providers": { "lab": { "api": "openai", "baseUrl": "http://127.0.0.1:9/v1", "apiKey": "k" } }, "prices": { "lab/m": { "input": 10, "output": 100 } } }""");
        stage.Model = new ScriptedModel(new ScriptedReply(_ => [new ReplyFinished(new ModelReply([new TextPart("Done.")], StopReason.EndTurn, new Usage(100_000, 0, 0, 20, 0), "m"))]))
        {
            Info = new("lab", "m", "scripted") { Price = new Price(10, 100), Tools = Known.Yes },
        };
        Assert.Equal(0, await stage.RunAsync("run", "--sandbox", "off", "--session", "old", "hello"));
        stage.Model = null;
    }

    private async Task<JsonElement> LookAsync(int code, params string[] words)
    {
        _stage.Out.Take();
        Assert.True(code == await _stage.RunAsync(["run", "--dry-run", "--output-format", "json", .. words]), $"{_stage.Out}{_stage.Error}");
        using var document = JsonDocument.Parse(_stage.Out.ToString());
        return document.RootElement.Clone();
    }

    private async Task MakeSessionAsync(string name)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("Hello."));
        Assert.Equal(0, await _stage.RunAsync("run", "--sandbox", "off", "--session", name, "hello"));
        _stage.Model = null;
    }
}
