using Bridle.FakeVendors;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.OpenAI;

/// <summary>Streams as servers in the wild send them, byte for byte.</summary>
public sealed class ChatChunksTests
{
    public static TheoryData<string, string[], string> Streams => new()
    {
        {
            "calls are null, content is null, an empty choice list, a choice of another index",
            [
                """{"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":null}}]}""",
                """{"choices":[]}""",
                """{"choices":[{"index":1,"delta":{"content":"not this"}}]}""",
                """{"choices":[{"index":0,"delta":{"content":"this"},"finish_reason":"stop"}]}""",
            ],
            "text this\nfinished EndTurn text(this) usage unknown by \n"
        },
        {
            "an index with gaps, interleaved fragments, text between the calls",
            [
                """{"choices":[{"delta":{"content":"a"}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"x","function":{"name":"Read","arguments":"{\"path\":\"\\u00"}}]}}]}""",
                """{"choices":[{"delta":{"content":"b"}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"index":7,"id":"y","function":{"name":"Grep","arguments":""}},{"index":1,"function":{"arguments":"e9\"}"}}]}}]}""",
                """{"choices":[{"delta":{"content":"c"},"finish_reason":"tool_calls"}]}""",
            ],
            "text a\ncall Read\ntext b\ncall Grep\ntext c\nfinished ToolUse text(abc) | Read({\"path\":\"\\u00e9\"}) | Grep() usage unknown by \n"
        },
        {
            "arguments as an object, and a name that is repeated with every fragment",
            [
                """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"Read","arguments":{"path":"a"}}}]}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"y","function":{"name":"Grep","arguments":"{\"pat"}}]}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"y","function":{"name":"Grep","arguments":"tern\":1}"}}]}}]}""",
            ],
            "call Read\ncall Grep\nfinished ToolUse Read({\"path\":\"a\"}) | Grep({\"pattern\":1}) usage unknown by \n"
        },
        {
            "two calls with one id and no index, whole and in pieces",
            [
                """{"choices":[{"delta":{"tool_calls":[{"id":"x","function":{"name":"Read","arguments":"{\"path\":\"a\"}"}},{"id":"x","function":{"name":"Read","arguments":"{\"path\":\"b\"}"}}]}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"id":"x","function":{"name":"Grep","arguments":"{\"pat"}}]}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"id":"x","function":{"name":"Grep","arguments":"tern\":1}"}},{"id":"x","function":{"name":"Grep","arguments":""}}]}}]}""",
            ],
            "call Read\ncall Read\ncall Grep\nfinished ToolUse Read({\"path\":\"a\"}) | Read({\"path\":\"b\"}) | Grep({\"pattern\":1}) usage unknown by \n"
        },
        {
            "two calls with one id that are all number 0",
            [
                """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"Read","arguments":"{\"path\":\"a\"}"}}]}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"Read","arguments":{"path":"b"}}}]}}]}""",
            ],
            "call Read\ncall Read\nfinished ToolUse Read({\"path\":\"a\"}) | Read({\"path\":\"b\"}) usage unknown by \n"
        },
        {
            "a smiley whose halves come in two chunks, and content in parts",
            [
                """{"choices":[{"delta":{"content":"x\ud83d"}}]}""",
                """{"choices":[{"delta":{"content":"\ude42y"}}]}""",
                """{"choices":[{"delta":{"content":[{"type":"text","text":"z"}]}}]}""",
            ],
            "text x\ntext 🙂y\ntext z\nfinished EndTurn text(x🙂yz) usage unknown by \n"
        },
        {
            "a refusal, and usage with every chunk",
            [
                """{"model":"m","choices":[{"delta":{"refusal":"I won't."}}],"usage":{"prompt_tokens":10,"completion_tokens":1}}""",
                """{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2}}}""",
            ],
            "text I won't.\nfinished Refusal text(I won't.) usage 5+3+2/4(0) by m\n"
        },
        {
            "a call of the old kind",
            ["""{"choices":[{"delta":{"function_call":{"name":"Read","arguments":"{}"}},"finish_reason":"function_call"}]}"""],
            "call Read\nfinished ToolUse Read({}) usage unknown by \n"
        },
        {
            "nothing at all",
            [],
            "failed Malformed [] The server sent an empty reply: no choices in it. -> Look at the server's log; the model may have failed to load.\n"
        },
        {
            "numbers and lists where objects should be",
            ["""{"choices":[7,{"delta":[]},{"delta":{"content":5,"tool_calls":[3,{"function":"x"}]},"finish_reason":9}],"usage":"much","model":1}""", """{"choices":{}}""", "[]", "\"text\""],
            "finished ToolUse () usage unknown by \n"
        },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Odd_streams_are_understood(string what, string[] chunks, string expected)
    {
        Assert.NotEmpty(what);
        await using var server = new FakeHttpServer(_ => FakeReply.Events([.. chunks.Select(chunk => $"data: {chunk}\n\n"), "data: [DONE]\n\n"]));

        Assert.Equal(expected, Talk.Describe(await Talk.AllAsync(Open(server), Talk.Ask("Hi"))));
    }

    [Fact]
    public async Task A_finish_reason_is_an_end_where_a_server_sends_no_DONE()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Events(["""data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}""" + "\n\n"]));

        Assert.Equal("Hi", (await Talk.ReplyAsync(Open(server), Talk.Ask("Hi"))).Text);
    }

    [Fact]
    public async Task A_reply_in_one_piece_is_read_although_a_stream_was_asked_for_and_the_other_way_round()
    {
        var whole = FakeReply.Json(200, """{"choices":[{"message":{"content":"whole","tool_calls":null},"finish_reason":"stop"}]}""");
        var stream = FakeReply.Events(["""data: {"choices":[{"delta":{"content":"stream"}}]}""" + "\n\n", "data: [DONE]\n\n"]);
        await using var server = new FakeHttpServer(request => request.Json.GetProperty("stream").GetBoolean() ? whole : stream);

        Assert.Equal("text whole\nfinished EndTurn text(whole) usage unknown by \n", Talk.Describe(await Talk.AllAsync(Open(server), Talk.Ask("Hi"))));
        Assert.Equal("stream", (await Talk.ReplyAsync(Open(server), Talk.Ask("Hi") with { Stream = false })).Text);
    }

    [Fact]
    public async Task An_error_with_status_200_in_one_piece_is_an_error()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(200, """{"error":{"message":"Your account is suspended.","code":"PERMISSION_DENIED"}}"""));

        var error = await Talk.ErrorAsync(Open(server), Talk.Ask("Hi"));
        Assert.Equal((ModelErrorKind.Permission, "The key may not use this model: Your account is suspended."), (error.Kind, error.Message));
    }

    [Fact]
    public async Task Usage_of_a_reply_that_broke_off_is_kept()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Events(["""data: {"choices":[{"delta":{"content":"Hi"}}],"usage":{"prompt_tokens":10,"completion_tokens":1}}""" + "\n\n"]) with { End = FakeEnd.Cut });

        var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(Open(server), Talk.Ask("Hi")))[^1]);
        Assert.Equal((ModelErrorKind.Cut, "Hi", 11L), (failed.Error.Kind, failed.PartialText, failed.Usage?.Total));
    }

    [Fact]
    public async Task A_comment_counts_as_a_sign_of_life()
    {
        var clock = new ManualClock();
        var gates = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        string[] events = [": ping\n\n", ": ping\n\n", """data: {"choices":[{"delta":{"content":"Hi"}}]}""" + "\n\n", "data: [DONE]\n\n"];
        await using var server = new FakeHttpServer(_ => new(200, "text/event-stream", [.. events.Select((text, n) => new FakeChunk(text) with { Gate = gates[n].Task })]));

        var reply = Talk.ReplyAsync(Open(server, Protocols.Calm(clock) with { IdleTimeout = TimeSpan.FromSeconds(10) }), Talk.Ask("Hi"));
        await clock.ArmedAsync(moreThan: 1);
        foreach (var gate in gates)
        {
            clock.Advance(TimeSpan.FromSeconds(9));
            var armed = clock.ArmedAsync(clock.Arms);
            gate.SetResult();
            await Task.WhenAny(armed, reply);
        }

        Assert.Equal("Hi", (await reply).Text);
    }

    [Fact]
    public async Task A_server_that_takes_the_request_and_says_nothing_is_given_up_after_the_idle_timeout()
    {
        var clock = new ManualClock();
        using var hold = new ManualResetEventSlim();
        await using var server = new FakeHttpServer(_ =>
        {
            hold.Wait();
            return FakeReply.Json(200, "{}");
        });

        var error = Talk.ErrorAsync(Open(server, Protocols.Calm(clock) with { IdleTimeout = TimeSpan.FromSeconds(10), MaxAttempts = 1 }), Talk.Ask("Hi"));
        await clock.ArmedAsync(moreThan: 0);
        clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal((ModelErrorKind.Timeout, $"Nothing came from http://127.0.0.1:{server.Url.Port} for 10 s."), ((await error).Kind, (await error).Message));
        hold.Set();
    }

    [Fact]
    public void A_model_is_made_in_one_call()
    {
        foreach (var name in ModelApis.Names)
        {
            Assert.True(ModelApis.TryParse(name.ToUpperInvariant(), out var api));
            var model = Model.For(api, new("http://localhost:1"), "some/model", null);
            Assert.Equal((name, "some/model", $"{name}/some/model"), (model.Info.Api, model.Info.Name, model.Info.Origin));
        }

        Assert.False(ModelApis.TryParse("smoke-signals", out _));
        Assert.False(ModelApis.TryParse(null, out _));
    }

    [Fact]
    public async Task The_settings_of_a_model_reach_the_wire()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Fail(500));
        var options = new ModelOptions
        {
            MaxAttempts = 1,
            Headers = new Dictionary<string, string> { ["X-Team"] = "blue", ["User-Agent"] = "mine", ["Authorization"] = "Basic abc" },
            ExtraBody = Talk.Schema("""{"seed":7}"""),
        };

        var error = await Talk.ErrorAsync(Model.For(ModelApi.OpenAi, server.Url, new ModelInfo("p", "m", "openai"), "sk-key", options), Talk.Ask("Hi"));

        Assert.Equal(1, error.Attempts);
        var request = server.Server.Requests.Single();
        Assert.Equal(("blue", "mine", "Basic abc"), (request.Headers["X-Team"], request.Headers["User-Agent"], request.Headers["Authorization"]));
        Assert.Equal(7, request.Json.GetProperty("seed").GetInt32());
    }

    private static HttpModel Open(FakeHttpServer server, HttpModelOptions? options = null) =>
        new(Model.Protocol(ModelApi.OpenAi), new(server.Url, null), new("test", "m1", "openai"), options ?? Protocols.Calm() with { MaxAttempts = 1 });
}
