using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Ollama;

public sealed class OllamaTests
{
    [Fact]
    public async Task The_whole_body_of_a_request_with_everything_in_it()
    {
        await using var server = new FakeOllama(FakeTurn.CallAll(new("Read", """{"path":"ä.png"}"""), new("Grep", "{}")) with { Reasoning = "Hm.", Text = ["I look."] }, FakeTurn.Say("Done."));
        var model = Protocols.Open(server);
        var image = new ImagePart("image/png", "hash") { Bytes = new byte[] { 1, 2, 3 } };
        var asked = new Message(Role.User, [new TextPart("What is this?"), image]);
        var reply = await Talk.ReplyAsync(model, Talk.Ask(asked));
        var calls = reply.Calls.ToList();
        var result = new Message(Role.User, [
            new ToolResultPart(calls[0].Id, "Read", [new TextPart("A picture:"), image], false),
            new ToolResultPart(calls[1].Id, "Grep", [new TextPart("No such pattern.")], true),
            new TextPart("Go on."),
        ]);

        await Talk.ReplyAsync(model, Talk.Ask(asked, Talk.Said(reply), result) with { MaxOutputTokens = 1000, Effort = "high", AnswerSchema = Talk.Schema("""{"type":"object"}""") });

        Assert.Empty(server.Refusals);
        Assert.Equal(2, calls.Select(call => call.Id).Distinct().Count());
        Assert.Equal(
            """
            {"model":"m1","messages":[
            {"role":"system","content":"Be brief."},
            {"role":"user","content":"What is this?","images":["AQID"]},
            {"role":"assistant","content":"I look.","thinking":"Hm.","tool_calls":[{"function":{"name":"Read","arguments":{"path":"ä.png"}}},{"function":{"name":"Grep","arguments":{}}}]},
            {"role":"tool","content":"A picture:\n[an image; it follows]","tool_name":"Read"},
            {"role":"tool","content":"Error: No such pattern.","tool_name":"Grep"},
            {"role":"user","content":"The image in the result of Read is attached.\n\nGo on.","images":["AQID"]}
            ],"tools":[{"type":"function","function":{"name":"Read","description":"Reads a file.","parameters":{"type":"object","properties":{"path":{"type":"string","description":"The file."}},"required":["path"]}}},{"type":"function","function":{"name":"Grep","description":"Searches.","parameters":{"type":"object","properties":{"pattern":{"type":"string"}}}}}],"stream":true,"think":"high","format":{"type":"object"},"options":{"num_ctx":32768,"num_predict":1000}}
            """.ReplaceLineEndings("\n"),
            server.Server.Requests[1].Text
                .Replace(",\"messages\":[{", ",\"messages\":[\n{", StringComparison.Ordinal)
                .Replace("],\"tools\":[", "\n],\"tools\":[", StringComparison.Ordinal)
                .Replace("},{\"role\"", "},\n{\"role\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null, 32_768)]
    [InlineData(8_192, null, 8_192)]
    [InlineData(8_192, """{"options":{"num_ctx":65536,"temperature":0},"keep_alive":"1h"}""", 65_536)]
    [InlineData(8_192, """{"options":{"temperature":0}}""", 8_192)]
    public async Task The_context_is_always_said_because_a_longer_prompt_would_be_cut_silently(int? window, string? extra, int expected)
    {
        await using var server = new FakeOllama(FakeTurn.Say("Hi."));
        var endpoint = new ModelEndpoint(server.Url, null) { ExtraBody = extra is null ? null : Talk.Schema(extra) };

        await Talk.ReplyAsync(Protocols.Open(server, endpoint: endpoint, info: new("test", "m1", "ollama") { ContextWindow = window }), Talk.Ask("Hi"));

        Assert.Empty(server.Refusals);
        Assert.Equal(expected, server.Bodies[0].GetProperty("options").GetProperty("num_ctx").GetInt32());
        Assert.Equal(extra is not null, server.Bodies[0].GetProperty("options").TryGetProperty("temperature", out _));
    }

    [Theory]
    [InlineData("none", "false")]
    [InlineData("on", "true")]
    [InlineData("low", "\"low\"")]
    public async Task Thinking_is_a_switch_or_a_level(string effort, string think)
    {
        await using var server = new FakeOllama(FakeTurn.Say("Hi."));

        await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask("Hi") with { Effort = effort });

        Assert.Equal(think, server.Bodies[0].GetProperty("think").GetRawText());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_stands_between_think_tags_is_no_answer_and_does_not_go_back(bool stream)
    {
        await using var server = new FakeOllama(new FakeTurn { Text = ["<thi", "nk>\nHm.</th", "ink>\n\nThe ", "answer."] }, FakeTurn.Say("Done."));
        var model = Protocols.Open(server);

        var reply = await Talk.ReplyAsync(model, Talk.Ask("Hi") with { Stream = stream });

        Assert.Equal(("The answer.", "\nHm."), (reply.Text, Assert.Single(reply.Parts.OfType<ReasoningPart>()).Text));
        await Talk.ReplyAsync(model, Talk.Ask(Talk.Said(reply)));
        Assert.DoesNotContain("Hm.", server.Server.Requests[1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/api/")]
    public async Task Any_address_of_the_server_will_do(string path)
    {
        await using var server = new FakeOllama(FakeTurn.Say("Hi."));

        Assert.Equal("Hi.", (await Talk.ReplyAsync(Protocols.Open(server, endpoint: new(new(server.Url, path), null)), Talk.Ask("Hi"))).Text);
    }

    [Fact]
    public async Task A_model_without_tools_is_recognised_by_the_servers_words()
    {
        await using var server = new FakeOllama(FakeTurn.Say("Hi.")) { TakesTools = false };

        var error = await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal(ModelErrorKind.ToolsUnsupported, error.Kind);
        Assert.Contains("--prompted-tools", error.Advice, StringComparison.Ordinal);
        Assert.Equal("Hi.", (await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask("Hi") with { ToolCalling = ToolCalling.None })).Text);
    }

    [Fact]
    public async Task A_missing_model_is_told_with_the_command_that_fetches_it()
    {
        await using var server = new FakeOllama(FakeTurn.Fail(404, "model 'm1' not found"));

        Assert.Contains("ollama pull", (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"))).Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("length", "Half", StopReason.MaxTokens)]
    [InlineData("stop", "Half", StopReason.EndTurn)]
    [InlineData("unload", "Half", StopReason.Other)]
    public async Task The_reason_for_the_end_has_its_meaning(string reason, string text, StopReason stop)
    {
        await using var server = new FakeOllama(FakeTurn.Say(text) with { Stop = reason });

        Assert.Equal(stop, (await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask("Hi"))).Stop);
    }

    [Fact]
    public async Task No_room_for_an_answer_is_an_overflow()
    {
        await using var server = new FakeOllama(new FakeTurn { Stop = "length" });

        Assert.Equal(ModelErrorKind.ContextOverflow, (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"))).Kind);
    }
}
