using System.Text.Json;
using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Anthropic;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Anthropic;

public sealed class AnthropicRequestTests
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47];

    [Theory]
    [InlineData("", "/v1/messages")]
    [InlineData("/v1", "/v1/messages")]
    [InlineData("/proxy/anthropic", "/proxy/anthropic/v1/messages")]
    [InlineData("/proxy/v1/", "/proxy/v1/messages")]
    public async Task The_path_follows_the_base_url(string path, string expected)
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(404, "{}"));
        await Talk.ErrorAsync(Model.For(ModelApi.Anthropic, new Uri(server.Url, path), "claude-test", "k"), Talk.Ask("Go."));
        Assert.Equal(expected, server.Requests[0].Path);
    }

    [Theory]
    [InlineData(false, "x-api-key", "secret")]
    [InlineData(true, "Authorization", "Bearer secret")]
    public async Task The_key_goes_into_the_header_that_is_wanted_and_the_version_is_set(bool bearer, string header, string value)
    {
        await using var server = new FakeAnthropic(FakeTurn.Say("Yes.")) { Key = "secret" };
        await Talk.ReplyAsync(Model.For(ModelApi.Anthropic, server.Url, new ModelInfo("test", "m", "anthropic"), "secret", new() { Bearer = bearer }), Talk.Ask("Go."));

        var headers = server.Server.Requests[0].Headers;
        Assert.Equal(value, headers[header]);
        Assert.Equal("2023-06-01", headers["anthropic-version"]);
        Assert.False(headers.ContainsKey(bearer ? "x-api-key" : "Authorization"));
    }

    [Fact]
    public async Task With_the_version_of_October_2026_no_sampling_parameter_is_sent_whoever_asks_for_it()
    {
        var extra = Talk.Schema("""{"temperature":1,"top_p":1,"top_k":5,"metadata":{"user_id":"u"}}""");
        await using var server = new FakeAnthropic(FakeTurn.Say("Old."), FakeTurn.Say("New."), FakeTurn.Say("Header."));
        foreach (var (version, headers) in new[] { ("2023-06-01", ""), ("2026-10-21", ""), ("2023-06-01", "2026-10-21") })
        {
            var endpoint = new ModelEndpoint(server.Url, null)
            {
                ExtraBody = extra,
                Headers = headers.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Anthropic-Version"] = headers },
            };
            await Talk.ReplyAsync(new HttpModel(new AnthropicProtocol(new(version)), endpoint, new ModelInfo("t", "m", "anthropic")), Talk.Ask("Go."));
        }

        Assert.Equal([true, false, false], server.Bodies.Select(body => body.TryGetProperty("temperature", out _)));
        Assert.All(server.Bodies, body => Assert.True(body.TryGetProperty("metadata", out _)));
        Assert.Equal(["2023-06-01", "2026-10-21", "2026-10-21"], server.Server.Requests.Select(request => request.Headers["anthropic-version"]));
    }

    [Theory]
    [InlineData(null, null, 8192)]
    [InlineData(null, 64000, 64000)]
    [InlineData(500, 64000, 500)]
    [InlineData(400000, 128000, 128000)]
    [InlineData(400000, null, 400000)]
    public async Task Max_tokens_is_the_wish_within_what_the_model_can_do(int? wanted, int? limit, int expected)
    {
        await using var server = new FakeAnthropic(FakeTurn.Say("Yes."));
        var model = new HttpModel(new AnthropicProtocol(), new ModelEndpoint(server.Url, null), new ModelInfo("t", "m", "anthropic") { MaxOutputTokens = limit });
        await Talk.ReplyAsync(model, Talk.Ask("Go.") with { MaxOutputTokens = wanted });
        Assert.Equal(expected, server.Bodies[0].GetProperty("max_tokens").GetInt32());
    }

    [Fact]
    public async Task Effort_and_answer_schema_are_sent_only_when_asked_for()
    {
        await using var server = new FakeAnthropic(FakeTurn.Say("1"), FakeTurn.Say("2"));
        var model = AnthropicTaskTests.Open(server);
        await Talk.ReplyAsync(model, Talk.Ask("Go."));
        await Talk.ReplyAsync(model, Talk.Ask("Go.") with { Effort = "high", AnswerSchema = Talk.Schema("""{"type":"object"}""") });

        Assert.False(server.Bodies[0].TryGetProperty("thinking", out _));
        Assert.False(server.Bodies[0].TryGetProperty("output_config", out _));
        Assert.Equal("""{"type":"adaptive"}""", server.Bodies[1].GetProperty("thinking").GetRawText());
        Assert.Equal("""{"effort":"high","format":{"type":"json_schema","schema":{"type":"object"}}}""", server.Bodies[1].GetProperty("output_config").GetRawText());
    }

    [Fact]
    public async Task Images_errors_bad_arguments_and_foreign_ids_take_the_vendors_form()
    {
        await using var server = new FakeAnthropic(FakeTurn.Say("Yes."));
        var calls = new ToolCallPart[] { new(new("functions.Read:0"), "Read", "{\"path\":"), new(new("ok-1"), "Read", "{}") };
        await Talk.ReplyAsync(AnthropicTaskTests.Open(server), Talk.Ask(
            new Message(Role.User, [new TextPart("  "), new ImagePart("image/png", "h") { Bytes = Png }, new ImagePart("image/gif", "gone"), new TextPart("What is it?")]),
            new Message(Role.Assistant, [new TextPart(""), .. calls]),
            new Message(Role.User, [new ToolResultPart(calls[0].Id, "Read", [new TextPart("No JSON.")], true), new ToolResultPart(calls[1].Id, "Read", [new TextPart("See:"), new ImagePart("image/png", "h") { Bytes = Png }], false)]),
            Message.User("Well?")));

        Assert.Empty(server.Refusals);
        Approved.Bodies("anthropic-forms", server.Bodies.Select(body => body.GetProperty("messages")));
    }

    [Fact]
    public async Task Without_calling_the_tools_of_the_history_are_named_but_cannot_be_chosen()
    {
        var call = new ToolCallPart(new("a"), "Read", "{}");
        var history = new[] { Message.User("Go."), new Message(Role.Assistant, [call]), new Message(Role.User, [new ToolResultPart(call.Id, "Read", [new TextPart("x")], false)]) };
        await using var server = new FakeAnthropic(FakeTurn.Say("1"), FakeTurn.Say("2"), FakeTurn.Say("3"));
        var model = AnthropicTaskTests.Open(server);
        await Talk.ReplyAsync(model, Talk.Ask(history) with { ToolCalling = ToolCalling.None });
        await Talk.ReplyAsync(model, Talk.Ask(history) with { ToolCalling = ToolCalling.None, Tools = [] });
        await Talk.ReplyAsync(model, Talk.Ask("Go.") with { ToolCalling = ToolCalling.None });

        Assert.Equal([2, 1], server.Bodies.Take(2).Select(body => body.GetProperty("tools").GetArrayLength()));
        Assert.All(server.Bodies.Take(2), body => Assert.Equal("none", body.GetProperty("tool_choice").GetProperty("type").GetString()));
        Assert.False(server.Bodies[2].TryGetProperty("tools", out _));
    }

    [Fact]
    public async Task Thinking_survives_a_log_and_goes_back_to_its_own_model_and_to_no_other()
    {
        await using var server = AnthropicTaskTests.Task();
        var (replies, history) = await AnthropicTaskTests.RunAsync(server, AnthropicTaskTests.Open(server), stream: true);
        Assert.Equal(2, replies.SelectMany(reply => reply.Parts).OfType<ReasoningPart>().Count());
        // As a log does it: written as JSON and read again.
        var resumed = history.Select(message => message with { Parts = [.. message.Parts.Select(Reread)] }).ToArray();
        server.Add(FakeTurn.Say("Same."), FakeTurn.Say("Other."));
        await Talk.ReplyAsync(AnthropicTaskTests.Open(server), Talk.Ask(resumed));
        await Talk.ReplyAsync(AnthropicTaskTests.Open(server, "claude-other"), Talk.Ask(resumed));

        Assert.Contains("\"thinking\":\"First I löök around.\"", server.Server.Requests[^2].Text, StringComparison.Ordinal);
        Assert.Contains("opaque+2/==", server.Server.Requests[^2].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("thinking", server.Server.Requests[^1].Text, StringComparison.Ordinal);
        Assert.Empty(server.Refusals);
    }

    private static MessagePart Reread(MessagePart part)
    {
        if (part.Vendor is not { } vendor)
        {
            return part;
        }

        using var document = JsonDocument.Parse(vendor.Data.GetRawText());
        return part with { Vendor = vendor with { Data = document.RootElement.Clone() } };
    }
}
