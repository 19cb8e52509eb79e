using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Hooks;

/// <summary>What the hook stage works with.</summary>
public sealed record HookStageOptions
{
    /// <summary>What refuses the call whatever hooks say; such a call is not shown to them. It is judged again after them.</summary>
    public required Func<ToolInvocation, Judgement?> WhatDenies { get; init; }

    /// <summary>Binds an input that a hook rewrote.</summary>
    public required Func<ToolInvocation, string, BindOutcome> Rebind { get; init; }

    /// <summary>The answer that a hook gave about the same call, event and input before a restart, or null: it is not asked twice.</summary>
    public Func<CallId, string, string, HookRan?> FindRecorded { get; init; } = (_, _, _) => null;
}

/// <summary>
/// Asks the hooks before a call is judged, all at once. Deny beats ask beats allow; an allow counts only for the input it was given for. A rewrite is bound again, and
/// everything after this stage judges what it says.
/// </summary>
public sealed class HookStage(HookSet hooks, HookStageOptions options) : ToolStage
{
    /// <inheritdoc/>
    public override string Name => "hooks (before)";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        // A call that a rule refuses goes on to be refused by it; no hook hears what is in it.
        if (hooks.Hears(HookEvents.PreToolUse) && options.WhatDenies(invocation) is null && await AskAsync(invocation, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var result = await next(invocation, cancellationToken);
        return result.Outcome is CallOutcome.Denied && !invocation.PersonSaidNo && hooks.Hears(HookEvents.PermissionDenied) ? await TellRefusalAsync(invocation, result, cancellationToken) : result;
    }

    // It stays refused; a hook may tell the model that it is worth another try, or something else.
    private async ValueTask<ToolResult> TellRefusalAsync(ToolInvocation invocation, ToolResult result, CancellationToken cancellationToken)
    {
        var occasion = new HookOccasion(HookEvents.PermissionDenied) { Subject = invocation.Tool!.Definition.Name, Invocation = invocation, Facts = new JsonObject { ["reason"] = result.Text } };
        var said = await hooks.AskAsync(occasion, new HookLog(invocation.RecordAsync) { Beside = invocation.Asking?.Beside }, cancellationToken);
        invocation.StopReason ??= said.StopReason;
        var words = said.All.SelectMany(one => new[] { one.Answer.Verdict is Verdict.Allow ? "You may try this call again." : null, one.Answer.Context }
            .Where(text => !string.IsNullOrWhiteSpace(text)).Select(MessagePart (text) => new TextPart($"[Hook {one.Hook}] {text}")));
        return result with { Content = [.. result.Content, .. words] };
    }

    private async ValueTask<ToolResult?> AskAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var occasion = new HookOccasion(HookEvents.PreToolUse) { Subject = invocation.Tool!.Definition.Name, Invocation = invocation };
        var log = new HookLog(invocation.RecordAsync) { Beside = invocation.Asking?.Beside, FindRecorded = (hook, hash) => options.FindRecorded(invocation.Call.Id, hook, hash) };
        var said = await hooks.AskAsync(occasion, log, cancellationToken);
        foreach (var context in said.Contexts)
        {
            await invocation.RecordAsync(new ReminderAdded("hook", context), Durability.Written, cancellationToken);
        }

        if (said.StopReason is { } stop)
        {
            invocation.StopReason = stop;
            return ToolResult.Denied($"[Permission denied] A hook ended the turn: {stop}");
        }

        if (said is { Verdict: Verdict.Deny, Decider: { } no })
        {
            return ToolResult.Denied($"[Permission denied] The hook '{no.Hook}' refused the call{(no.Answer.Reason is { Length: > 0 } reason ? $": {reason}" : ".")}");
        }

        if (said.Rewriter is { } rewriter)
        {
            var bound = options.Rebind(invocation, rewriter.Answer.UpdatedInput!);
            if (bound.Input is not { } input)
            {
                return ToolResult.Failed($"The hook '{rewriter.Hook}' changed the input into one that does not fit the tool: {bound.Error}");
            }

            invocation.Input = input;
        }

        invocation.HookVerdict = said.Verdict;
        return null;
    }
}
