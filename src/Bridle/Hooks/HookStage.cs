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

    /// <summary>The answer that a hook gave about the same call and input before a restart, or null: it is not asked twice.</summary>
    public Func<CallId, string, string, HookRan?> FindRecorded { get; init; } = (_, _, _) => null;
}

/// <summary>Asks the hooks before a call is judged. Deny beats ask beats allow; an allow counts only for the input it was given for.</summary>
public sealed class HookStage(ToolHooks hooks, HookStageOptions options) : ToolStage
{
    private const string Event = "PreToolUse";

    /// <inheritdoc/>
    public override string Name => "hooks (before)";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var tool = invocation.Tool!.Definition.Name;
        foreach (var hook in hooks.Before.Where(hook => hook.Matches(tool)))
        {
            if (options.WhatDenies(invocation) is not null)
            {
                break;
            }

            var answer = await AskAsync(hook, invocation, cancellationToken);
            if (answer.Verdict is Verdict.Deny)
            {
                return ToolResult.Denied($"[Permission denied] The hook '{hook.Name}' refused the call{(answer.Reason is { Length: > 0 } reason ? $": {reason}" : ".")}");
            }

            if (answer.UpdatedInput is { } updated)
            {
                var bound = options.Rebind(invocation, updated);
                if (bound.Input is not { } input)
                {
                    return ToolResult.Failed($"The hook '{hook.Name}' changed the input into one that does not fit the tool: {bound.Error}");
                }

                invocation.Input = input;
                invocation.HookVerdict = invocation.HookVerdict is Verdict.Ask ? Verdict.Ask : null;
            }

            invocation.HookVerdict = answer.Verdict is { } said && (invocation.HookVerdict is not { } before || said > before) ? said : invocation.HookVerdict;
        }

        return await next(invocation, cancellationToken);
    }

    private async ValueTask<HookAnswer> AskAsync(BeforeToolHook hook, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var tool = invocation.Tool!.Definition.Name;
        var hash = InputHash.Of(tool, invocation.Input!.Json);
        if (options.FindRecorded(invocation.Call.Id, hook.Name, hash) is { } recorded)
        {
            return new HookAnswer(Enum.TryParse<Verdict>(recorded.Verdict, ignoreCase: true, out var verdict) ? verdict : null, recorded.Reason, recorded.UpdatedInput);
        }

        HookAnswer answer;
        try
        {
            answer = await hook.RunAsync(new HookCall(invocation.Call.Id, tool, invocation.Input.Json, invocation.Scope.WorkingDirectory), cancellationToken);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested) && e is not JournalException)
        {
            answer = hook.FailClosed
                ? new HookAnswer(Verdict.Deny, $"it failed, and a guard that cannot answer does not let calls pass ({e.GetType().Name}). Fix or remove the hook.")
                : new HookAnswer(null, $"failed ({e.GetType().Name}); it is set to let calls pass then");
        }

        var said = answer.Verdict?.ToString().ToLowerInvariant() ?? "none";
        await invocation.RecordAsync(new HookRan(invocation.Call.Id, Event, hook.Name, hash, said, answer.Reason, answer.UpdatedInput), Durability.Written, cancellationToken);
        return answer;
    }
}
