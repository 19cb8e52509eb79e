using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Bridle.Messages;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Extensions;

/// <summary>
/// Any Bridle model as an <see cref="IChatClient"/>. Failures are thrown as <see cref="ModelException"/>. Sampling parameters, stop sequences and a required tool
/// are not passed on: Bridle's models have none. Safe to use concurrently.
/// </summary>
public sealed class ModelChatClient(IModel model) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new(model.Info.Provider, null, model.Info.Name);

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = Request(messages, options) with { Stream = false };
        await foreach (var update in model.StreamAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (update is ReplyFinished { Reply: var reply })
            {
                var contents = reply.Parts.Select(Content).OfType<AIContent>().Concat(ChatVendorData.Of(reply)).ToList();
                return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
                {
                    FinishReason = ChatUsage.Of(reply.Stop),
                    ModelId = reply.Model ?? model.Info.Name,
                    Usage = reply.Usage is { } usage ? ChatUsage.Of(usage) : null,
                    RawRepresentation = reply,
                };
            }

            ThrowIfFailed(update);
        }

        throw new InvalidOperationException("The model's stream ended without an end.");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var id = Guid.NewGuid().ToString("n");
        await foreach (var update in model.StreamAsync(Request(messages, options), cancellationToken).ConfigureAwait(false))
        {
            ThrowIfFailed(update);
            if (Show(update) is { } shown)
            {
                shown.ResponseId = shown.MessageId = id;
                shown.ModelId ??= model.Info.Name;
                yield return shown;
            }
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(model) ? model
            : null;
    }

    /// <summary>Nothing to let go of: the model belongs to whoever made it.</summary>
    public void Dispose()
    {
    }

    private static ChatResponseUpdate? Show(ModelUpdate update) => update switch
    {
        TextArrived text => new ChatResponseUpdate(ChatRole.Assistant, text.Text),
        ReasoningArrived reasoning => new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent(reasoning.Text)]),
        ReplyFinished { Reply: var reply } => new ChatResponseUpdate(
            ChatRole.Assistant,
            [
                .. reply.Calls.Select(Content).OfType<AIContent>(),
                .. ChatVendorData.Of(reply),
                .. reply.Usage is { } usage ? [new UsageContent(ChatUsage.Of(usage))] : Array.Empty<AIContent>(),
            ])
        {
            FinishReason = ChatUsage.Of(reply.Stop),
            ModelId = reply.Model,
            RawRepresentation = reply,
        },
        _ => null,
    };

    private static void ThrowIfFailed(ModelUpdate update)
    {
        if (update is ReplyFailed failed)
        {
            throw new ModelException(failed.Error);
        }
    }

    private static AIContent? Content(MessagePart part) => part switch
    {
        TextPart { Text.Length: > 0 } text => new TextContent(text.Text),
        ReasoningPart { Text.Length: > 0 } reasoning => new TextReasoningContent(reasoning.Text),
        ToolCallPart call => new FunctionCallContent(call.Id.Value, call.Name, ChatArguments.Parse(call.Arguments))
        {
            Exception = ChatArguments.Parse(call.Arguments) is null ? new JsonException($"The arguments are no JSON object: {call.Arguments}") : null,
        },
        _ => null,
    };

    private static ModelRequest Request(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var system = new List<string>();
        if (!string.IsNullOrWhiteSpace(options?.Instructions))
        {
            system.Add(options.Instructions);
        }

        var history = new List<Message>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.System)
            {
                system.Add(message.Text);
            }
            else if (Converted(message, names) is { Parts.Count: > 0 } converted)
            {
                history.Add(converted);
            }
        }

        var tools = options?.Tools?.OfType<AIFunctionDeclaration>().Select(tool => new ToolSchema(tool.Name, tool.Description, tool.JsonSchema)).ToList() ?? [];
        return new ModelRequest
        {
            System = string.Join("\n\n", system),
            Messages = history,
            Tools = tools,
            ToolCalling = tools.Count == 0 || options?.ToolMode is NoneChatToolMode ? ToolCalling.None : ToolCalling.Native,
            MaxOutputTokens = options?.MaxOutputTokens,
            Effort = ChatUsage.Effort(options?.Reasoning),
            AnswerSchema = (options?.ResponseFormat as ChatResponseFormatJson)?.Schema,
            CacheKey = options?.ConversationId,
        };
    }

    private static Message Converted(ChatMessage message, Dictionary<string, string> names)
    {
        var parts = new List<MessagePart>();
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextReasoningContent reasoning when reasoning.Text.Length > 0:
                    parts.Add(new ReasoningPart(reasoning.Text));
                    break;
                case FunctionCallContent call:
                    names[call.CallId] = call.Name;
                    parts.Add(new ToolCallPart(new CallId(call.CallId), call.Name, ChatArguments.Text(call)));
                    break;
                case FunctionResultContent result:
                    var answer = result.Exception is { } failure ? [new TextPart(failure.Message)] : ChatArguments.Parts(result.Result, AIJsonUtilities.DefaultOptions, Hash);
                    parts.Add(new ToolResultPart(new CallId(result.CallId), names.GetValueOrDefault(result.CallId, ""), answer, result.Exception is not null));
                    break;
                case TextContent or DataContent or UriContent:
                    parts.Add(ChatArguments.Part(content, Hash)!);
                    break;
            }
        }

        ChatVendorData.Restore(parts, message.Contents.OfType<TextReasoningContent>().Select(content => content.ProtectedData).OfType<string>());
        return new Message(message.Role == ChatRole.Assistant ? Role.Assistant : Role.User, parts);
    }

    private static string Hash(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
}
