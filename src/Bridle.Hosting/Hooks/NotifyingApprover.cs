using Bridle.Events;
using Bridle.Permissions;

namespace Bridle.Hosting.Hooks;

/// <summary>Tells hooks that a person is waited for, before they are asked. The question does not wait for the hooks.</summary>
internal sealed class NotifyingApprover(IApprover inner, Func<string, string, CancellationToken, ValueTask> notifyAsync) : IApprover
{
    public async ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken)
    {
        var told = TellAsync("permission_prompt", $"Bridle asks whether {prompt.Request.Tool} may run.", cancellationToken);
        var answer = await inner.ApproveAsync(prompt, cancellationToken);
        await told;
        return answer;
    }

    public async ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken)
    {
        var told = TellAsync("elicitation_dialog", question.Question, cancellationToken);
        var answer = await inner.AnswerAsync(question, cancellationToken);
        await told;
        return answer;
    }

    private async Task TellAsync(string type, string message, CancellationToken cancellationToken)
    {
        try
        {
            await notifyAsync(type, message, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The person's answer decides what becomes of the call, not this.
        }
    }
}
