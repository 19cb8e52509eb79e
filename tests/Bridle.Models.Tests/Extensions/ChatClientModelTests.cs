using System.Runtime.CompilerServices;
using Bridle.Messages;
using Bridle.Models.Extensions;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Tests.Extensions;

public sealed class ChatClientModelTests
{
    [Fact]
    public async Task What_a_client_streams_becomes_a_reply_and_goes_back_as_it_came()
    {
        using var client = new Scripted(
            [
                new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Hm")]),
                new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("m.") { ProtectedData = "secret==" }]),
                new ChatResponseUpdate(ChatRole.Assistant, "I "),
                new ChatResponseUpdate(ChatRole.Assistant, "look."),
                new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c1", "Read", new Dictionary<string, object?> { ["path"] = "a", ["n"] = 3 }) { AdditionalProperties = new() { ["signature"] = "s==" } }]),
                new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 10, CachedInputTokenCount = 4, OutputTokenCount = 5, ReasoningTokenCount = 2 })]) { FinishReason = ChatFinishReason.ToolCalls, ModelId = "m-1" },
            ],
            [new ChatResponseUpdate(ChatRole.Assistant, "Done.") { FinishReason = ChatFinishReason.Stop }]);
        var model = new ChatClientModel(client);
        var updates = await Talk.AllAsync(model, Talk.Ask("Go.") with { Effort = "high", MaxOutputTokens = 9 });
        var reply = Assert.IsType<ReplyFinished>(updates[^1]).Reply;

        Assert.Equal("reasoning Hm\nreasoning m.\ntext I \ntext look.\ncall Read\n", Talk.Describe(updates.SkipLast(1)));
        Assert.Equal("""ToolUse reasoning(Hmm.) | text(I look.) | Read({"path":"a","n":3}) usage 6+4+0/5(2) by m-1""", Talk.Describe(reply));
        Assert.Equal("scripted/default", model.Info.FullName);

        await Talk.ReplyAsync(model, Talk.Ask(Message.User("Go."), Talk.Said(reply), Talk.Results(reply, _ => "content", new TextPart("On."))));
        var (messages, options) = client.Seen[1];
        Assert.Equal(["system", "user", "assistant", "tool", "user"], messages.Select(message => message.Role.Value));
        var said = messages[2].Contents;
        Assert.Equal(("Hmm.", "secret=="), (((TextReasoningContent)said[0]).Text, ((TextReasoningContent)said[0]).ProtectedData));
        var call = (FunctionCallContent)said[2];
        Assert.Equal(("c1", "s=="), (call.CallId, call.AdditionalProperties!["signature"]));
        Assert.Equal("c1", ((FunctionResultContent)messages[3].Contents[0]).CallId);
        Assert.Equal("content", ((FunctionResultContent)messages[3].Contents[0]).Result);
        Assert.Equal(["Read", "Grep"], options!.Tools!.Select(tool => tool.Name));
        Assert.Equal((9, ReasoningEffort.High), (client.Seen[0].Options!.MaxOutputTokens, client.Seen[0].Options!.Reasoning!.Effort));
    }

    [Fact]
    public async Task Protected_reasoning_of_another_model_is_not_sent()
    {
        using var client = new Scripted([new ChatResponseUpdate(ChatRole.Assistant, "Done.")]);
        var foreign = new ReasoningPart("Hm") { Vendor = new("anthropic/x", Talk.Schema("""{"protected_data":"secret"}""")) };
        await Talk.ReplyAsync(new ChatClientModel(client), Talk.Ask(Message.User("Go."), new Message(Role.Assistant, [foreign, new TextPart("Yes.")]), Message.User("On.")));

        Assert.DoesNotContain(client.Seen[0].Messages.SelectMany(message => message.Contents), content => content is TextReasoningContent);
    }

    [Fact]
    public async Task What_a_client_throws_is_a_failure_with_what_was_shown()
    {
        var cases = new (Exception Thrown, ModelErrorKind Kind)[]
        {
            (new HttpRequestException("no", null, System.Net.HttpStatusCode.Unauthorized), ModelErrorKind.Authentication),
            (new HttpRequestException("no", null, System.Net.HttpStatusCode.TooManyRequests), ModelErrorKind.RateLimit),
            (new HttpRequestException("no", null, System.Net.HttpStatusCode.BadGateway), ModelErrorKind.Server),
            (new HttpRequestException("no"), ModelErrorKind.Connection),
            (new TimeoutException("no"), ModelErrorKind.Timeout),
            (new InvalidOperationException("no"), ModelErrorKind.Server),
            (new ModelException(new(ModelErrorKind.Quota, "no", "pay")), ModelErrorKind.Quota),
        };
        foreach (var (thrown, kind) in cases)
        {
            using var client = new Scripted([new ChatResponseUpdate(ChatRole.Assistant, "Half")]) { Thrown = thrown };
            var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(new ChatClientModel(client), Talk.Ask("Go.")))[^1]);
            Assert.Equal(kind, failed.Error.Kind);
            Assert.Equal("Half", failed.PartialText);
            Assert.Contains("no", failed.Error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Cancelling_is_not_a_failure()
    {
        using var source = new CancellationTokenSource();
        using var client = new Scripted([new ChatResponseUpdate(ChatRole.Assistant, "Half")]) { BeforeEnd = source.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Talk.AllAsync(new ChatClientModel(client), Talk.Ask("Go."), source.Token));
    }

    [Fact]
    public async Task Arguments_that_the_client_could_not_read_never_look_like_none()
    {
        using var client = new Scripted([new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c", "Read") { Exception = new FormatException("bad") }])]);
        var reply = await Talk.ReplyAsync(new ChatClientModel(client), Talk.Ask("Go."));
        Assert.Contains("bad", reply.Calls.Single().Arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_that_may_not_be_called_are_not_to_be_chosen()
    {
        using var client = new Scripted([new ChatResponseUpdate(ChatRole.Assistant, "Done.")]);
        await Talk.ReplyAsync(new ChatClientModel(client), Talk.Ask("Go.") with { ToolCalling = ToolCalling.None });
        Assert.IsType<NoneChatToolMode>(client.Seen[0].Options!.ToolMode);
    }

    private sealed class Scripted(params ChatResponseUpdate[][] replies) : IChatClient
    {
        private int _next;

        public List<(List<ChatMessage> Messages, ChatOptions? Options)> Seen { get; } = [];

        public Exception? Thrown { get; init; }

        public Action? BeforeEnd { get; init; }

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Seen.Add(([.. messages], options));
            foreach (var update in replies[_next++])
            {
                await Task.Yield();
                yield return update;
            }

            BeforeEnd?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            if (Thrown is not null)
            {
                throw Thrown;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted") : null;

        public void Dispose()
        {
        }
    }
}
