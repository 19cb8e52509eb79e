using System.Collections.Concurrent;
using Bridle.Events;
using Bridle.Permissions;

namespace Bridle.Cli.Headless;

/// <summary>
/// Waits for answers that come as events. When no more can come, nobody is there. It hears of a request before <paramref name="next"/> shows it, because the answer may come
/// before the gate gets to asking.
/// </summary>
internal sealed class EventApprover(IEventSink next) : IApprover, IEventSink
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ApprovalAnswer?>> _approvals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> _questions = new(StringComparer.Ordinal);
    private volatile bool _closed;

    public async ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken) =>
        await WaitAsync(_approvals, prompt.Request.Id, cancellationToken);

    public async ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken) =>
        await WaitAsync(_questions, question.Id, cancellationToken);

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        switch (sessionEvent)
        {
            case Recorded { Event: ApprovalRequested asked }:
                _approvals.TryAdd(asked.Id, New<ApprovalAnswer?>());
                break;
            case Recorded { Event: QuestionAsked asked }:
                _questions.TryAdd(asked.Id, New<string?>());
                break;
        }

        return next.EmitAsync(sessionEvent, cancellationToken);
    }

    /// <summary>Hands an answer on; false when nothing waits for it.</summary>
    public bool Take(ApprovalAnswered answer) => _approvals.TryGetValue(answer.Id, out var waiting) && waiting.TrySetResult(answer.Answer);

    /// <inheritdoc cref="Take(ApprovalAnswered)"/>
    public bool Take(QuestionReplied answer) => _questions.TryGetValue(answer.Id, out var waiting) && waiting.TrySetResult(answer.Answer);

    /// <summary>No more answers come.</summary>
    public void Close()
    {
        _closed = true;
        foreach (var waiting in _approvals.Values)
        {
            waiting.TrySetResult(null);
        }

        foreach (var waiting in _questions.Values)
        {
            waiting.TrySetResult(null);
        }
    }

    private async Task<T?> WaitAsync<T>(ConcurrentDictionary<string, TaskCompletionSource<T?>> all, string id, CancellationToken cancellationToken) where T : class
    {
        var waiting = all.GetOrAdd(id, _ => New<T?>());
        try
        {
            // Closing sets its mark and then ends what waits; this waits and then looks for the mark: one of them sees the other.
            return _closed && !waiting.Task.IsCompleted ? null : await waiting.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            all.TryRemove(id, out _);
        }
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
