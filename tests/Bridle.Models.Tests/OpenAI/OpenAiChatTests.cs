using System.Text.Json;
using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.OpenAI;

public sealed class OpenAiChatTests
{
    [Fact]
    public async Task The_whole_body_of_a_request_with_everything_in_it()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("Hi.")) { Compatible = "reasoning_content" };
        var image = new ImagePart("image/png", "hash") { Bytes = new byte[] { 1, 2, 3 } };
        var call = new ToolCallPart(new("call_a"), "Read", """{"path":"ä.png"}""") { Vendor = new("openai/m1", Talk.Schema("""{"extra_content":{"thought_signature":"signature of Read"}}""")) };
        var broken = new ToolCallPart(new("call_b"), "Grep", """{"pattern":""") { Vendor = new("openai/m1", Talk.Schema("""{"extra_content":{"thought_signature":"signature of Grep"}}""")) };
        var request = Talk.Ask(
            new Message(Role.User, [new TextPart("What is this?"), image]),
            new Message(Role.Assistant, [new ReasoningPart("Hm.") { Vendor = new("openai/m1", Talk.Schema("\"reasoning_content\"")) }, new TextPart("I look."), call, broken]),
            new Message(Role.User, [
                new ToolResultPart(new("call_a"), "Read", [new TextPart("A picture:"), image], false),
                new ToolResultPart(new("call_b"), "Grep", [new TextPart("The arguments are no JSON.")], true),
                new TextPart("Go on."),
            ])) with
        { MaxOutputTokens = 1000, Effort = "low", CacheKey = "s1", AnswerSchema = Talk.Schema("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""") };

        await Talk.ReplyAsync(Protocols.Open(server), request);

        Assert.Empty(server.Refusals);
        Assert.Equal(
            """
            {"model":"m1","messages":[
            {"role":"system","content":"Be brief."},
            {"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]},
            {"role":"assistant","reasoning_content":"Hm.","content":"I look.","tool_calls":[{"id":"call_a","type":"function","function":{"name":"Read","arguments":"{\"path\":\"ä.png\"}"},"extra_content":{"thought_signature":"signature of Read"}},{"id":"call_b","type":"function","function":{"name":"Grep","arguments":"{}"},"extra_content":{"thought_signature":"signature of Grep"}}]},
            {"role":"tool","tool_call_id":"call_a","content":"A picture:\n[an image; it follows]"},
            {"role":"tool","tool_call_id":"call_b","content":"Error: The arguments are no JSON."},
            {"role":"user","content":[{"type":"text","text":"The image in the result of Read (call_a):"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},{"type":"text","text":"Go on."}]}
            ],"tools":[{"type":"function","function":{"name":"Read","description":"Reads a file.","parameters":{"type":"object","properties":{"path":{"type":"string","description":"The file."}},"required":["path"]}}},{"type":"function","function":{"name":"Grep","description":"Searches.","parameters":{"type":"object","properties":{"pattern":{"type":"string"}}}}}],"max_tokens":1000,"reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}},"prompt_cache_key":"s1","stream":true,"stream_options":{"include_usage":true}}
            """.ReplaceLineEndings("\n"),
            server.Server.Requests[0].Text.Replace(",\"messages\":[{", ",\"messages\":[\n{", StringComparison.Ordinal).Replace("},{\"role\"", "},\n{\"role\"", StringComparison.Ordinal).Replace("],\"tools\":[{\"type\"", "\n],\"tools\":[{\"type\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Opaque_data_of_another_model_stays_at_home()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("Hi."));
        var call = new ToolCallPart(new("c1"), "Read", "{}") { Vendor = new("openai/other", Talk.Schema("""{"extra_content":{"x":1}}""")) };
        var said = new Message(Role.Assistant, [new ReasoningPart("Hm.") { Vendor = new("openai/other", Talk.Schema("\"reasoning_content\"")) }, call]);

        await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask(Message.User("a"), said, Talk.Results(new([call], StopReason.ToolUse, null, null), _ => "r")));

        Assert.DoesNotContain("extra_content", server.Server.Requests[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("reasoning", server.Server.Requests[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reasoning_content", true)]
    [InlineData("reasoning", true)]
    [InlineData("reasoning_content", false)]
    public async Task Reasoning_and_unknown_fields_of_a_call_go_back_as_they_came(string field, bool stream)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Call("Read", """{"path":"a"}""") with { Reasoning = "Hm, hm." }, FakeTurn.Say("Done.")) { Compatible = field };
        var model = Protocols.Open(server);

        var reply = await Talk.ReplyAsync(model, Talk.Ask("a") with { Stream = stream });
        await Talk.ReplyAsync(model, Talk.Ask(Message.User("a"), Talk.Said(reply), Talk.Results(reply, _ => "r")) with { Stream = stream });

        Assert.Empty(server.Refusals);
        var sent = server.Bodies[1].GetProperty("messages")[2];
        Assert.Equal("Hm, hm.", sent.GetProperty(field).GetString());
    }

    [Theory]
    [InlineData(FakeCallStyle.Normal, false)]
    [InlineData(FakeCallStyle.Normal, true)]
    [InlineData(FakeCallStyle.NoIndex, false)]
    [InlineData(FakeCallStyle.ZeroIndex, false)]
    [InlineData(FakeCallStyle.ZeroIndex, true)]
    [InlineData(FakeCallStyle.NoId, false)]
    [InlineData(FakeCallStyle.NoId | FakeCallStyle.NoIndex, false)]
    [InlineData(FakeCallStyle.NoId | FakeCallStyle.NoIndex, true)]
    [InlineData(FakeCallStyle.NoId | FakeCallStyle.ZeroIndex, true)]
    public async Task Parallel_calls_are_told_apart_however_a_server_numbers_them(FakeCallStyle style, bool whole)
    {
        await using var server = new FakeOpenAiChat(
            FakeTurn.CallAll(new("Read", """{"path":"a"}"""), new("Read", """{"path":"b"}"""), new("Grep", """{"pattern":"c\u00e9\ud83d\ude42"}""")), FakeTurn.Say("Done."))
        { CallStyle = style, WholeCalls = whole };
        var model = Protocols.Open(server);

        var reply = await Talk.ReplyAsync(model, Talk.Ask("a"));

        Assert.Equal("""Read({"path":"a"}) Read({"path":"b"}) Grep({"pattern":"c\u00e9\ud83d\ude42"})""", string.Join(' ', reply.Calls.Select(call => $"{call.Name}({call.Arguments})")));
        Assert.Equal(3, reply.Calls.Select(call => call.Id).Distinct().Count());
        Assert.All(reply.Calls, call => Assert.NotEmpty(call.Id.Value));
        await Talk.ReplyAsync(model, Talk.Ask(Message.User("a"), Talk.Said(reply), Talk.Results(reply, _ => "r")));
        Assert.Empty(server.Refusals);
    }

    [Fact]
    public async Task An_id_that_a_server_gives_twice_becomes_two_ids()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.CallAll(new FakeCall("Read", "{}", "x"), new FakeCall("Grep", "{}", "x")), FakeTurn.CallAll(new FakeCall("Read", "{}", "x")), FakeTurn.Say("Done."));
        var model = Protocols.Open(server);
        var first = await Talk.ReplyAsync(model, Talk.Ask("a"));
        var history = new List<Message> { Message.User("a"), Talk.Said(first), Talk.Results(first, _ => "r") };
        var second = await Talk.ReplyAsync(model, Talk.Ask([.. history]));
        await Talk.ReplyAsync(model, Talk.Ask([.. history, Talk.Said(second), Talk.Results(second, _ => "r")]));

        Assert.Empty(server.Refusals);
        Assert.Equal(3, first.Calls.Concat(second.Calls).Select(call => call.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("gpt-4.1", "max_tokens")]
    [InlineData("openai/gpt-5-mini", "max_completion_tokens")]
    [InlineData("gpt-5.2", "max_completion_tokens")]
    [InlineData("o1", "max_completion_tokens")]
    [InlineData("o3-mini", "max_completion_tokens")]
    [InlineData("o4-mini-2026", "max_completion_tokens")]
    [InlineData("GPT-5", "max_completion_tokens")]
    [InlineData("gpt-10-turbo", "max_completion_tokens")]
    [InlineData("openai/o3", "max_completion_tokens")]
    [InlineData("O1-preview", "max_completion_tokens")]
    [InlineData("gpt-4o", "max_tokens")]
    [InlineData("gpt-3.5-turbo", "max_tokens")]
    [InlineData("chatgpt-5", "max_tokens")]
    [InlineData("o10", "max_tokens")]
    [InlineData("o1x", "max_tokens")]
    [InlineData("o", "max_tokens")]
    [InlineData("gpt-", "max_tokens")]
    [InlineData("gpt-5/llama", "max_tokens")]
    [InlineData("olmo-2", "max_tokens")]
    [InlineData("gpt-oss-20b", "max_tokens")]
    [InlineData("llama3.1:8b", "max_tokens")]
    public async Task The_output_limit_has_the_name_that_the_model_wants(string model, string field)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("Hi."));

        await Talk.ReplyAsync(Protocols.Open(server, info: new("test", model, "openai")), Talk.Ask("Hi") with { MaxOutputTokens = 77 });

        Assert.Equal(77, server.Bodies[0].GetProperty(field).GetInt32());
    }

    [Fact]
    public async Task A_limit_that_is_too_large_is_lowered_to_the_one_the_server_names_and_remembered()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("Hi."), FakeTurn.Say("Again."));
        var model = Protocols.Open(server);

        var updates = await Talk.AllAsync(model, Talk.Ask("Hi") with { MaxOutputTokens = 128_000 });
        Assert.Equal("retry 1 of 5 in 0 s after BadRequest\ntext Hi.\n", Talk.Describe(updates[..2]));
        Assert.Contains("takes no more than 32000 tokens in one reply and is asked for that from here on", ((RetryScheduled)updates[0]).Error.Message);
        await Talk.ReplyAsync(model, Talk.Ask("Hi") with { MaxOutputTokens = 128_000 });

        Assert.Equal([128_000, 32_000, 32_000], server.Bodies.Select(body => body.GetProperty("max_tokens").GetInt32()));
    }

    [Theory]
    [InlineData("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_completion_tokens")]
    [InlineData("Extra inputs are not permitted: stream_options", "-stream_options")]
    [InlineData("Unknown parameter: 'prompt_cache_key'.", "-prompt_cache_key")]
    [InlineData("response_format json_schema is not supported", "json_object")]
    public async Task A_server_that_refuses_an_optional_field_is_asked_once_more_without_it(string refusal, string after)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Fail(400, refusal), FakeTurn.Say("Hi."));

        await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask("Hi") with { MaxOutputTokens = 5, CacheKey = "s", AnswerSchema = Talk.Schema("""{"type":"object"}""") });

        var body = server.Server.Requests[1].Text;
        Assert.Equal(after[0] != '-', body.Contains(after.TrimStart('-'), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_that_teaches_nothing_new_ends_the_request()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Fail(400, "Unknown parameter: 'prompt_cache_key'."), FakeTurn.Fail(400, "Unknown parameter: 'prompt_cache_key'."), FakeTurn.Say("never"));

        Assert.Equal(ModelErrorKind.BadRequest, (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi") with { CacheKey = "s" })).Kind);
        Assert.Equal(2, server.Server.Requests.Count);
    }

    [Fact]
    public async Task An_extra_body_joins_and_replaces_fields()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("Hi."));
        var endpoint = new ModelEndpoint(server.Url, null) { ExtraBody = Talk.Schema("""{"temperature":0.2,"max_tokens":5,"stream_options":null,"metadata":{"a":"b"}}""") };

        await Talk.ReplyAsync(Protocols.Open(server, endpoint: endpoint), Talk.Ask("Hi") with { MaxOutputTokens = 100 });

        Assert.Empty(server.Refusals);
        var body = server.Bodies[0];
        Assert.Equal((0.2, 5, "b"), (body.GetProperty("temperature").GetDouble(), body.GetProperty("max_tokens").GetInt32(), body.GetProperty("metadata").GetProperty("a").GetString()));
    }

    [Theory]
    [InlineData("This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.", "context_length_exceeded", ModelErrorKind.ContextOverflow)]
    [InlineData("the request exceeds the available context size. try increasing the context size or enable context shift", "exceed_context_size_error", ModelErrorKind.ContextOverflow)]
    [InlineData("request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it", null, ModelErrorKind.ContextOverflow)]
    [InlineData("Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 200 `max_new_tokens`", "validation", ModelErrorKind.ContextOverflow, 422)]
    [InlineData("Input validation error: `inputs` must have less than 1024 tokens. Given: 2000", "validation", ModelErrorKind.ContextOverflow, 422)]
    [InlineData("registry.ollama.ai/library/gemma:2b does not support tools", null, ModelErrorKind.ToolsUnsupported)]
    [InlineData("No endpoints found that support tool use.", null, ModelErrorKind.ToolsUnsupported)]
    [InlineData("\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set", null, ModelErrorKind.ToolsUnsupported)]
    public async Task Overflow_and_missing_tool_support_are_recognised_by_the_servers_words(string message, string? code, ModelErrorKind kind, int status = 400)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Fail(status, message, code), FakeTurn.Say("never"));

        Assert.Equal(kind, (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"))).Kind);
        Assert.Single(server.Server.Requests);
    }

    [Theory]
    [InlineData("""{"error":"a bare string"}""", "a bare string")]
    [InlineData("""{"detail":"FastAPI says no"}""", "FastAPI says no")]
    [InlineData("""{"object":"error","message":"vLLM says no","code":400}""", "vLLM says no")]
    [InlineData("""[{"error":{"message":"in an array","code":400}}]""", "in an array")]
    [InlineData("plain words", "plain words")]
    [InlineData("", "The request was not accepted (HTTP 400).")]
    public async Task The_servers_own_words_are_found_in_any_error_body(string body, string words)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Break(new FakeFault.Status(400, Body: body)));

        Assert.Contains(words, (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stop", StopReason.EndTurn)]
    [InlineData("length", StopReason.MaxTokens)]
    [InlineData("content_filter", StopReason.Refusal)]
    [InlineData("a reason of tomorrow", StopReason.Other)]
    public async Task A_finish_reason_has_its_meaning_and_an_unknown_one_is_kept_apart(string reason, StopReason stop)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("Hi.") with { Stop = reason });

        Assert.Equal(stop, (await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask("Hi"))).Stop);
    }

    [Fact]
    public async Task Calls_count_although_the_server_says_stop()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Call("Read", "{}") with { Stop = "stop" });

        Assert.Equal(StopReason.ToolUse, (await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask("Hi"))).Stop);
    }

    [Fact]
    public async Task No_room_for_an_answer_is_an_overflow_and_an_empty_refusal_is_a_refusal()
    {
        await using var server = new FakeOpenAiChat(new FakeTurn { Stop = "length", OutputTokens = 0 }, new FakeTurn { Stop = "content_filter" });
        var model = Protocols.Open(server);

        Assert.Equal(ModelErrorKind.ContextOverflow, (await Talk.ErrorAsync(model, Talk.Ask("Hi"))).Kind);
        Assert.Equal(ModelErrorKind.Refused, (await Talk.ErrorAsync(model, Talk.Ask("Hi"))).Kind);
    }

    [Fact]
    public async Task Thoughts_between_tags_are_reasoning_also_over_pieces()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("<thi", "nk>secret</think>ok", " a <"));

        var updates = await Talk.AllAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.Equal("reasoning secret\ntext ok\ntext  a \ntext <\nfinished EndTurn reasoning(secret) | text(ok a <) usage 60+40+0/20(5) by m1-2026\n", Talk.Describe(updates));
    }

    [Fact]
    public async Task Tools_are_left_out_when_they_are_described_in_the_prompt()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("Hi."));

        await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask("Hi") with { ToolCalling = ToolCalling.Prompted });

        Assert.False(server.Bodies[0].TryGetProperty("tools", out _));
    }

    [Fact]
    public async Task Where_calls_are_forbidden_the_tools_stay_in_the_prefix_and_cannot_be_chosen()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("Hi."), FakeTurn.Say("Hi."));
        var request = Talk.Ask("Hi");

        await Talk.ReplyAsync(Protocols.Open(server), request);
        await Talk.ReplyAsync(Protocols.Open(server), request with { ToolCalling = ToolCalling.None });

        Assert.Equal(server.Bodies[0].GetProperty("tools").GetRawText(), server.Bodies[1].GetProperty("tools").GetRawText());
        Assert.Equal("none", server.Bodies[1].GetProperty("tool_choice").GetString());
    }

    [Fact]
    public async Task Each_message_is_serialised_once()
    {
        await using var server = new FakeOpenAiChat([.. Enumerable.Repeat(FakeTurn.Say("Hi."), 3)]);
        var model = Protocols.Open(server);
        var parts = new CountingParts([new TextPart("Hello")]);
        var message = new Message(Role.User, parts);

        for (var turn = 0; turn < 3; turn++)
        {
            await Talk.ReplyAsync(model, Talk.Ask(message));
        }

        Assert.Equal(3, server.Bodies.Count);

        // Once for the results and twice for what is said, all in the first request; looking for taken ids only happens when there are calls.
        Assert.InRange(parts.Enumerations, 1, 4);
    }

    /// <summary>Counts how often someone goes through it.</summary>
    private sealed class CountingParts(List<MessagePart> parts) : IReadOnlyList<MessagePart>
    {
        public int Enumerations { get; private set; }

        public int Count => parts.Count;

        public MessagePart this[int index] => parts[index];

        public IEnumerator<MessagePart> GetEnumerator()
        {
            Enumerations++;
            return parts.GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
