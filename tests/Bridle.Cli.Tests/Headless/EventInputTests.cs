using System.Text.Json;
using Bridle.Cli.Headless;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Headless;

/// <summary>A conversation between programs: events in, events out.</summary>
public sealed class EventInputTests : IDisposable
{
    private readonly CliStage _stage = new();
    private readonly FedLines _lines = new();

    public void Dispose() => _stage.Dispose();

    private Task<int> StartAsync(params string[] arguments)
    {
        _stage.LiveInput = _lines;
        return _stage.RunAsync(["run", "--input", "events", "--output", "events", "--sandbox", "off", .. arguments]);
    }

    private List<JsonElement> Lines => [.. _stage.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private List<JsonElement> Results => [.. Lines.Where(line => line.GetProperty("type").GetString() == "result")];

    private JsonElement Event(string type) => Lines.Last(line => line.GetProperty("type").GetString() == type);

    private static string Text(JsonElement line, string field) => line.GetProperty(field).GetString()!;

    [Fact]
    public async Task Each_message_is_a_turn_and_each_turn_ends_with_its_result()
    {
        var model = new ScriptedModel(ScriptedReply.Text("one"), ScriptedReply.Text("two"), ScriptedReply.Text("three"));
        _stage.Model = model;
        _lines.Say("""{"type":"user_spoke","text":"first"}""").Say("").Say("""{"type":"user_spoke","parts":[{"type":"text","text":"second"}],"message_id":"m-2","n":7,"kind":"recorded"}""")
            .Say("""{"type":"user_spoke","text":"again","message_id":"m-2"}""").Say("""{"type":"user_spoke","text":"third"}""").End();
        Assert.Equal(0, await StartAsync());
        Assert.Equal(["one", "two", "two", "three"], Results.Select(result => Text(result, "answer")));
        Assert.Equal(["first", "one", "second", "two", "third"], model.Requests[^1].Messages.Select(message => message.Text));
        Assert.Equal("result", Text(Lines[^1], "type"));
    }

    [Fact]
    public async Task What_must_be_asked_is_asked_and_answered_by_its_id()
    {
        _stage.Model = new ScriptedModel(
            ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}""")), ScriptedReply.Calls(("Write", """{"file_path":"b.txt","content":"x"}""")),
            ScriptedReply.Calls(("AskUser", """{"question":"Which colour?"}""")), ScriptedReply.Text("done"));
        var running = StartAsync("write them");
        await _stage.Out.WaitForAsync("\"type\":\"approval_requested\"");
        _lines.Say($$"""{"type":"approval_given","id":"nobody","verdict":"allow"}""").Say($$"""{"type":"approval_given","id":"{{Text(Event("approval_requested"), "id")}}","verdict":"allow"}""");
        await _stage.Out.WaitForAsync("\"type\":\"approval_requested\"", 2);
        _lines.Say($$"""{"type":"approval_given","id":"{{Text(Event("approval_requested"), "id")}}","verdict":"deny","reason":"not that one"}""");
        await _stage.Out.WaitForAsync("\"type\":\"question_asked\"");
        _lines.Say($$"""{"type":"question_answered","id":"{{Text(Event("question_asked"), "id")}}","answer":"deep blue"}""").End();
        Assert.Equal(ExitCode.Denied, await running);
        Assert.Equal((true, false), (File.Exists(Path.Combine(_stage.Work, "a.txt")), File.Exists(Path.Combine(_stage.Work, "b.txt"))));
        var shown = _stage.Out.ToString();
        Assert.Contains("approval_given: nothing waits for 'nobody'.", shown);
        Assert.Contains("not that one", shown);
        Assert.Contains("deep blue", Text(Lines.Last(line => Text(line, "type") == "question_answered"), "answer"));
    }

    [Fact]
    public async Task When_the_input_has_ended_nobody_is_there_to_answer()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}""")), ScriptedReply.Text("left out"));
        var running = StartAsync("write it");
        await _stage.Out.WaitForAsync("\"type\":\"approval_requested\"");
        _lines.End();
        Assert.Equal(ExitCode.Denied, await running);
        Assert.Equal("left out", Text(Results.Single(), "answer"));
    }

    [Fact]
    public async Task A_turn_is_steered_and_interrupted_while_it_runs_and_the_conversation_goes_on()
    {
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Ls", "{}")).After((_, _) =>
            {
                // Lines are taken in their order: when the last one is answered, the first is there for the next step.
                _lines.Say("""{"type":"user_steered","text":"look at the moon too"}""").Say("""{"type":"mode_changed","to":"plan"}""").Say("""{"type":"approval_given","id":"marker","verdict":"deny"}""");
                return _stage.Out.WaitForAsync("nothing waits for 'marker'");
            }),
            ScriptedReply.Text("never").After(async (_, cancellationToken) =>
            {
                _lines.Say("""{"type":"turn_interrupted"}""");
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }),
            ScriptedReply.Text("still here"));
        _stage.Model = model;
        var running = StartAsync("first");
        await _stage.Out.WaitForAsync("\"type\":\"result\"");
        _lines.Say("""{"type":"turn_interrupted"}""").Say("""{"type":"user_spoke","text":"second"}""").End();
        Assert.Equal(0, await running);
        Assert.Equal([("interrupted", 130), ("completed", 0)], Results.Select(result => (Text(result, "outcome"), result.GetProperty("exit_code").GetInt32())));
        Assert.Contains("turn_interrupted: no turn runs.", _stage.Out.ToString());
        Assert.Contains(model.Requests[^1].Messages.SelectMany(message => message.Parts).OfType<TextPart>(), part => part.Text == "look at the moon too");
        Assert.Contains("\"type\":\"mode_changed\"", _stage.Out.ToString());
    }

    [Fact]
    public async Task What_cannot_be_changed_is_told_as_an_event_and_the_rest_goes_on()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("ok"));
        _lines.Say("""{"type":"mode_changed","to":"bypass"}""").Say("""{"type":"mode_changed","to":"yolo"}""").Say("""{"type":"model_changed","to":"nonsense/x"}""").Say("""{"type":"user_steered","text":"hi"}""").End();
        Assert.Equal(0, await StartAsync());
        var told = Lines.Where(line => Text(line, "type") == "notice_shown").Select(line => Text(line, "text")).ToList();
        Assert.Equal(3, told.Count);
        Assert.Equal("mode_changed: The mode bypass is taken from the command line only.", told[0]);
        Assert.Equal("mode_changed: There is no mode 'yolo'.", told[1]);
        Assert.StartsWith("model_changed: ", told[2], StringComparison.Ordinal);
        Assert.Equal("ok", Text(Results.Single(), "answer"));
    }

    [Theory]
    [InlineData("hello", "it is not JSON")]
    [InlineData("[1]", "it is not a JSON object")]
    [InlineData("{}", "it has no type")]
    [InlineData("""{"type":"user_shouted"}""", "'user_shouted' is not one of user_spoke, ")]
    [InlineData("""{"type":"user_spoke","text":" "}""", "user_spoke needs text")]
    [InlineData("""{"type":"user_spoke","parts":[{"type":"image"}]}""", "user_spoke needs text")]
    [InlineData("""{"type":"approval_given","id":"a","verdict":"maybe"}""", "verdict, which is allow or deny")]
    [InlineData("""{"type":"approval_given","id":"a","verdict":"allow","scope":"forever"}""", "scope of approval_given is once, session, project or always")]
    [InlineData("""{"type":"question_answered","id":"a"}""", "question_answered needs id and answer")]
    [InlineData("""{"type":"mode_changed"}""", "mode_changed needs to")]
    public async Task A_line_that_cannot_be_used_is_named_after_what_came_before_it_is_done(string line, string problem)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("one"));
        _lines.Say("""{"type":"user_spoke","text":"first"}""").Say(line).Say("""{"type":"user_spoke","text":"never"}""").End();
        Assert.Equal(ExitCode.Usage, await StartAsync());
        Assert.Equal(["one", ""], Results.Select(result => Text(result, "answer")));
        var error = Results[^1].GetProperty("error");
        Assert.Equal("usage", Text(error, "kind"));
        Assert.StartsWith("Line 2 of the input cannot be used: ", Text(error, "message"), StringComparison.Ordinal);
        Assert.Contains(problem, Text(error, "message"));
    }

    [Fact]
    public void The_lines_of_the_reference_are_lines_and_there_is_one_of_every_type()
    {
        var page = Reference.ReferencePage.Read("events.md");
        var block = page[page.IndexOf("## Input", StringComparison.Ordinal)..].Split("```json\n")[1].Split("```")[0];
        var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Null(InputEvent.Read(line).Problem));
        var types = lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()!).Distinct();
        Assert.Equal(InputEvent.Read("""{"type":"x"}""").Problem!.Split(" is not one of ")[1].Split(", ").Order(), types.Order());
    }

    [Fact]
    public async Task Without_a_message_and_without_events_out_it_is_refused()
    {
        _stage.Model = new ScriptedModel();
        _lines.End();
        Assert.Equal(ExitCode.Usage, await StartAsync());
        Assert.Contains("The input ended without a message.", Results.Single().GetRawText());
        foreach (var words in new string[][] { ["run", "--input", "events"], ["--input", "events"], ["--input", "events", "-o", "json"] })
        {
            Assert.Equal(ExitCode.Usage, await _stage.RunAsync(words));
            Assert.Contains("--input events needs --output events", _stage.Error.Take());
        }
    }

    [Fact]
    public async Task The_exit_code_is_that_of_the_last_turn_and_a_limit_holds_for_each()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("fine"), ScriptedReply.Calls(("Ls", "{}")), ScriptedReply.Text("as far as I came"));
        _lines.Say("""{"type":"user_spoke","text":"first"}""").Say("""{"type":"user_spoke","text":"second"}""").End();
        Assert.Equal(ExitCode.Limit, await StartAsync("--max-steps", "1"));
        Assert.Equal([0, ExitCode.Limit], Results.Select(result => result.GetProperty("exit_code").GetInt32()));
    }
}
