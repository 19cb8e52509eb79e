using System.Runtime.CompilerServices;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Testing;

/// <summary>
/// A model that answers from a script and keeps every request. Each call takes the next step; running out of steps throws, and so does a request
/// that a vendor would refuse (<see cref="HistoryCheck"/>).
/// </summary>
public sealed class ScriptedModel(params IEnumerable<ScriptedReply> script) : IModel
{
    private readonly Queue<ScriptedReply> _script = new(script);
    private readonly List<ModelRequest> _requests = [];

    /// <inheritdoc/>
    public ModelInfo Info { get; init; } = new("test", "scripted", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes };

    /// <summary>The requests so far, in their order.</summary>
    public IReadOnlyList<ModelRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Adds steps at the end of the script.</summary>
    public void Then(params IEnumerable<ScriptedReply> more)
    {
        foreach (var reply in more)
        {
            _script.Enqueue(reply);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ScriptedReply reply;
        lock (_requests)
        {
            _requests.Add(request);
            HistoryCheck.Check(request);
            if (!_script.TryDequeue(out reply!))
            {
                throw new InvalidOperationException($"The script has no reply for request {_requests.Count}.");
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (reply.Before is { } before)
        {
            await before(request, cancellationToken);
        }

        foreach (var update in reply.Updates(request))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }
    }
}

/// <summary>One step of a script: the updates of one reply.</summary>
/// <param name="Updates">Makes the updates from the request; the last one finishes or fails the reply.</param>
public sealed record ScriptedReply(Func<ModelRequest, IEnumerable<ModelUpdate>> Updates)
{
    /// <summary>Runs before the first update, for example to wait or to post a message meanwhile.</summary>
    public Func<ModelRequest, CancellationToken, Task>? Before { get; init; }

    /// <summary>The tokens that <see cref="Text"/> and <see cref="Calls"/> report.</summary>
    public static Usage Usage { get; } = new(100, 0, 0, 10, 0);

    /// <summary>A text answer.</summary>
    public static ScriptedReply Text(string text, StopReason stop = StopReason.EndTurn) =>
        Of([new TextPart(text)], stop, new TextArrived(text));

    /// <summary>Calls, each as tool name and arguments in JSON. Ids are <c>c1</c>, <c>c2</c> … counted over the conversation.</summary>
    public static ScriptedReply Calls(params (string Tool, string Arguments)[] calls) => new(request =>
    {
        var made = request.Messages.Sum(message => message.Parts.OfType<ToolCallPart>().Count()) + request.GoneCalls.Count;
        var parts = calls.Select(MessagePart (call, i) => new ToolCallPart(new CallId($"c{made + i + 1}"), call.Tool, call.Arguments)).ToList();
        return [.. calls.Select(call => new CallArriving(call.Tool)), new ReplyFinished(new ModelReply(parts, StopReason.ToolUse, Usage, "scripted"))];
    });

    /// <summary>Any parts.</summary>
    public static ScriptedReply Of(IReadOnlyList<MessagePart> parts, StopReason stop, params ModelUpdate[] before) =>
        new(_ => [.. before, new ReplyFinished(new ModelReply(parts, stop, Usage, "scripted"))]);

    /// <summary>A failure, after some text was streamed.</summary>
    public static ScriptedReply Failure(ModelErrorKind kind, string partialText = "") => new(_ =>
    [
        .. partialText.Length > 0 ? new ModelUpdate[] { new TextArrived(partialText) } : [],
        new ReplyFailed(new ModelError(kind, $"scripted {kind}", "Nothing to do: this is a test."), partialText),
    ]);

    /// <summary>The same step again, after waiting for <paramref name="before"/>.</summary>
    public ScriptedReply After(Func<ModelRequest, CancellationToken, Task> before) => this with { Before = before };
}
