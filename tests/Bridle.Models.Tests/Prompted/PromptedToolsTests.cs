using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Http;
using Bridle.Models.Prompted;
using Bridle.Models.Tests.Anthropic;

namespace Bridle.Models.Tests.Prompted;

public sealed class PromptedToolsTests
{
    private const string Read = "```tool_call\n{\"name\":\"Read\",\"input\":{\"path\":\"a.txt\"}}\n```";
    private const string Grep = "```tool_call\r\n{\"name\": \"Grep\", \"input\": {\"pattern\": \"x\"}}\r\n```";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_model_without_tools_carries_out_a_task_and_nothing_of_tools_goes_over_the_wire(bool stream)
    {
        await using var server = new FakeAnthropic(
            FakeTurn.Say("I look.\n``", "`tool_", "call\n{\"name\":\"Read\",\"in", "put\":{\"path\":\"a.txt\"}}\n``", "`\n" + Grep + "\nThat is all."),
            FakeTurn.Say("Done."));
        var model = new PromptedTools(AnthropicTaskTests.Open(server));
        var history = new List<Message> { Message.User("Look.") };
        var updates = await Talk.AllAsync(model, Ask(history) with { Stream = stream });
        var reply = Assert.IsType<ReplyFinished>(updates[^1]).Reply;

        Assert.Equal("I look.\nThat is all.", string.Concat(updates.OfType<TextArrived>().Select(text => text.Text)));
        Assert.Equal(["Read", "Grep"], updates.OfType<CallArriving>().Select(call => call.Tool));
        Assert.Equal("""ToolUse text(I look.""" + "\n" + """) | Read({"path":"a.txt"}) | Grep({"pattern":"x"}) | text(That is all.) usage 60+40+0/20(5) by claude-test""", Talk.Describe(reply));

        history.Add(Talk.Said(reply));
        history.Add(Talk.Results(reply, call => $"result of {call.Name}", new TextPart("Go on.")));
        await Talk.ReplyAsync(model, Ask(history) with { Stream = stream });

        Assert.Empty(server.Refusals);
        Assert.All(server.Bodies, body => Assert.False(body.TryGetProperty("tools", out _)));
        Assert.All(server.Server.Requests, request => Assert.DoesNotContain("tool_use", request.Text, StringComparison.Ordinal));
        Assert.All(server.Server.Requests, request => Assert.DoesNotContain("tool_result", request.Text, StringComparison.Ordinal));
        var text = server.Bodies[1].GetProperty("messages").ToString();
        var ids = reply.Calls.Select(call => call.Id.Value).ToList();
        Approved.Text("prompted-task", $"{server.Bodies[1].GetProperty("system")[0].GetProperty("text").GetString()}\n=== messages\n{string.Join('\n', server.Bodies[1].GetProperty("messages").EnumerateArray().SelectMany(message => message.GetProperty("content").EnumerateArray()).Select(block => block.GetProperty("text").GetString()))}"
            .Replace(ids[0], "ID-1", StringComparison.Ordinal).Replace(ids[1], "ID-2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"name\":\"Read\",\"input\":{\"path\":", "Read", "{\"name\":\"Read\",\"input\":{\"path\":")]
    [InlineData("{\"name\":\"Read\",\"input\":{}} and more", "Read", "{\"name\":\"Read\",\"input\":{}} and more")]
    [InlineData("Read a.txt", "tool_call", "Read a.txt")]
    [InlineData("", "tool_call", "(empty)")]
    [InlineData("{\"tool_name\":\"Read\"}", "tool_call", "{\"tool_name\":\"Read\"}")]
    [InlineData("\"Read\"", "tool_call", "\"Read\"")]
    public async Task A_block_that_cannot_be_read_is_a_call_that_fails_and_the_model_is_told_the_form(string inside, string name, string arguments)
    {
        await using var server = new FakeAnthropic(FakeTurn.Say($"Now:\n```tool_call\n{inside}\n```"), FakeTurn.Say("Sorry."));
        var model = new PromptedTools(AnthropicTaskTests.Open(server));
        var reply = await Talk.ReplyAsync(model, Ask([Message.User("Go.")]));
        var call = Assert.Single(reply.Calls);

        Assert.Equal(name, call.Name);
        Assert.Equal(arguments, call.Arguments);
        Assert.Equal(StopReason.ToolUse, reply.Stop);

        await Talk.ReplyAsync(model, Ask([Message.User("Go."), Talk.Said(reply), new(Role.User, [new ToolResultPart(call.Id, call.Name, [new TextPart("No JSON.")], true)])]));
        var told = server.Bodies[1].GetProperty("messages")[2].GetProperty("content")[0].GetProperty("text").GetString()!;
        Assert.StartsWith($"Error from {name} ({call.Id}):\nNo JSON.\n\nYour `tool_call` block could not be read", told, StringComparison.Ordinal);
        // The model sees what it wrote.
        Assert.Contains(arguments, server.Bodies[1].GetProperty("messages")[1].GetProperty("content").EnumerateArray().Last().GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"name\":\"Read\",\"input\":{}},{\"name\":\"Grep\",\"input\":{}}]", "Read({}) | Grep({})")]
    [InlineData("{\"name\":\"Read\",\"input\":{}}\n{\"name\":\"Grep\",\"input\":{}}", "Read({}) | Grep({})")]
    [InlineData("{\"name\":\"Read\"}", "Read()")]
    [InlineData("{\"name\":\"Read\",\"arguments\":{\"a\":1,},}", "Read({\"a\":1})")]
    [InlineData("{\"name\":\"Read\",\"input\":\"{\\\"a\\\":1}\"}", "Read({\"a\":1})")]
    [InlineData("{\"name\":\"Read\",\"input\":[1]}", "Read([1])")]
    public async Task What_is_unambiguous_is_understood(string inside, string calls)
    {
        await using var server = new FakeAnthropic(FakeTurn.Say($"```tool_call\n{inside}\n```"));
        var reply = await Talk.ReplyAsync(new PromptedTools(AnthropicTaskTests.Open(server)), Ask([Message.User("Go.")]));
        Assert.StartsWith($"ToolUse {calls} usage", Talk.Describe(reply), StringComparison.Ordinal);
        Assert.Equal(reply.Calls.Count(), reply.Calls.Select(call => call.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_reply_that_breaks_off_shows_no_half_block()
    {
        await using var server = new FakeAnthropic(new FakeTurn { Text = ["Hm.", "\n```tool_call\n{\"name\"", ":\"Read\"}", "x"], Fault = new FakeFault.Cut { After = 6 } });
        var updates = await Talk.AllAsync(new PromptedTools(AnthropicTaskTests.Open(server)), Ask([Message.User("Go.")]));
        Assert.Equal("Hm.\n", Assert.IsType<ReplyFailed>(updates[^1]).PartialText);
        Assert.Equal("Hm.\n", string.Concat(updates.OfType<TextArrived>().Select(text => text.Text)));
    }

    [Fact]
    public async Task Other_requests_pass_through_untouched()
    {
        await using var server = new FakeAnthropic(FakeTurn.Say(Read));
        var reply = await Talk.ReplyAsync(new PromptedTools(AnthropicTaskTests.Open(server)), Talk.Ask("Go."));
        Assert.Empty(reply.Calls);
        Assert.Equal(Read, reply.Text);
        Assert.True(server.Bodies[0].TryGetProperty("tools", out _));
    }

    [Fact]
    public async Task The_offer_describes_every_kind_of_parameter()
    {
        await using var server = new FakeAnthropic(FakeTurn.Say("Yes."));
        var tools = new ToolSchema[]
        {
            new("Do", "Does it.", Talk.Schema("""
                {"type":"object","required":["a","f"],"properties":{"a":{"type":"string","description":"A."},"b":{"type":["integer","null"]},"c":{"enum":["x","y"]},
                "d":{"type":"array","items":{"type":"string"}},"e":{"type":"array","items":{"type":"object","properties":{"k":{"type":"string"}}}},"f":{"type":"object","properties":{"k":{"type":"boolean"}}},"g":{},"h":{"anyOf":[{"type":"string"}]}}}
                """)),
            new("Stop", "Stops.", Talk.Schema("""{"type":"object"}""")),
        };
        await Talk.ReplyAsync(new PromptedTools(AnthropicTaskTests.Open(server)), Ask([Message.User("Go.")]) with { Tools = tools, System = "" });
        var system = server.Bodies[0].GetProperty("system")[0].GetProperty("text").GetString()!;
        Approved.Text("prompted-offer", system[system.IndexOf("###", StringComparison.Ordinal)..]);
    }

    private static ModelRequest Ask(IReadOnlyList<Message> messages) => Talk.Ask([.. messages]) with { ToolCalling = ToolCalling.Prompted };
}
