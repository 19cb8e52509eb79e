using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models.Http;
using Bridle.Models.Tests.Anthropic;
using Bridle.Models.Tests.Gemini;

namespace Bridle.Models.Tests.Http;

public sealed class WireNamesTests
{
    private static readonly string[] s_bad = ["multi_tool_use.parallel", "functions.Read", "", "Read<|channel|>json", "-x", "7up", "a b/c", "Lesen\u00e4\ud800", new('n', 200)];

    [Theory]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task A_vendor_takes_back_what_it_would_refuse_as_a_name(string api)
    {
        await using FakeVendor server = api switch
        {
            "anthropic" => new FakeAnthropic(FakeTurn.Say("1"), FakeTurn.Say("2")),
            "gemini" => new FakeGemini(FakeTurn.Say("1"), FakeTurn.Say("2")),
            _ => Protocols.Fake(api, FakeTurn.Say("1"), FakeTurn.Say("2")),
        };
        HttpModel Open() => api switch { "anthropic" => AnthropicTaskTests.Open(server), "gemini" => GeminiTaskTests.Open(server), _ => Protocols.Open(server) };
        var calls = s_bad.Select((name, i) => new ToolCallPart(new($"c{i}"), name, "{}")).ToList();
        Message[] history =
        [
            Message.User("Go."),
            new(Role.Assistant, [.. calls]),
            new(Role.User, [.. calls.Select(call => new ToolResultPart(call.Id, call.Name, [new TextPart("There is no such tool.")], true))]),
        ];
        await Talk.ReplyAsync(Open(), Talk.Ask(history));
        await Talk.ReplyAsync(Open(), Talk.Ask(history));

        Assert.Empty(server.Refusals);
        Assert.Equal(server.Server.Requests[0].Text, server.Server.Requests[1].Text);
    }

    [Fact]
    public void A_name_that_is_allowed_stays_and_others_differ_from_each_other()
    {
        string[] good = ["Read", "mcp__server__tool-1", "_x", new('n', 64)];
        Assert.All(good, name => Assert.Equal((name, name, name), (WireNames.ForOpenAi(name, ""), WireNames.ForAnthropic(name), WireNames.ForGemini(name))));
        Assert.Equal("multi_tool_use.parallel", WireNames.ForGemini("multi_tool_use.parallel"));
        Assert.Equal(new string('n', 128), WireNames.ForAnthropic(new string('n', 128)));
        Assert.Equal("Read", WireNames.ForOpenAi("functions.Read", ""));
        Assert.Matches("^multi_tool_use_parallel_[0-9a-f]{8}$", WireNames.ForOpenAi("multi_tool_use.parallel", ""));
        Assert.NotEqual(WireNames.ForOpenAi("a.b", ""), WireNames.ForOpenAi("a:b", ""));
        Assert.NotEqual(WireNames.ForOpenAi(new string('n', 65), ""), WireNames.ForOpenAi(new string('n', 66), ""));
        Assert.Equal(s_bad.Length, s_bad.Select(WireNames.ForAnthropic).Distinct().Count());
    }

    [Fact]
    public async Task A_tool_that_is_offered_under_an_odd_name_keeps_it()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(404, "{}"));
        var call = new ToolCallPart(new("c1"), "files.read", "{}");
        await Talk.ErrorAsync(Model.For(ModelApi.OpenAi, server.Url, "m", null), Talk.Ask(
            Message.User("Go."), new(Role.Assistant, [call]), new(Role.User, [new ToolResultPart(call.Id, call.Name, [new TextPart("x")], false)])) with
        { Tools = [new("files.read", "Reads.", Talk.Schema("""{"type":"object"}"""))] });

        Assert.Equal(2, server.Requests[0].Text.Split("\"name\":\"files.read\"").Length - 1);
    }
}
