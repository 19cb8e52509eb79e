using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bridle.FakeVendors;

namespace Bridle.Models.Tests.Anthropic;

/// <summary>The fake is only worth something when it refuses what the vendor refuses.</summary>
public sealed class FakeAnthropicTests
{
    private const string Body = """
        {"model":"m","max_tokens":10,"tools":[{"name":"Read","input_schema":{"type":"object"}}],"messages":[
          {"role":"user","content":"Go."},
          {"role":"assistant","content":[{"type":"thinking","thinking":"T","signature":"S"},{"type":"tool_use","id":"a","name":"Read","input":{}},{"type":"tool_use","id":"b","name":"Read","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"},{"type":"tool_result","tool_use_id":"b","content":"y"},{"type":"text","text":"On."}]}]}
        """;

    [Theory]
    [InlineData("temperature is taken by the old version", """{"temperature":0.5}""", null)]
    [InlineData("unknown field", """{"n":1}""", "n: Extra inputs are not permitted")]
    [InlineData("no limit", """{"max_tokens":null}""", "max_tokens: Field required")]
    [InlineData("no tools", """{"tools":[]}""", "must define tools")]
    [InlineData("bad tool", """{"tools":[{"name":"a b","input_schema":{"type":"object"}}]}""", "should match pattern")]
    [InlineData("unanswered call", """{"2":[{"type":"tool_result","tool_use_id":"a","content":"x"}]}""", "without `tool_result` blocks immediately after: b")]
    [InlineData("results not first", """{"2":[{"type":"text","text":"On."},{"type":"tool_result","tool_use_id":"a"},{"type":"tool_result","tool_use_id":"b"}]}""", "without `tool_result` blocks immediately after: a, b")]
    [InlineData("result without a call", """{"2":[{"type":"tool_result","tool_use_id":"a"},{"type":"tool_result","tool_use_id":"b"},{"type":"tool_result","tool_use_id":"c"}]}""", "unexpected `tool_use_id` found in `tool_result` blocks: c")]
    [InlineData("two results for a call", """{"2":[{"type":"tool_result","tool_use_id":"a"},{"type":"tool_result","tool_use_id":"a"},{"type":"tool_result","tool_use_id":"b"}]}""", "single result")]
    [InlineData("changed signature", """{"1":[{"type":"thinking","thinking":"T","signature":"s"},{"type":"text","text":"x"}],"2":"On."}""", "Invalid `signature`")]
    [InlineData("changed thinking", """{"1":[{"type":"thinking","thinking":"t","signature":"S"},{"type":"text","text":"x"}],"2":"On."}""", "Invalid `signature`")]
    [InlineData("thinking left out", """{"1":[{"type":"tool_use","id":"issued","name":"Read","input":{}}],"2":[{"type":"tool_result","tool_use_id":"issued"}]}""", "Expected `thinking`")]
    [InlineData("empty text", """{"2":[{"type":"tool_result","tool_use_id":"a"},{"type":"tool_result","tool_use_id":"b"},{"type":"text","text":" "}]}""", "non-whitespace")]
    [InlineData("bad id", """{"1":[{"type":"tool_use","id":"a.b","name":"Read","input":{}}],"2":[{"type":"tool_result","tool_use_id":"a.b"}]}""", "should match pattern")]
    [InlineData("bad name", """{"1":[{"type":"tool_use","id":"a","name":"a.b","input":{}}],"2":[{"type":"tool_result","tool_use_id":"a"}]}""", "tool_use.name: String should match pattern")]
    [InlineData("no name", """{"1":[{"type":"tool_use","id":"a","name":"","input":{}}],"2":[{"type":"tool_result","tool_use_id":"a"}]}""", "tool_use.name: String should match pattern")]
    [InlineData("unknown block", """{"0":[{"type":"video"}]}""", "does not match any of the expected tags")]
    [InlineData("unknown field of a block", """{"0":[{"type":"text","text":"x","y":1}]}""", "y: Extra inputs are not permitted")]
    [InlineData("too many marks", """{"0":[{"type":"text","text":"1","cache_control":{"type":"ephemeral"}},{"type":"text","text":"2","cache_control":{"type":"ephemeral"}},{"type":"text","text":"3","cache_control":{"type":"ephemeral"}},{"type":"text","text":"4","cache_control":{"type":"ephemeral"}},{"type":"text","text":"5","cache_control":{"type":"ephemeral"}}]}""", "A maximum of 4 blocks with cache_control")]
    public async Task It_refuses_in_the_vendors_words(string what, string change, string? refusal)
    {
        await using var server = new FakeAnthropic(
            new FakeTurn { Reasoning = "T", Calls = [new("Read", "{}", "issued")] },
            FakeTurn.Say("Fine."));
        var first = await PostAsync(server, """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"Go."}]}""");
        var signature = first.Body["content"]![0]!["signature"]!.GetValue<string>();

        var body = JsonNode.Parse(Body.Replace("\"S\"", $"\"{signature}\"", StringComparison.Ordinal))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change.Replace("\"S\"", $"\"{signature}\"", StringComparison.Ordinal))!.AsObject())
        {
            if (int.TryParse(name, out var message))
            {
                body["messages"]![message]!["content"] = value?.DeepClone();
            }
            else
            {
                body[name] = value?.DeepClone();
            }
        }

        var (status, answer) = await PostAsync(server, body.ToJsonString());
        Assert.True(refusal is null == (status == HttpStatusCode.OK), $"{what}: {answer.ToJsonString()}");
        if (refusal is not null)
        {
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Equal("invalid_request_error", answer["error"]!["type"]!.GetValue<string>());
            Assert.Contains(refusal, answer["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("2026-10-21", "sampling parameters are not supported")]
    [InlineData("2020-01-01", "is not a valid version")]
    [InlineData(null, "header is required")]
    public async Task It_looks_at_the_version(string? version, string refusal)
    {
        await using var server = new FakeAnthropic(FakeTurn.Say("Fine."));
        var (status, answer) = await PostAsync(server, """{"model":"m","max_tokens":1,"temperature":1,"messages":[{"role":"user","content":"Go."}]}""", version);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(refusal, answer["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(FakeAnthropic server, string body, string? version = "2023-06-01")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, "/v1/messages")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (version is not null)
        {
            request.Headers.Add("anthropic-version", version);
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
