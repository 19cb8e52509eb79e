using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Anthropic;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Anthropic;

public sealed class AnthropicTaskTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_task_of_several_turns_with_parallel_calls_and_thinking_ends_with_an_answer(bool stream)
    {
        await using var server = Task();
        var (replies, _) = await RunAsync(server, Open(server), stream);

        Assert.Equal(
            [
                """ToolUse reasoning(First I löök around.) | text(I look.) | Read({"path":"a.txt"}) | Grep({"pattern":"TÖDO \u00e4"}) usage 60+40+0/20(5) by claude-test""",
                """ToolUse reasoning() | Read({}) usage 60+40+0/20(5) by claude-test""",
                "EndTurn text(All done.) usage 60+40+0/20(5) by claude-test",
            ],
            replies.Select(reply => Normal(Talk.Describe(reply))));
        Assert.Empty(server.Refusals);
        Assert.Equal(1, server.Server.Connections);
    }

    [Fact]
    public async Task The_bodies_of_a_task_are_as_approved()
    {
        await using var server = Task();
        await RunAsync(server, Open(server), stream: true);

        Approved.Bodies("anthropic-task", server.Bodies);
    }

    [Fact]
    public async Task Bytes_of_earlier_messages_stay_the_same_apart_from_the_moving_marks()
    {
        await using var server = Task();
        await RunAsync(server, Open(server), stream: true);

        const string mark = ",\"cache_control\":{\"type\":\"ephemeral\"}";
        var texts = server.Server.Requests.Select(request => request.Text).ToList();
        for (var i = 1; i < texts.Count; i++)
        {
            var before = texts[i - 1].Replace(mark, "", StringComparison.Ordinal);
            var after = texts[i].Replace(mark, "", StringComparison.Ordinal);
            Assert.StartsWith(before[..before.LastIndexOf("]}", StringComparison.Ordinal)], after, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_message_is_serialised_once_however_often_it_is_sent()
    {
        await using var server = new FakeAnthropic(FakeTurn.Say("1"), FakeTurn.Say("2"));
        var parts = new List<MessagePart> { new TextPart("Look.") };
        var message = new Message(Role.User, parts);
        var model = Open(server);
        await Talk.ReplyAsync(model, Talk.Ask(message));
        // Only a second look at the message could see this.
        parts[0] = new TextPart("Changed.");
        await Talk.ReplyAsync(model, Talk.Ask(message, Message.Assistant("1"), Message.User("On.")));

        Assert.Equal("Look.", server.Bodies[1].GetProperty("messages")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Cache_marks_stand_at_the_end_of_the_static_prefix_and_of_the_last_two_requests()
    {
        await using var server = Task();
        await RunAsync(server, Open(server), stream: true);

        var marks = server.Server.Requests.Select(request => request.Text.Split("cache_control").Length - 1);
        Assert.Equal([2, 3, 3], marks);
        foreach (var body in server.Bodies)
        {
            Assert.True(body.GetProperty("system")[0].TryGetProperty("cache_control", out _));
            var messages = body.GetProperty("messages");
            var last = messages[messages.GetArrayLength() - 1].GetProperty("content");
            Assert.True(last[last.GetArrayLength() - 1].TryGetProperty("cache_control", out _));
        }
    }

    [Fact]
    public async Task Without_a_system_text_the_last_tool_carries_the_mark_of_the_static_prefix()
    {
        await using var server = new FakeAnthropic(FakeTurn.Say("Yes."));
        await Talk.ReplyAsync(Open(server), Talk.Ask("Is it?") with { System = "" });

        var tools = server.Bodies[0].GetProperty("tools");
        Assert.False(tools[0].TryGetProperty("cache_control", out _));
        Assert.True(tools[1].TryGetProperty("cache_control", out _));
        Assert.False(server.Bodies[0].TryGetProperty("system", out _));
    }

    internal static FakeAnthropic Task() => new(
        FakeTurn.CallAll(new("Read", """{"path":"a.txt"}"""), new("Grep", """{"pattern":"TÖDO \u00e4"}""")) with { Text = ["I ", "look."], Reasoning = "First I löök around." },
        FakeTurn.Call("Read", "") with { Reasoning = FakeAnthropic.Redacted },
        FakeTurn.Say("All ", "done."));

    internal static async Task<(List<ModelReply> Replies, List<Message> History)> RunAsync(FakeVendor server, IModel model, bool stream)
    {
        var history = new List<Message> { Message.User("Look.") };
        var replies = new List<ModelReply>();
        for (var turn = 0; turn < 3; turn++)
        {
            replies.Add(await Talk.ReplyAsync(model, Talk.Ask([.. history]) with { Stream = stream }));
            history.Add(Talk.Said(replies[^1]));
            history.Add(replies[^1].Calls.Any() ? Talk.Results(replies[^1], call => $"result of {call.Name}", new TextPart("Go on.")) : Message.User("Thanks."));
        }

        return (replies, history);
    }

    internal static HttpModel Open(FakeVendor server, string model = "claude-test", HttpModelOptions? options = null, string? key = null, AnthropicOptions? anthropic = null) => new(
        new AnthropicProtocol(anthropic),
        new ModelEndpoint(server.Url, key),
        new ModelInfo("test", model, "anthropic"),
        options ?? new() { Time = new SkippingClock(), Jitter = () => 0.5 });

    // A body that comes in one piece has its arguments as an object, so that none and empty look different.
    private static string Normal(string reply) => reply.Replace("Read()", "Read({})", StringComparison.Ordinal);
}
