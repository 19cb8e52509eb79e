using Bridle.FakeVendors;
using Bridle.Messages;

namespace Bridle.Models.Tests;

public sealed class ToolTaskTests
{
    private static readonly FakeTurn[] Script =
    [
        FakeTurn.CallAll(new("Read", """{"path":"a.txt"}"""), new("Grep", """{"pattern":"TÖDO"}""")) with { Reasoning = "Look first.", Text = ["I ", "look."] },
        FakeTurn.Call("Read", """{"path":"b.txt"}""") with { Reasoning = "One more." },
        FakeTurn.Say("All ", "done. 🙂"),
    ];

    public static TheoryData<string, bool> Cases => new() { { "openai", true }, { "openai", false }, { "openai-responses", true }, { "openai-responses", false }, { "ollama", true }, { "ollama", false } };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_task_of_several_turns_with_parallel_calls_is_accepted_by_the_vendor_and_ends_with_an_answer(string api, bool stream)
    {
        await using var server = Protocols.Fake(api, Script);
        var model = Protocols.Open(server);
        var history = new List<Message> { Message.User("Look.") };
        var seen = new List<string>();
        for (var turn = 0; turn < Script.Length; turn++)
        {
            var updates = await Talk.AllAsync(model, Talk.Ask([.. history]) with { Stream = stream, CacheKey = api == "ollama" ? null : "session-1" });
            seen.Add(Talk.Describe(updates));
            var reply = Assert.IsType<ReplyFinished>(updates[^1]).Reply;
            history.Add(Talk.Said(reply));
            history.Add(Talk.Results(reply, call => $"result of {call.Name}", new TextPart("Go on.")));
        }

        Assert.Empty(server.Refusals);
        Assert.Equal(3, server.Bodies.Count);
        Assert.Equal(1, server.Server.Connections);
        Assert.Equal(Expected(api, stream), string.Concat(seen));
    }

    private static string Expected(string api, bool stream)
    {
        var model = api == "ollama" ? "m1" : "m1-2026";
        var usage = api == "ollama" ? "100+0+0/20(0)" : "60+40+0/20(5)";
        var hidden = api == "openai";
        string Thinking(string first, string second) => hidden ? "" : stream ? $"reasoning {first}\nreasoning {second}\n" : $"reasoning {first}{second}\n";
        string Thought(string text) => hidden ? "" : $"reasoning({text}) | ";
        return
            Thinking("Look f", "irst.")
            + (stream ? "text I \ntext look.\n" : "text I look.\n")
            + "call Read\ncall Grep\n"
            + $$"""finished ToolUse {{Thought("Look first.")}}text(I look.) | Read({"path":"a.txt"}) | Grep({"pattern":"TÖDO"}) usage {{usage}} by {{model}}""" + "\n"
            + Thinking("One m", "ore.")
            + "call Read\n"
            + $$"""finished ToolUse {{Thought("One more.")}}Read({"path":"b.txt"}) usage {{usage}} by {{model}}""" + "\n"
            + (stream ? "text All \ntext done. 🙂\n" : "text All done. 🙂\n")
            + $"finished EndTurn text(All done. 🙂) usage {usage} by {model}\n";
    }
}
