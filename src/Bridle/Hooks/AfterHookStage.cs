using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Hooks;

/// <summary>
/// Tells the hooks what came of a call and adds what they say after the result. They may replace what the model sees of a result; the outcome stays what it was.
/// </summary>
public sealed class AfterHookStage(HookSet hooks) : ToolStage
{
    /// <inheritdoc/>
    public override string Name => "hooks (after)";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        ToolResult result;
        try
        {
            result = await next(invocation, cancellationToken);
        }
        catch (ToolException failure) when (hooks.Hears(HookEvents.PostToolUseFailure))
        {
            result = ToolResult.Failed(failure.Message);
        }

        var name = result.Outcome switch
        {
            CallOutcome.Completed => HookEvents.PostToolUse,
            CallOutcome.Failed or CallOutcome.TimedOut => HookEvents.PostToolUseFailure,
            _ => null,
        };
        if (name is null || !hooks.Hears(name))
        {
            return result;
        }

        try
        {
            return await AskAsync(name, invocation, result, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The call has happened; its result must not be lost because nobody waits for comments on it.
            return result;
        }
    }

    private async ValueTask<ToolResult> AskAsync(string name, ToolInvocation invocation, ToolResult result, CancellationToken cancellationToken)
    {
        var took = invocation.StartedAt is { } started ? (long)invocation.Scope.Time.GetElapsedTime(started).TotalMilliseconds : 0;
        var occasion = new HookOccasion(name)
        {
            Subject = invocation.Tool!.Definition.Name, Invocation = invocation, Result = result, Facts = new JsonObject { ["duration_ms"] = took },
        };
        var said = await hooks.AskAsync(occasion, new HookLog(invocation.RecordAsync) { Beside = invocation.Asking?.Beside }, cancellationToken);
        invocation.StopReason ??= said.StopReason;
        if (said.All.FirstOrDefault(one => one.Answer.UpdatedOutput is not null) is { } updated)
        {
            result = result with { IsSilent = false, Content = [new TextPart(updated.Answer.UpdatedOutput!), .. result.Content.Where(part => part is not TextPart)] };
        }

        var comments = said.All.SelectMany(one => new[] { one.Answer.Verdict is Verdict.Deny ? one.Answer.Reason : null, one.Answer.Context }
            .Where(text => !string.IsNullOrWhiteSpace(text)).Select(MessagePart (text) => new TextPart($"[Hook {one.Hook}] {text}")));
        return result with { Content = [.. result.Content, .. comments] };
    }
}
