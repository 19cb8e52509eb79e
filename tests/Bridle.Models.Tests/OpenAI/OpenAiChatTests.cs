using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Http;
using Bridle.Models.OpenAI;

namespace Bridle.Models.Tests.OpenAI;

public sealed class OpenAiChatTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_task_of_several_turns_with_parallel_calls_ends_with_an_answer(bool stream)
    {
        await using var server = new FakeOpenAiChat(
            FakeTurn.CallAll(new("Read", """{"path":"a.txt"}"""), new("Grep", """{"pattern":"TÖDO"}""")) with { Text = ["I look."] },
            FakeTurn.Call("Read", """{"path":"b.txt"}"""),
            FakeTurn.Say("All ", "done."));
        var model = Open(server);
        var history = new List<Message> { Message.User("Look.") };
        var replies = new List<string>();
        for (var turn = 0; turn < 3; turn++)
        {
            var reply = await Talk.ReplyAsync(model, Talk.Ask([.. history]) with { Stream = stream });
            replies.Add(Talk.Describe(reply));
            history.Add(Talk.Said(reply));
            history.Add(Talk.Results(reply, call => $"result of {call.Name}"));
        }

        Assert.Equal(
            [
                """ToolUse text(I look.) | Read({"path":"a.txt"}) | Grep({"pattern":"TÖDO"}) usage 60+40+0/20(5) by gpt-4.1-2026""",
                """ToolUse Read({"path":"b.txt"}) usage 60+40+0/20(5) by gpt-4.1-2026""",
                "EndTurn text(All done.) usage 60+40+0/20(5) by gpt-4.1-2026",
            ],
            replies);
        Assert.Empty(server.Refusals);
        Assert.Equal(1, server.Server.Connections);
    }

    internal static HttpModel Open(FakeVendor server, string model = "gpt-4.1", HttpModelOptions? options = null, string? key = null) => new(
        new OpenAiChatProtocol(),
        new ModelEndpoint(server.Url, key),
        new ModelInfo("test", model, "openai"),
        options ?? new() { Time = new SkippingClock(), Jitter = () => 0.5 });
}
