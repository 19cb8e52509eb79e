using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Receipts of turns, made anew from the logs.</summary>
public sealed class RunsCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_receipt_says_what_was_asked_done_spent_demanded_and_changed()
    {
        _stage.Write("work/old.txt", "one\n");
        _stage.Write("work/tests/a.test", "expect two\n");
        await RunAsync(["--accept-file", "new.txt", "--accept", "true", "--seal", "tests/**"], "Make it two.",
            ScriptedReply.Calls(("Read", """{ "file_path": "old.txt" }""")), Write("old.txt", "two\n"), Write("tests/a.test", "expect one\n"), ScriptedReply.Text("Done."), Write("new.txt", "x\n"), ScriptedReply.Text("All done."));
        var receipt = await ShowAsync("s/1");
        Assert.Equal(
            ("bridle.receipt.1", "s", "1", "Make it two.", "test/scripted", "acceptEdits", "completed", 5, 6),
            (Text(receipt, "format"), Text(receipt, "session"), Text(receipt, "run"), Text(receipt, "task"), Text(receipt, "model"), Text(receipt, "mode"), Text(receipt, "outcome"), (int)receipt["exit_code"]!, (int)receipt["steps"]!));
        Assert.Equal("""[{"tool":"Read","calls":1,"failed":0,"denied":0},{"tool":"Write","calls":3,"failed":0,"denied":1}]""", receipt["tools"]!.ToJsonString());
        Assert.Equal((600, 60, 0.012m, 6, 0), ((int)receipt["usage"]!["input"]!, (int)receipt["usage"]!["output"]!, (decimal)receipt["cost"]!, (int)receipt["requests"]!, (int)receipt["requests_without_price"]!));
        Assert.Equal(("accepted", 2, """["file new.txt exists","command \u0027true\u0027 succeeds"]"""), (Text(receipt["acceptance"]!, "verdict"), (int)receipt["acceptance"]!["rounds"]!, receipt["acceptance"]!["demanded"]!.ToJsonString()));
        Assert.Equal($$"""[{"path":"tests/a.test","hash":"{{Hash("expect two\n")}}","change":null}]""", receipt["sealed_files"]!.ToJsonString());
        Assert.Equal(
            $$"""[{"path":"{{_stage.Work}}/old.txt","before":"{{Hash("one\n")}}","after":"{{Hash("two\n")}}"},{"path":"{{_stage.Work}}/new.txt","before":null,"after":"{{Hash("x\n")}}"}]""", receipt["changed_files"]!.ToJsonString());
        Assert.StartsWith("[Permission denied]", Text(receipt["denied"]![0]!, "reason"));
        Assert.Equal("as_written", Text(receipt["log"]!, "state"));
        var lines = await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken);
        Assert.Equal(Hash(string.Concat(lines.Take((int)receipt["log"]!["to"]!).Select(line => line + "\n"))), Text(receipt["log"]!, "sha256"));
    }

    [Fact]
    public async Task The_name_of_a_tool_that_a_model_made_up_moves_nothing_on_the_terminal()
    {
        await RunAsync([], "Go.", ScriptedReply.Calls(("Ba\u001b]0;t\u0007\u001b[2J\u202e", "{}")), ScriptedReply.Text("Done."));
        _stage.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await _stage.RunAsync("runs", "show", "s/1"));
        Assert.DoesNotContain(_stage.Out.ToString() + _stage.Error, one => one is '\u001b' or '\u0007' or '\u202e');
        Assert.Contains("Ba␛]0;t␇", _stage.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cost_that_nobody_knows_is_not_nothing()
    {
        await RunAsync([], "Hi.", new ScriptedReply(_ => [new Models.ReplyFinished(new Messages.ModelReply([new Messages.TextPart("Hello.")], Messages.StopReason.EndTurn, null, "m"))]));
        var receipt = await ShowAsync("s/1");
        Assert.True(receipt.AsObject().ContainsKey("cost"));
        Assert.Null(receipt["cost"]);
        Assert.Null(receipt["models"]![0]!["cost"]);
        Assert.Equal(1, (int)receipt["requests_without_price"]!);
    }

    [Fact]
    public async Task The_digest_is_that_of_the_receipt_and_the_same_whenever_it_is_made_anew()
    {
        await RunAsync([], "Hi.", ScriptedReply.Text("Hello."));
        var first = await ShowAsync("s/1");
        await RunAsync([], "Again.", ScriptedReply.Text("Hello again."));
        var again = await ShowAsync("s/1");
        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        var digest = Text(first, "digest");
        first.AsObject().Remove("digest");
        Assert.Equal(digest, Hash(first.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })));
        Assert.NotEqual(digest, Text(await ShowAsync("s/2"), "digest"));
    }

    [Fact]
    public async Task What_was_demanded_and_never_looked_at_is_not_checked()
    {
        await RunAsync(["--accept-file", "gone.txt", "--max-steps", "1"], "Work.", ScriptedReply.Calls(("Glob", """{ "pattern": "*" }""")), ScriptedReply.Text("So far."));
        var receipt = await ShowAsync(null);
        Assert.Equal(("limit_reached", 4, "not_checked", 0), (Text(receipt, "outcome"), (int)receipt["exit_code"]!, Text(receipt["acceptance"]!, "verdict"), (int)receipt["acceptance"]!["rounds"]!));
        await RunAsync([], "Talk.", ScriptedReply.Text("Yes."));
        Assert.Equal("nothing_demanded", Text((await ShowAsync(null))["acceptance"]!, "verdict"));
        await RunAsync(["--accept-file", "gone.txt", "--settings", """{ "acceptanceRounds": 0 }"""], "Work.", ScriptedReply.Text("Done."));
        receipt = await ShowAsync("s");
        Assert.Equal(("not_accepted", 1, "not_accepted"), (Text(receipt, "outcome"), (int)receipt["exit_code"]!, Text(receipt["acceptance"]!, "verdict")));
    }

    [Theory]
    [InlineData("model_failed", 3)]
    [InlineData("crashed", 1)]
    public async Task A_turn_that_failed_has_the_exit_code_that_its_program_had(string outcome, int code)
    {
        await RunAsync([], "Hi.", ScriptedReply.Failure(ModelErrorKind.Connection));
        if (outcome is "crashed")
        {
            // The process died before the end was written.
            var lines = await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Log, string.Concat(lines[..^1].Select(line => line + "\n")), TestContext.Current.CancellationToken);
            var open = await ShowAsync("s/1");
            Assert.Equal((null, null, null), (Text(open, "outcome"), open["exit_code"], Text(open, "ended_at")));
            await RunAsync(["--accept-edits"], "Again.", ScriptedReply.Text("Here."));
            Assert.Equal("edited", Text((await ShowAsync("s/1"))["log"]!, "state"));
        }

        var receipt = await ShowAsync("s/1");
        Assert.Equal((outcome, code), (Text(receipt, "outcome"), (int)receipt["exit_code"]!));
    }

    [Fact]
    public async Task A_receipt_says_when_the_log_was_changed_afterwards()
    {
        await RunAsync([], "Hi.", ScriptedReply.Text("Hello."));
        await RunAsync([], "And?", ScriptedReply.Text("Nothing."));
        var before = await ShowAsync("s/1");
        var said = File.ReadLines(Log).TakeWhile(line => !line.Contains("\"Hello.\"", StringComparison.Ordinal)).Count() + 1;
        await File.WriteAllTextAsync(Log, (await File.ReadAllTextAsync(Log, TestContext.Current.CancellationToken)).Replace("\"Hello.\"", "\"Goodbye.\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var changed = await ShowAsync("s/1");
        Assert.Equal(("changed_outside", $"[{said}]"), (Text(changed["log"]!, "state"), changed["log"]!["changed"]!.ToJsonString()));
        Assert.NotEqual(Text(before["log"]!, "sha256"), Text(changed["log"]!, "sha256"));

        // Accepted, it is an edit; of a turn that came later it is none.
        await RunAsync(["--accept-edits"], "So?", ScriptedReply.Text("Well."));
        Assert.Equal(("edited", $"[{said}]"), (Text((await ShowAsync("s/1"))["log"]!, "state"), (await ShowAsync("s/1"))["log"]!["changed"]!.ToJsonString()));
        Assert.Equal("as_written", Text((await ShowAsync("s/3"))["log"]!, "state"));
        await _stage.RunAsync("runs", "show", "s/1");
        Assert.Contains($", edited: {said}\n", _stage.Out.Take());
    }

    [Fact]
    public async Task Turns_are_listed_the_latest_first_and_found_by_session_and_number()
    {
        await RunAsync([], "First task.", ScriptedReply.Text("One."));
        await RunAsync(["--accept-file", "gone.txt", "--settings", """{ "acceptanceRounds": 0 }"""], "Second task.", ScriptedReply.Text("Two."));
        Assert.Equal(0, await _stage.RunAsync("runs", "list"));
        var lines = _stage.Out.Take().Split('\n');
        Assert.Matches(@"^RUN +STARTED +OUTCOME +VERDICT +STEPS +COST +MODEL +TASK$", lines[0]);
        Assert.Matches(@"^s/2 +\d{4}-\d\d-\d\d \d\d:\d\d +not_accepted +not_accepted +1 +\$0\.002 +test/scripted +Second task\.$", lines[1]);
        Assert.Matches(@"^s/1 +\S+ \S+ +completed +- +1 +\$0\.002 +test/scripted +First task\.$", lines[2]);
        Assert.Equal(0, await _stage.RunAsync("runs", "list", "s", "--limit", "1", "--json"));
        Assert.Equal("2", Text(JsonNode.Parse(_stage.Out.Take())!.AsArray().Single()!, "run"));
        Assert.Equal(0, await _stage.RunAsync("runs", "show"));
        var shown = _stage.Out.Take();
        foreach (var text in new[] { "Run        s/2\n", "Task       Second task.\n", "Outcome    not_accepted, exit code 1, 1 step\n", "Spent      100 in / 10 out tokens, $0.002, 1 turn\n", "Verdict    not accepted\n           ✗ file gone.txt exists: There is no such file.\n", "as written\n" })
        {
            Assert.Contains(text, shown);
        }

        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("runs", "show", "s/9"));
        Assert.Contains("There is no turn 's/9'.", _stage.Error.Take());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("runs", "list", "nobody"));
    }

    private string Log => Directory.EnumerateFiles(_stage.PathOf("home"), "session_s.jsonl", SearchOption.AllDirectories).Single();

    private static ScriptedReply Write(string path, string text) => ScriptedReply.Calls(("Write", $$"""{ "file_path": {{Effects.SettingEffect.Quoted(path)}}, "content": {{Effects.SettingEffect.Quoted(text)}} }"""));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string? Text(JsonNode node, string field) => (string?)node[field];

    private async Task RunAsync(string[] flags, string task, params ScriptedReply[] replies)
    {
        _stage.Model = new ScriptedModel(replies) { Info = new("test", "scripted", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes, Price = new Price(10, 100) } };
        await _stage.RunAsync(["run", "--session", "s", "--mode", "acceptEdits", .. flags, task]);
        _ = (_stage.Out.Take(), _stage.Error.Take());
    }

    private async Task<JsonNode> ShowAsync(string? id)
    {
        Assert.Equal(0, await _stage.RunAsync(["runs", "show", .. id is null ? Array.Empty<string>() : [id], "--json"]));
        return JsonNode.Parse(_stage.Out.Take())!;
    }
}
