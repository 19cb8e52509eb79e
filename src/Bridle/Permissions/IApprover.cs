using Bridle.Events;

namespace Bridle.Permissions;

/// <summary>
/// A person, or what stands for one. Asked one thing at a time. Null means nobody is there to answer now: headless use denies,
/// and a run with attached clients ends as waiting.
/// </summary>
public interface IApprover
{
    /// <summary>Decides about a call. Shows exactly what would run.</summary>
    ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken);

    /// <summary>Answers a question of the model.</summary>
    ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken);
}

/// <summary>What an approver decides about.</summary>
/// <param name="Request">The record: tool, exact input, isolation, reason.</param>
/// <param name="Diff">What would change, or null.</param>
/// <param name="Scopes">The scopes that may be offered beside this call.</param>
public sealed record ApprovalPrompt(ApprovalRequested Request, string? Diff, IReadOnlyList<string> Scopes)
{
    /// <summary>The allow rule that a yes beyond this call keeps, word for word; null where there is only this call. It may cover more calls than this one, so it must be shown.</summary>
    public string? Grant { get; init; }
}

/// <summary>An approver's decision.</summary>
/// <param name="Allowed">Yes or no.</param>
/// <param name="Scope"><c>once</c> or <c>session</c> (wider scopes come with governance).</param>
/// <param name="Reason">Told to the model when denied.</param>
/// <param name="EditedInput">The changed input as JSON text; bound and judged again.</param>
public sealed record ApprovalAnswer(bool Allowed, string Scope = "once", string? Reason = null, string? EditedInput = null);
