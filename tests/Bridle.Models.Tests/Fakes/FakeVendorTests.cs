using System.Text;
using Bridle.FakeVendors;

namespace Bridle.Models.Tests.Fakes;

/// <summary>The fakes refuse what the vendors refuse; without that, tests that pass on them would prove nothing.</summary>
public sealed class FakeVendorTests
{
    private const string Call = """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"Read","arguments":"{}"}}]}""";

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", "you must provide a model parameter")]
    [InlineData("""{"model":"m"}""", "Missing required parameter: 'messages'.")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"bogus":1}""", "Unknown parameter: 'bogus'.")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a","bogus":1}]}""", "Unknown parameter: 'messages[0].bogus'.")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":null}]}""", "Invalid type for 'messages[0].content'")]
    [InlineData("""{"model":"m","messages":[{"role":"robot","content":"a"}]}""", "Invalid value: 'robot'.")]
    [InlineData("{\"model\":\"m\",\"messages\":[" + Call + "]}", "must be followed by tool messages responding to each 'tool_call_id'")]
    [InlineData("{\"model\":\"m\",\"messages\":[" + Call + ",{\"role\":\"user\",\"content\":\"a\"}]}", "must be followed by tool messages")]
    [InlineData("{\"model\":\"m\",\"messages\":[" + Call + ",{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"a\"}]}", "must be a response to a preceeding message with 'tool_calls'")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"a.b","arguments":"{}"}}]}]}""", "Invalid 'messages[0].tool_calls[0].function.name': string does not match pattern")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"","arguments":"{}"}}]}]}""", "Invalid 'messages[0].tool_calls[0].function.name'")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","tool_call_id":"c1","content":"a"}]}""", "must be a response to a preceeding message")]
    [InlineData("""{"model":"gpt-5","messages":[{"role":"user","content":"a"}],"max_tokens":5}""", "Use 'max_completion_tokens' instead")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"stream_options":{"include_usage":true}}""", "only allowed when 'stream' is enabled")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[]}""", "Invalid 'tools': empty array")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"x","parameters":{"type":"array"}}}]}""", "Invalid schema for function")]
    public async Task Chat_Completions_refuses(string body, string words)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("never"));
        await Refuses(server, "/chat/completions", body, words);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "Missing required parameter: 'input'.")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"text","text":"a"}]}]}""", "Supported values are: input_text, input_image")]
    [InlineData("""{"model":"m","input":[{"type":"function_call","call_id":"c","name":"x","arguments":"{}"}]}""", "No tool output found for function call c.")]
    [InlineData("""{"model":"m","input":[{"type":"function_call","call_id":"c","name":"a.b","arguments":"{}"}]}""", "Invalid 'input[0].name': string does not match pattern")]
    [InlineData("""{"model":"m","input":[{"type":"function_call_output","call_id":"c","output":"x"}]}""", "No tool call found for function call output with call_id c.")]
    [InlineData("""{"model":"m","input":[{"type":"reasoning","id":"rs_9","summary":[],"encrypted_content":"x"}]}""", "could not be verified")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"x"}}]}""", "Invalid value: 'tools'.")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":"a"}],"messages":[]}""", "Unknown parameter: 'messages'.")]
    public async Task Responses_refuses(string body, string words)
    {
        await using var server = new FakeOpenAiResponses(FakeTurn.Say("never"));
        await Refuses(server, "/responses", body, words);
    }

    [Theory]
    [InlineData("""{"model":"m","options":{"num_ctx":1},"messages":[{"role":"user","content":["a"]}]}""", "cannot unmarshal")]
    [InlineData("""{"model":"m","options":{"num_ctx":1},"messages":[{"role":"assistant","content":"","tool_calls":[{"function":{"name":"x","arguments":"{}"}}]}]}""", "cannot unmarshal string")]
    [InlineData("""{"model":"m","options":{"num_ctx":1},"messages":[{"role":"tool","content":"a","tool_name":"x"}]}""", "answers no call")]
    [InlineData("""{"model":"m","options":{"num_ctx":1},"messages":[{"role":"assistant","content":"","tool_calls":[{"function":{"name":"x","arguments":{}}}]}]}""", "unanswered calls: x")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}]}""", "num_ctx")]
    public async Task Ollama_refuses(string body, string words)
    {
        await using var server = new FakeOllama(FakeTurn.Say("never"));
        await Refuses(server, "/api/chat", body, words);
    }

    private static async Task Refuses(FakeVendor server, string path, string body, string words)
    {
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await client.PostAsync(new Uri(server.Url.ToString().TrimEnd('/') + path), content);

        Assert.Equal(400, (int)reply.StatusCode);
        Assert.Contains(words, System.Text.RegularExpressions.Regex.Unescape(await reply.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Single(server.Refusals);
    }
}
