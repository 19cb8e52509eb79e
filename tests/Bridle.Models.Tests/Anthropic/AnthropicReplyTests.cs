using System.Text.Json;
using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Anthropic;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Anthropic;

/// <summary>Replies as they come on the wire, given event by event.</summary>
public sealed class AnthropicReplyTests
{
    private const string Start = """{"type":"message_start","message":{"model":"claude","usage":{"input_tokens":9,"output_tokens":1}}}""";
    private const string Stop = """{"type":"message_stop"}""";

    [Fact]
    public async Task Usage_is_replaced_field_by_field_and_never_added()
    {
        var reply = await ReadAsync(
            """{"type":"message_start","message":{"usage":{"input_tokens":9,"cache_read_input_tokens":100,"cache_creation_input_tokens":7,"output_tokens":3}}}""",
            """{"type":"message_delta","delta":{},"usage":{"output_tokens":10}}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":11,"output_tokens":20,"output_tokens_details":{"thinking_tokens":4}}}""",
            Stop);

        Assert.Equal(new Usage(11, 100, 7, 20, 4), reply.Usage);
    }

    [Fact]
    public async Task Usage_that_nobody_told_stays_unknown()
    {
        var reply = await ReadAsync(Text(0, "Hi"), Stop);
        Assert.Null(reply.Usage);
    }

    [Fact]
    public async Task Unknown_events_blocks_deltas_and_fields_do_no_harm_and_unknown_blocks_are_kept()
    {
        var reply = await ReadAsync(
            Start,
            """{"type":"from_the_future","x":1}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s1","name":"web_search","input":{}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"query\":\"x\"}"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"strange_delta","y":2}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":4,"content_block":{"type":"text","text":"An","mood":"good"}}""",
            """{"type":"content_block_delta","index":4,"delta":{"type":"text_delta","text":"swer"}}""",
            """{"type":"content_block_delta","index":4,"delta":{"type":"citations_delta","citation":{"cited_text":"c"}}}""",
            """{"type":"message_delta","delta":{"stop_reason":"of_a_new_kind"}}""",
            Stop);

        Assert.Equal(StopReason.Other, reply.Stop);
        Assert.Equal("Answer", reply.Text);
        Assert.Equal("""{"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"x"}}""", reply.Parts[0].Vendor!.Data.GetRawText());
        Assert.Equal("""{"mood":"good","citations":[{"cited_text":"c"}]}""", reply.Parts[1].Vendor!.Data.GetRawText());
        Assert.Equal("anthropic/claude-test", reply.Parts[0].Vendor!.Origin);
    }

    [Fact]
    public async Task Arguments_are_joined_even_when_an_escape_is_split_and_blocks_interleave()
    {
        var reply = await ReadAsync(
            Start,
            Use(0, "a", "Read"),
            Use(1, "b", "Grep"),
            Json(1, "{\"pattern\":\"\\u00"),
            Json(0, ""),
            Json(0, "{\"path\""),
            Json(1, "e4\"}"),
            Json(0, ":\"x\"}"),
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""",
            Stop);

        Assert.Equal(StopReason.ToolUse, reply.Stop);
        Assert.Equal(["{\"path\":\"x\"}", "{\"pattern\":\"\\u00e4\"}"], reply.Calls.Select(call => call.Arguments));
    }

    [Fact]
    public async Task Calls_without_an_id_or_with_a_taken_one_get_a_new_one()
    {
        var reply = await ReadAsync(
            Start,
            Use(0, "same", "Read"),
            Use(1, "same", "Read"),
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","name":"Read","input":{}}}""",
            Stop);

        var ids = reply.Calls.Select(call => call.Id.Value).ToList();
        Assert.Equal("same", ids[0]);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.NotEmpty(id));
    }

    [Fact]
    public async Task A_call_that_the_output_limit_cut_never_looks_complete()
    {
        var begun = await ReadAsync(Start, Use(0, "a", "Clean"), """{"type":"message_delta","delta":{"stop_reason":"max_tokens"}}""", Stop);
        var half = await ReadAsync(Start, Use(0, "a", "Clean"), Json(0, "{\"path\":\"/"), """{"type":"message_delta","delta":{"stop_reason":"max_tokens"}}""", Stop);
        var none = await ReadAsync(Start, Use(0, "a", "Clean"), """{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""", Stop);

        Assert.False(WireJson.IsObject(begun.Calls.Single().Arguments));
        Assert.NotEmpty(begun.Calls.Single().Arguments);
        Assert.Equal("{\"path\":\"/", half.Calls.Single().Arguments);
        Assert.Equal("", none.Calls.Single().Arguments);
    }

    [Theory]
    [InlineData("end_turn", StopReason.EndTurn)]
    [InlineData("max_tokens", StopReason.MaxTokens)]
    [InlineData("stop_sequence", StopReason.StopSequence)]
    [InlineData("pause_turn", StopReason.Pause)]
    [InlineData("refusal", StopReason.Refusal)]
    [InlineData("model_context_window_exceeded", StopReason.ContextFull)]
    public async Task Stop_reasons_are_mapped(string reason, StopReason expected)
    {
        var reply = await ReadAsync(Start, Text(0, "Hi"), $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}"}}""", Stop);
        Assert.Equal(expected, reply.Stop);
    }

    [Theory]
    [InlineData("refusal", ModelErrorKind.Refused, "It is about bombs")]
    [InlineData("model_context_window_exceeded", ModelErrorKind.ContextOverflow, "context window")]
    public async Task A_reply_of_nothing_but_a_stop_is_a_failure(string reason, ModelErrorKind kind, string words)
    {
        var last = await LastAsync(Start, $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_details":{"category":"c","explanation":"It is about bombs."} } }""", Stop);
        var error = Assert.IsType<ReplyFailed>(last).Error;
        Assert.Equal(kind, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_reply_reads_as_a_streamed_one()
    {
        const string body = """
            {"type":"message","role":"assistant","model":"claude","content":[{"type":"thinking","thinking":"Hm","signature":"s=="},{"type":"text","text":"Hi"},
            {"type":"tool_use","id":"t","name":"Read","input":{"path":"a"},"caller":{"type":"direct"}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}
            """;
        await using var server = new FakeHttpServer(_ => FakeReply.Json(200, body));
        var reply = await Talk.ReplyAsync(Model(server), Talk.Ask("Go.") with { Stream = false });

        Assert.Equal("""ToolUse reasoning(Hm) | text(Hi) | Read({"path":"a"}) usage 1+0+0/2(0) by claude""", Talk.Describe(reply));
        Assert.Equal("""{"caller":{"type":"direct"}}""", reply.Parts[2].Vendor!.Data.GetRawText());
    }

    private static string Text(int index, string text) => $$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{"type":"text","text":"{{{text}}}"}}""";

    private static string Use(int index, string id, string name) => $$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{"type":"tool_use","id":"{{{id}}}","name":"{{{name}}}","input":{} } }""";

    private static string Json(int index, string piece) =>
        $"{{\"type\":\"content_block_delta\",\"index\":{index},\"delta\":{{\"type\":\"input_json_delta\",\"partial_json\":\"{JsonEncodedText.Encode(piece)}\"}}}}";

    private static HttpModel Model(FakeHttpServer server) => new(
        new AnthropicProtocol(), new ModelEndpoint(server.Url, null), new ModelInfo("test", "claude-test", "anthropic"), new() { MaxAttempts = 1 });

    private static async Task<ModelUpdate> LastAsync(params string[] events)
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Events(events.Select(data => $"data: {data}\n\n")));
        return (await Talk.AllAsync(Model(server), Talk.Ask("Go.")))[^1];
    }

    private static async Task<ModelReply> ReadAsync(params string[] events) => Assert.IsType<ReplyFinished>(await LastAsync(events)).Reply;
}
