using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Gemini;
using Bridle.Models.Http;
using Bridle.Models.Tests.Anthropic;

namespace Bridle.Models.Tests.Gemini;

public sealed class GeminiRequestTests
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47];

    [Theory]
    [InlineData("", "gemini-3-pro", true, "/v1beta/models/gemini-3-pro:streamGenerateContent", "?alt=sse")]
    [InlineData("", "gemini-3-pro", false, "/v1beta/models/gemini-3-pro:generateContent", "")]
    [InlineData("/v1", "models/gemini-3-pro", true, "/v1/models/gemini-3-pro:streamGenerateContent", "?alt=sse")]
    [InlineData("/v1beta", "tunedModels/mine", true, "/v1beta/tunedModels/mine:streamGenerateContent", "?alt=sse")]
    public async Task The_path_follows_the_base_url_and_the_model(string path, string model, bool stream, string expected, string query)
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(404, "{}"));
        await Talk.ErrorAsync(Model.For(ModelApi.Gemini, new Uri(server.Url, path), model, "secret"), Talk.Ask("Go.") with { Stream = stream });

        Assert.Equal(expected, server.Requests[0].Path);
        Assert.Equal(query, server.Requests[0].Query);
        Assert.Equal("secret", server.Requests[0].Headers["x-goog-api-key"]);
        Assert.DoesNotContain("secret", server.Requests[0].Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini-3-pro")]
    [InlineData("gemini-2.5-pro")]
    public async Task Images_errors_bad_arguments_and_foreign_calls_take_the_vendors_form(string name)
    {
        await using var server = new FakeGemini(FakeTurn.Say("Yes."));
        var calls = new ToolCallPart[] { new(new("toolu_1"), "Read", "{\"path\":"), new(new("toolu_2"), "Read", "{}") };
        await Talk.ReplyAsync(GeminiTaskTests.Open(server, name), Talk.Ask(
            new Message(Role.User, [new ImagePart("image/png", "h") { Bytes = Png }, new ImagePart("image/gif", "gone"), new TextPart("What is it?")]),
            new Message(Role.Assistant, [new ReasoningPart("foreign") { Vendor = new("anthropic/x", Talk.Schema("{}")) }, new TextPart(""), .. calls]),
            new Message(Role.User, [new ToolResultPart(calls[0].Id, "Read", [new TextPart("No JSON.")], true), new ToolResultPart(calls[1].Id, "Read", [new TextPart("See:"), new ImagePart("image/png", "h") { Bytes = Png }], false)]),
            Message.User("Well?")) with
        { Effort = "low", MaxOutputTokens = 99, AnswerSchema = Talk.Schema("""{"type":"object"}""") });

        Assert.Empty(server.Refusals);
        Approved.Bodies($"gemini-forms-{name}", server.Bodies);
    }

    [Fact]
    public async Task Signatures_go_back_to_their_own_model_and_to_no_other()
    {
        await using var server = GeminiTaskTests.Task();
        var (_, history) = await AnthropicTaskTests.RunAsync(server, GeminiTaskTests.Open(server), stream: true);
        server.Add(FakeTurn.Say("Other."));
        await Talk.ReplyAsync(GeminiTaskTests.Open(server, "gemini-2.5-flash"), Talk.Ask([.. history]));

        Assert.Contains("thoughtSignature", server.Server.Requests[2].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("thoughtSignature", server.Server.Requests[3].Text, StringComparison.Ordinal);
        Assert.Empty(server.Refusals);
    }

    [Theory]
    [InlineData("1024", """{"includeThoughts":true,"thinkingBudget":1024}""")]
    [InlineData("high", """{"includeThoughts":true,"thinkingLevel":"high"}""")]
    public async Task Effort_is_a_level_or_a_budget(string effort, string expected)
    {
        await using var server = new FakeGemini(FakeTurn.Say("Yes."));
        await Talk.ReplyAsync(GeminiTaskTests.Open(server), Talk.Ask("Go.") with { Effort = effort });
        Assert.Equal(expected, server.Bodies[0].GetProperty("generationConfig").GetProperty("thinkingConfig").GetRawText());
    }

    [Fact]
    public async Task Without_calling_the_tools_of_the_history_are_named_but_cannot_be_called()
    {
        await using var server = GeminiTaskTests.Task();
        var (_, history) = await AnthropicTaskTests.RunAsync(server, GeminiTaskTests.Open(server), stream: true);
        server.Add(FakeTurn.Say("Done."));
        await Talk.ReplyAsync(GeminiTaskTests.Open(server), Talk.Ask([.. history]) with { ToolCalling = ToolCalling.None });

        Assert.Equal("""{"functionCallingConfig":{"mode":"NONE"}}""", server.Bodies[^1].GetProperty("toolConfig").GetRawText());
        Assert.False(server.Bodies[0].TryGetProperty("toolConfig", out _));
        Assert.False(server.Bodies[0].TryGetProperty("generationConfig", out _));
    }
}
