using Bridle.FakeVendors;
using Bridle.Models.Extensions;
using Bridle.Models.Tests.Anthropic;
using Bridle.Models.Tests.Gemini;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Tests.Extensions;

public sealed class ModelChatClientTests
{
    private static readonly AIFunction Weather = AIFunctionFactory.Create((string city) => $"Sun in {city}.", "Weather", "Tells the weather.");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_task_with_a_function_is_carried_out_over_chat_messages_with_thinking_kept(bool stream)
    {
        await using var server = new FakeAnthropic(
            FakeTurn.CallAll(new("Weather", """{"city":"Ulm"}"""), new("Weather", """{"city":"Köln"}""")) with { Text = ["I look."], Reasoning = "Which cities?" },
            FakeTurn.Call("Weather", """{"city":"Bonn"}""") with { Reasoning = FakeAnthropic.Redacted },
            FakeTurn.Say("Sun ", "everywhere."));
        using var client = new ModelChatClient(AnthropicTaskTests.Open(server));
        var messages = new List<ChatMessage> { new(ChatRole.System, "Be brief."), new(ChatRole.User, "How is the weather?") };
        var options = new ChatOptions { Tools = [Weather], MaxOutputTokens = 77, Instructions = "Be kind." };
        ChatResponse response;
        do
        {
            response = stream ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);
            messages.AddRange(response.Messages);
            var results = new List<AIContent>();
            foreach (var call in response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>())
            {
                results.Add(new FunctionResultContent(call.CallId, await Weather.InvokeAsync(new(call.Arguments))));
            }

            if (results.Count > 0)
            {
                messages.Add(new ChatMessage(ChatRole.Tool, results));
            }
        }
        while (response.FinishReason == ChatFinishReason.ToolCalls);

        Assert.Empty(server.Refusals);
        Assert.Equal("Sun everywhere.", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal((100, 40, 20, 5), (response.Usage!.InputTokenCount, response.Usage.CachedInputTokenCount, response.Usage.OutputTokenCount, response.Usage.ReasoningTokenCount));
        Assert.Equal("claude-test", response.ModelId);
        var last = server.Bodies[^1];
        Assert.Equal("Be kind.\n\nBe brief.", last.GetProperty("system")[0].GetProperty("text").GetString());
        Assert.Equal(77, last.GetProperty("max_tokens").GetInt32());
        Assert.Equal(Weather.JsonSchema.GetRawText(), last.GetProperty("tools")[0].GetProperty("input_schema").GetRawText());
        Assert.Equal("Sun in Köln.", last.GetProperty("messages")[2].GetProperty("content")[1].GetProperty("content").GetString());
        Assert.Equal("thinking", last.GetProperty("messages")[1].GetProperty("content")[0].GetProperty("type").GetString());
        Assert.Equal("redacted_thinking", last.GetProperty("messages")[3].GetProperty("content")[0].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_model_behind_a_chat_client_behind_a_model_behaves_as_the_model_itself(bool stream)
    {
        await using var anthropic = AnthropicTaskTests.Task();
        var (spoken, _) = await AnthropicTaskTests.RunAsync(anthropic, new ChatClientModel(new ModelChatClient(AnthropicTaskTests.Open(anthropic))), stream);
        await using var gemini = GeminiTaskTests.Task();
        await AnthropicTaskTests.RunAsync(gemini, new ChatClientModel(new ModelChatClient(GeminiTaskTests.Open(gemini))), stream);

        Assert.Empty(anthropic.Refusals);
        Assert.Empty(gemini.Refusals);
        Assert.Equal(["I look.", "", "All done."], spoken.Select(reply => reply.Text));
        Assert.Equal([2, 1, 0], spoken.Select(reply => reply.Calls.Count()));
        Assert.All(spoken, reply => Assert.Equal(new Messages.Usage(60, 40, 0, 20, 5), reply.Usage));
    }

    [Fact]
    public async Task A_failure_is_an_exception_that_holds_the_error()
    {
        await using var server = new FakeAnthropic(FakeTurn.Fail(401, "invalid x-api-key"), FakeTurn.Fail(401, "invalid x-api-key"));
        using var client = new ModelChatClient(AnthropicTaskTests.Open(server));
        var whole = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync("Hi"));
        var streamed = await Assert.ThrowsAsync<ModelException>(() => client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal(ModelErrorKind.Authentication, whole.Error.Kind);
        Assert.Equal(ModelErrorKind.Authentication, streamed.Error.Kind);
        Assert.Contains("invalid x-api-key", whole.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_tells_what_it_is()
    {
        await using var server = new FakeAnthropic();
        var model = AnthropicTaskTests.Open(server);
        using var client = new ModelChatClient(model);
        var metadata = client.GetService<ChatClientMetadata>()!;

        Assert.Equal(("test", "claude-test"), (metadata.ProviderName, metadata.DefaultModelId));
        Assert.Same(model, client.GetService<IModel>());
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.Null(client.GetService<string>());
        Assert.Null(client.GetService<IModel>("a key"));
    }
}
