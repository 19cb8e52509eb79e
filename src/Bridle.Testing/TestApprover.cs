using Bridle.Events;
using Bridle.Permissions;

namespace Bridle.Testing;

/// <summary>Answers approvals and questions from functions and keeps what it was asked. Without functions nobody is there: every answer is null.</summary>
public sealed class TestApprover(Func<ApprovalPrompt, ApprovalAnswer?>? approve = null, Func<QuestionAsked, string?>? answer = null) : IApprover
{
    private readonly List<ApprovalPrompt> _prompts = [];

    /// <summary>Says yes to everything, once.</summary>
    public static TestApprover Yes() => new(_ => new ApprovalAnswer(true));

    /// <summary>Says no to everything.</summary>
    public static TestApprover No(string reason = "no") => new(_ => new ApprovalAnswer(false, Reason: reason));

    /// <summary>What it was asked, in order.</summary>
    public IReadOnlyList<ApprovalPrompt> Prompts
    {
        get
        {
            lock (_prompts)
            {
                return [.. _prompts];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken)
    {
        lock (_prompts)
        {
            _prompts.Add(prompt);
        }

        return ValueTask.FromResult(approve?.Invoke(prompt));
    }

    /// <inheritdoc/>
    public ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken) => ValueTask.FromResult(answer?.Invoke(question));
}
