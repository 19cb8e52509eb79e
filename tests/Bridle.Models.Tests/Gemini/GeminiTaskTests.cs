using Bridle.FakeVendors;
using Bridle.Models.Gemini;
using Bridle.Models.Http;
using Bridle.Models.Tests.Anthropic;

namespace Bridle.Models.Tests.Gemini;

public sealed class GeminiTaskTests
{
    [Theory]
    [InlineData(true, "gemini-3-pro")]
    [InlineData(false, "gemini-3-pro")]
    [InlineData(true, "gemini-2.5-flash")]
    [InlineData(false, "gemini-2.5-flash")]
    public async Task A_task_of_several_turns_with_parallel_calls_and_thoughts_ends_with_an_answer(bool stream, string name)
    {
        await using var server = Task();
        var (replies, _) = await AnthropicTaskTests.RunAsync(server, Open(server, name), stream);

        Assert.Equal(
            [
                """ToolUse reasoning(First I löök around.) | text(I look.) | Read({"path":"a.txt"}) | Read({"path":"b.txt"}) | Grep({"pattern":"TÖDO"}) usage 60+40+0/20(5) by fake""",
                """ToolUse Read({}) usage 60+40+0/20(5) by fake""",
                $"EndTurn text(All done.){(stream && name == "gemini-3-pro" ? " | text()" : "")} usage 60+40+0/20(5) by fake",
            ],
            replies.Select(Talk.Describe));
        Assert.Empty(server.Refusals);
        Assert.Equal(9, replies[0].Calls.First().Id.Value.Length);
        Assert.Equal("given-1", replies[1].Calls.Single().Id.Value);
    }

    [Fact]
    public async Task The_bodies_of_a_task_are_as_approved()
    {
        await using var server = Task();
        var (_, history) = await AnthropicTaskTests.RunAsync(server, Open(server), stream: true);
        server.Add(FakeTurn.Say("Bye."));
        await Talk.ReplyAsync(Open(server), Talk.Ask([.. history]));

        Assert.Empty(server.Refusals);
        Approved.Bodies("gemini-task", server.Bodies);
    }

    internal static FakeGemini Task() => new(
        FakeTurn.CallAll(new("Read", """{"path":"a.txt"}"""), new("Read", """{"path":"b.txt"}"""), new("Grep", """{"pattern":"TÖDO"}""")) with { Text = ["I ", "look."], Reasoning = "First I löök around." },
        FakeTurn.CallAll(new FakeCall("Read", "{}", "given-1")),
        FakeTurn.Say("All ", "done."));

    internal static HttpModel Open(FakeVendor server, string model = "gemini-3-pro", HttpModelOptions? options = null, string? key = null) => new(
        new GeminiProtocol(),
        new ModelEndpoint(server.Url, key),
        new ModelInfo("test", model, "gemini"),
        options ?? new() { Time = new SkippingClock(), Jitter = () => 0.5 });
}
