using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Gemini;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Gemini;

/// <summary>Replies as they come on the wire, given response by response.</summary>
public sealed class GeminiReplyTests
{
    [Fact]
    public async Task Thoughts_count_as_output_and_cached_tokens_not_as_input()
    {
        var reply = await ReadAsync(
            """{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1}}""",
            """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":60,"toolUsePromptTokenCount":3,"candidatesTokenCount":10,"thoughtsTokenCount":7,"totalTokenCount":120}}""");

        Assert.Equal(new Usage(43, 60, 0, 17, 7), reply.Usage);
    }

    [Fact]
    public async Task Signatures_stay_on_their_own_part_and_texts_around_them_are_not_joined()
    {
        var reply = await ReadAsync(
            """{"candidates":[{"content":{"parts":[{"text":"a"},{"text":"b"}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"c","thoughtSignature":"S1=="}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"d"}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"S2=="}]},"finishReason":"STOP"}]}""");

        Assert.Equal(["ab", "c", "d", ""], reply.Parts.Cast<TextPart>().Select(part => part.Text));
        Assert.Equal([null, """{"thoughtSignature":"S1=="}""", null, """{"thoughtSignature":"S2=="}"""], reply.Parts.Select(part => part.Vendor?.Data.GetRawText()));
        Assert.Equal("gemini/gemini-3-pro", reply.Parts[1].Vendor!.Origin);
    }

    [Fact]
    public async Task Unknown_parts_fields_and_reasons_do_no_harm_and_unknown_parts_are_kept()
    {
        var reply = await ReadAsync(
            """{"future":1}""",
            """{"candidates":[{"content":{"role":"model"}}]}""",
            """{"candidates":[{"content":{"parts":[{"executableCode":{"language":"PYTHON","code":"1"}},{"text":"Hi"}]},"finishReason":"OF_A_NEW_KIND"}]}""");

        Assert.Equal(StopReason.Other, reply.Stop);
        Assert.Equal("Hi", reply.Text);
        Assert.Equal("""{"executableCode":{"language":"PYTHON","code":"1"}}""", reply.Parts[0].Vendor!.Data.GetRawText());
    }

    [Theory]
    [InlineData("STOP", StopReason.EndTurn)]
    [InlineData("MAX_TOKENS", StopReason.MaxTokens)]
    [InlineData("SAFETY", StopReason.Refusal)]
    [InlineData("RECITATION", StopReason.Refusal)]
    [InlineData("PROHIBITED_CONTENT", StopReason.Refusal)]
    [InlineData("TOO_MANY_TOOL_CALLS", StopReason.Other)]
    public async Task Finish_reasons_are_mapped(string reason, StopReason expected)
    {
        var reply = await ReadAsync($$$"""{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"{{{reason}}}"}]}""");
        Assert.Equal(expected, reply.Stop);
    }

    [Theory]
    [InlineData("""{"promptFeedback":{"blockReason":"SAFETY"}}""", ModelErrorKind.Refused, "SAFETY")]
    [InlineData("""{"candidates":[{"finishReason":"SAFETY","finishMessage":"No."}]}""", ModelErrorKind.Refused, "No.")]
    [InlineData("""{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"print(x"}]}""", ModelErrorKind.Malformed, "print(x")]
    [InlineData("""{"candidates":[{"finishReason":"UNEXPECTED_TOOL_CALL"}]}""", ModelErrorKind.Malformed, "UNEXPECTED_TOOL_CALL")]
    [InlineData("""{"candidates":[{"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":9}}""", ModelErrorKind.ContextOverflow, "window")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}""", ModelErrorKind.Cut, "finishReason")]
    [InlineData("""{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}""", ModelErrorKind.Overloaded, "overloaded")]
    public async Task A_reply_without_an_answer_is_a_failure(string response, ModelErrorKind kind, string words)
    {
        foreach (var stream in new[] { true, false })
        {
            await using var server = new FakeHttpServer(_ => stream ? FakeReply.Events([$"data: {response}\n\n"]) : FakeReply.Json(200, response));
            var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(Model(server), Talk.Ask("Go.") with { Stream = stream }))[^1]);
            Assert.Equal(kind, failed.Error.Kind);
            Assert.Contains(words, failed.Error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Thoughts_that_used_up_the_output_are_no_overflow()
    {
        var reply = await ReadAsync("""{"candidates":[{"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":9,"thoughtsTokenCount":500}}""");
        Assert.Equal(StopReason.MaxTokens, reply.Stop);
    }

    [Fact]
    public async Task A_call_that_its_vendor_could_not_read_is_asked_for_once_more()
    {
        const string bad = """{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]}""";
        await using var server = new FakeHttpServer(_ => FakeReply.Events([$"data: {bad}\n\n"]));
        var updates = await Talk.AllAsync(Model(server, attempts: 5), Talk.Ask("Go."));

        Assert.IsType<RetryScheduled>(updates[0]);
        Assert.Equal(ModelErrorKind.Malformed, Assert.IsType<ReplyFailed>(updates[^1]).Error.Kind);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Responses_in_an_array_read_as_a_stream_does()
    {
        const string body = """[{"candidates":[{"content":{"parts":[{"text":"a"}]}}]},{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]}]""";
        await using var server = new FakeHttpServer(_ => FakeReply.Json(200, body));
        Assert.Equal("ab", (await Talk.ReplyAsync(Model(server), Talk.Ask("Go."))).Text);
    }

    private static HttpModel Model(FakeHttpServer server, int attempts = 1) => new(
        new GeminiProtocol(), new ModelEndpoint(server.Url, null), new ModelInfo("test", "gemini-3-pro", "gemini"), new() { MaxAttempts = attempts, Time = new SkippingClock() });

    private static async Task<ModelReply> ReadAsync(params string[] responses)
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Events(responses.Select(data => $"data: {data}\r\n\r\n")));
        return await Talk.ReplyAsync(Model(server), Talk.Ask("Go."));
    }
}
