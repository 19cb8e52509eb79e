using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.OpenAI;

public sealed class OpenAiResponsesTests
{
    [Fact]
    public async Task The_whole_body_of_a_request_with_everything_in_it()
    {
        await using var server = new FakeOpenAiResponses(FakeTurn.Call("Read", """{"path":"ä.png"}""") with { Reasoning = "Hm.", Text = ["I look."] }, FakeTurn.Say("Done."));
        var model = Protocols.Open(server);
        var image = new ImagePart("image/png", "hash") { Bytes = new byte[] { 1, 2, 3 } };
        var asked = new Message(Role.User, [new TextPart("What is this?"), image]);
        var reply = await Talk.ReplyAsync(model, Talk.Ask(asked));
        var result = new Message(Role.User, [new ToolResultPart(reply.Calls.Single().Id, "Read", [new TextPart("A picture:"), image], false), new TextPart("Go on.")]);

        await Talk.ReplyAsync(model, Talk.Ask(asked, Talk.Said(reply), result) with
        {
            MaxOutputTokens = 1000, Effort = "low", CacheKey = "s1", AnswerSchema = Talk.Schema("""{"type":"object","properties":{"a":{"type":"string"}}}"""),
        });

        Assert.Empty(server.Refusals);
        Assert.Equal(
            """
            {"model":"m1","instructions":"Be brief.","input":[
            {"role":"user","content":[{"type":"input_text","text":"What is this?"},{"type":"input_image","image_url":"data:image/png;base64,AQID"}]},
            {"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gAAAA+rs_1/==","odd":[1,2.50]},
            {"type":"message","role":"assistant","id":"msg_2","content":[{"type":"output_text","text":"I look.","annotations":[]}]},
            {"type":"function_call","id":"fc_3","call_id":"call_3","name":"Read","arguments":"{\"path\":\"ä.png\"}"},
            {"type":"function_call_output","call_id":"call_3","output":[{"type":"input_text","text":"A picture:"},{"type":"input_image","image_url":"data:image/png;base64,AQID"}]},
            {"role":"user","content":[{"type":"input_text","text":"Go on."}]}
            ],"tools":[{"type":"function","name":"Read","description":"Reads a file.","parameters":{"type":"object","properties":{"path":{"type":"string","description":"The file."}},"required":["path"]},"strict":false},{"type":"function","name":"Grep","description":"Searches.","parameters":{"type":"object","properties":{"pattern":{"type":"string"}}},"strict":false}],"parallel_tool_calls":true,"max_output_tokens":1000,"include":["reasoning.encrypted_content"],"reasoning":{"effort":"low","summary":"auto"},"text":{"format":{"type":"json_schema","name":"answer","strict":false,"schema":{"type":"object","properties":{"a":{"type":"string"}}}}},"prompt_cache_key":"s1","store":false,"stream":true}
            """.ReplaceLineEndings("\n"),
            server.Server.Requests[1].Text
                .Replace(",\"input\":[{", ",\"input\":[\n{", StringComparison.Ordinal)
                .Replace("],\"tools\":[", "\n],\"tools\":[", StringComparison.Ordinal)
                .Replace("},{\"role\"", "},\n{\"role\"", StringComparison.Ordinal)
                .Replace("},{\"id\":\"rs", "},\n{\"id\":\"rs", StringComparison.Ordinal)
                .Replace("},{\"type\":\"message", "},\n{\"type\":\"message", StringComparison.Ordinal)
                .Replace("},{\"type\":\"function_call", "},\n{\"type\":\"function_call", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_vendor_refuses_reasoning_that_was_changed_and_so_the_fake_does()
    {
        await using var server = new FakeOpenAiResponses(FakeTurn.Call("Read", "{}") with { Reasoning = "Hm." }, FakeTurn.Say("Done."));
        var model = Protocols.Open(server);
        var reply = await Talk.ReplyAsync(model, Talk.Ask("a"));
        var changed = new ReasoningPart("x") { Vendor = new("openai-responses/m1", Talk.Schema("""{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"changed"}""")) };

        var error = await Talk.ErrorAsync(model, Talk.Ask(Message.User("a"), new(Role.Assistant, [changed, .. reply.Calls]), Talk.Results(reply, _ => "r")));
        Assert.Contains("could not be verified", error.Message, StringComparison.Ordinal);
        error = await Talk.ErrorAsync(model, Talk.Ask(Message.User("a"), new(Role.Assistant, [.. reply.Calls]), Talk.Results(reply, _ => "r")));
        Assert.Contains("without its required 'reasoning' item", error.Message, StringComparison.Ordinal);
        error = await Talk.ErrorAsync(model, Talk.Ask(Message.User("a"), Talk.Said(reply), Message.User("b")));
        Assert.Contains("No tool output found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reasoning_and_item_fields_of_another_model_stay_at_home()
    {
        await using var server = new FakeOpenAiResponses(FakeTurn.Call("Read", "{}") with { Reasoning = "Hm.", Text = ["Look."] });
        await using var other = new FakeOpenAiResponses(FakeTurn.Say("Done."));
        var reply = await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask("a"));

        await Talk.ReplyAsync(Protocols.Open(other, info: new("test", "m2", "openai-responses")), Talk.Ask(Message.User("a"), Talk.Said(reply), Talk.Results(reply, _ => "r")));

        Assert.Empty(other.Refusals);
        Assert.DoesNotContain("rs_1", other.Server.Requests[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"fc_", other.Server.Requests[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_does_not_reason_is_asked_once_more_without_encrypted_reasoning()
    {
        await using var server = new FakeOpenAiResponses(FakeTurn.Say("Hi."), FakeTurn.Say("Hi.")) { NoReasoning = true };
        var model = Protocols.Open(server);

        await Talk.ReplyAsync(model, Talk.Ask("a"));
        await Talk.ReplyAsync(model, Talk.Ask("a"));

        Assert.Single(server.Refusals);
        Assert.Equal(3, server.Bodies.Count);
    }

    [Theory]
    [InlineData("max_output_tokens", StopReason.MaxTokens)]
    [InlineData("content_filter", StopReason.Refusal)]
    [InlineData("a reason of tomorrow", StopReason.Other)]
    public async Task An_incomplete_reply_says_why(string reason, StopReason stop)
    {
        await using var server = new FakeOpenAiResponses(FakeTurn.Say("Half") with { Stop = reason }, FakeTurn.Say("Half") with { Stop = reason });
        var model = Protocols.Open(server);

        Assert.Equal((stop, "Half"), await Ending(stream: true));
        Assert.Equal((stop, "Half"), await Ending(stream: false));

        async Task<(StopReason, string)> Ending(bool stream)
        {
            var reply = await Talk.ReplyAsync(model, Talk.Ask("a") with { Stream = stream });
            return (reply.Stop, reply.Text);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reply_that_failed_is_a_failure_although_the_status_is_200(bool stream)
    {
        await using var server = new FakeOpenAiResponses(FakeTurn.Say("Half")) { FinalStatus = "failed" };

        var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(Protocols.Open(server, Protocols.Calm() with { MaxAttempts = 1 }), Talk.Ask("a") with { Stream = stream }))[^1]);

        Assert.Equal((ModelErrorKind.Server, stream ? "Half" : "", 120L), (failed.Error.Kind, failed.PartialText, failed.Usage?.Total));
        Assert.Contains("The model failed in the middle.", failed.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_named_only_by_their_event_line_and_items_without_index_are_understood()
    {
        string[] events =
        [
            "event: response.output_item.added\ndata: {\"item\":{\"id\":\"a\",\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"Read\",\"arguments\":\"\"}}\n\n",
            "event: response.function_call_arguments.delta\ndata: {\"item_id\":\"a\",\"delta\":\"{\\\"path\\\":\"}\n\n",
            "event: response.function_call_arguments.delta\ndata: {\"item_id\":\"a\",\"delta\":\"1}\"}\n\n",
            "event: response.output_item.done\ndata: {\"item\":{\"id\":\"a\",\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"Read\"}}\n\n",
            "event: response.completed\ndata: {\"response\":{\"status\":\"completed\",\"output\":[]}}\n\n",
        ];
        await using var server = new FakeHttpServer(_ => FakeReply.Events(events));
        var model = new HttpModel(Model.Protocol(ModelApi.OpenAiResponses), new(server.Url, null), new("test", "m1", "openai-responses"), Protocols.Calm());

        Assert.Equal("call Read\nfinished ToolUse Read({\"path\":1}) usage unknown by \n", Talk.Describe(await Talk.AllAsync(model, Talk.Ask("a"))));
    }
}
