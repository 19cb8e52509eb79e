using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bridle.FakeVendors;

namespace Bridle.Models.Tests.Gemini;

/// <summary>The fake is only worth something when it refuses what the vendor refuses.</summary>
public sealed class FakeGeminiTests
{
    private const string Body = """
        {"contents":[
          {"role":"user","parts":[{"text":"Go."}]},
          {"role":"model","parts":[{"functionCall":{"name":"Read","args":{}},"thoughtSignature":"S"},{"functionCall":{"name":"Grep","args":{}}}]},
          {"role":"user","parts":[{"functionResponse":{"name":"Read","response":{}}},{"functionResponse":{"name":"Grep","response":{}}}]}]}
        """;

    [Theory]
    [InlineData("as it should be", "{}", null)]
    [InlineData("unknown field", """{"stream":true}""", "Unknown name \"stream\"")]
    [InlineData("unknown field of a part", """{"0":[{"text":"x","cache_control":1}]}""", "Unknown name \"cache_control\"")]
    [InlineData("two kinds in a part", """{"0":[{"text":"x","inlineData":{}}]}""", "oneof field 'data'")]
    [InlineData("too few responses", """{"2":[{"functionResponse":{"name":"Read","response":{}}}]}""", "number of function response parts is equal")]
    [InlineData("too many responses", """{"1":[{"functionCall":{"name":"Read","args":{}},"thoughtSignature":"S"}]}""", "number of function response parts is equal")]
    [InlineData("wrong order", """{"2":[{"functionResponse":{"name":"Grep","response":{}}},{"functionResponse":{"name":"Read","response":{}}}]}""", "does not match the function call")]
    [InlineData("response is no object", """{"2":[{"functionResponse":{"name":"Read","response":"x"}},{"functionResponse":{"name":"Grep","response":{}}}]}""", "function_response.response: required")]
    [InlineData("response without a call", """{"1":[{"text":"x"}]}""", "immediately after a function call turn")]
    [InlineData("missing signature", """{"1":[{"functionCall":{"name":"Read","args":{}}},{"functionCall":{"name":"Grep","args":{}}}]}""", "missing a thought_signature")]
    [InlineData("changed signature", """{"1":[{"functionCall":{"name":"Read","args":{}},"thoughtSignature":"AAAA"},{"functionCall":{"name":"Grep","args":{}}}]}""", "Corrupted thought signature")]
    [InlineData("signature of a foreign call", """{"1":[{"functionCall":{"name":"Read","args":{}},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"Grep","args":{}}}]}""", null)]
    [InlineData("dots and colons in a name", """{"1":[{"functionCall":{"name":"a.b:c","args":{}},"thoughtSignature":"S"}],"2":[{"functionResponse":{"name":"a.b:c","response":{}}}]}""", null)]
    [InlineData("bad name", """{"1":[{"functionCall":{"name":"7up","args":{}},"thoughtSignature":"S"}],"2":[{"functionResponse":{"name":"7up","response":{}}}]}""", "function_call.name: Invalid function name")]
    [InlineData("no name", """{"2":[{"functionResponse":{"name":"","response":{}}},{"functionResponse":{"name":"Grep","response":{}}}]}""", "function_response.name: Invalid function name")]
    [InlineData("no alternation", """{"roles":["user","user","user"]}""", "alternate between user and model")]
    [InlineData("wrong role", """{"roles":["user","assistant","user"]}""", "valid role")]
    [InlineData("nothing", """{"contents":[]}""", "contents is not specified")]
    [InlineData("two ways to think", """{"generationConfig":{"thinkingConfig":{"thinkingBudget":1,"thinkingLevel":"low"}}}""", "only one of thinking budget")]
    public async Task It_refuses_in_the_vendors_words(string what, string change, string? refusal)
    {
        await using var server = new FakeGemini(FakeTurn.Call("Read", "{}"), FakeTurn.Say("Fine."));
        var first = await PostAsync(server, """{"contents":[{"role":"user","parts":[{"text":"Go."}]}]}""");
        var signature = first.Body["candidates"]![0]!["content"]!["parts"]![0]!["thoughtSignature"]!.GetValue<string>();

        var body = JsonNode.Parse(Body.Replace("\"S\"", $"\"{signature}\"", StringComparison.Ordinal))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change.Replace("\"S\"", $"\"{signature}\"", StringComparison.Ordinal))!.AsObject())
        {
            if (int.TryParse(name, out var content))
            {
                body["contents"]![content]!["parts"] = value?.DeepClone();
            }
            else if (name == "roles")
            {
                for (var i = 0; i < 3; i++)
                {
                    body["contents"]![i]!["role"] = value![i]!.DeepClone();
                }
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
            Assert.Equal("INVALID_ARGUMENT", answer["error"]!["status"]!.GetValue<string>());
            Assert.Contains(refusal, answer["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(FakeGemini server, string body)
    {
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(server.Url, "/v1beta/models/gemini-3-pro:generateContent"), content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
