using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Journal;
using Bridle.Messages;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Extensions;

/// <summary>
/// Any <see cref="IChatClient"/> as a model. Protected reasoning of the client goes back to it unchanged; whatever the client throws becomes a <see cref="ReplyFailed"/>.
/// As safe to use concurrently as the client is. The client stays its owner's to dispose of.
/// </summary>
/// <param name="client">The client, without function invocation of its own: Bridle's loop makes the calls.</param>
/// <param name="info">What is known about the model; null takes the names from the client's metadata.</param>
public sealed class ChatClientModel(IChatClient client, ModelInfo? info = null) : IModel
{
    /// <inheritdoc/>
    public ModelInfo Info { get; } = info ?? Describe(client);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (messages, options) = ChatRequest.Of(request, Info);
        var updates = new List<ChatResponseUpdate>();
        await using var source = Updates(messages, options, request.Stream, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            ReplyFailed? failed = null;
            try
            {
                if (!await source.MoveNextAsync().ConfigureAwait(false))
                {
                    break;
                }
            }
            catch (Exception e) when (e is not (OutOfMemoryException or JournalException))
            {
                cancellationToken.ThrowIfCancellationRequested();
                failed = new ReplyFailed(ErrorOf(e), string.Concat(updates.Select(update => update.Text)));
            }

            if (failed is not null)
            {
                yield return failed;
                yield break;
            }

            var arrived = source.Current;
            updates.Add(arrived);
            foreach (var content in arrived.Contents)
            {
                if (Show(content) is { } shown)
                {
                    yield return shown;
                }
            }
        }

        yield return Finish(updates.ToChatResponse(), request);
    }

    private static ModelInfo Describe(IChatClient client)
    {
        var metadata = client.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata;
        return new ModelInfo(metadata?.ProviderName ?? "chat-client", metadata?.DefaultModelId ?? "default", "chat-client");
    }

    private async IAsyncEnumerable<ChatResponseUpdate> Updates(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, bool stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!stream)
        {
            foreach (var update in (await client.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false)).ToChatResponseUpdates())
            {
                yield return update;
            }

            yield break;
        }

        await foreach (var update in client.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    private static ModelUpdate? Show(AIContent content) => content switch
    {
        TextContent { Text.Length: > 0 } text => new TextArrived(text.Text),
        TextReasoningContent { Text.Length: > 0 } reasoning => new ReasoningArrived(reasoning.Text),
        FunctionCallContent call => new CallArriving(call.Name),
        _ => null,
    };

    private ModelUpdate Finish(ChatResponse response, ModelRequest request)
    {
        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        var parts = ChatReply.Parts(contents, Info, request);
        var usage = ChatUsage.Of(response.Usage);
        if (contents.OfType<ErrorContent>().FirstOrDefault() is { } error && parts.Count == 0)
        {
            return new ReplyFailed(new ModelError(ModelErrorKind.Server, $"The model failed: {error.Message}", "Ask again, or use another model."), "", usage);
        }

        var stop = parts.Any(part => part is ToolCallPart) ? StopReason.ToolUse : ChatUsage.Of(response.FinishReason);
        return new ReplyFinished(new ModelReply(parts, stop, usage, response.ModelId));
    }

    /// <summary>Clients throw what they like; the status, where there is one, tells the kind.</summary>
    private static ModelError ErrorOf(Exception exception)
    {
        if (exception is ModelException known)
        {
            return known.Error;
        }

        var status = (int?)(exception as HttpRequestException)?.StatusCode;
        var kind = exception switch
        {
            TimeoutException or OperationCanceledException => ModelErrorKind.Timeout,
            HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } => ModelErrorKind.Authentication,
            HttpRequestException { StatusCode: HttpStatusCode.Forbidden } => ModelErrorKind.Permission,
            HttpRequestException { StatusCode: HttpStatusCode.NotFound } => ModelErrorKind.NotFound,
            HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests } => ModelErrorKind.RateLimit,
            HttpRequestException { StatusCode: HttpStatusCode.ServiceUnavailable } => ModelErrorKind.Overloaded,
            HttpRequestException { StatusCode: >= HttpStatusCode.InternalServerError } => ModelErrorKind.Server,
            HttpRequestException { StatusCode: null } or IOException => ModelErrorKind.Connection,
            HttpRequestException => ModelErrorKind.BadRequest,
            JsonException or FormatException => ModelErrorKind.Malformed,
            _ => ModelErrorKind.Server,
        };
        return new ModelError(kind, $"The chat client failed: {exception.Message}", "Look at the client that was given to Bridle; the words above are its own.") { Status = status, IsSent = kind is ModelErrorKind.Timeout or ModelErrorKind.Malformed };
    }
}
