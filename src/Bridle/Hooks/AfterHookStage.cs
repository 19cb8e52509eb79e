using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Hooks;

/// <summary>Tells the hooks what came of a call and adds what they say after the result. The outcome stays what it was.</summary>
public sealed class AfterHookStage(ToolHooks hooks) : ToolStage
{
    /// <inheritdoc/>
    public override string Name => "hooks (after)";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var result = await next(invocation, cancellationToken);
        var tool = invocation.Tool!.Definition.Name;
        foreach (var hook in hooks.After.Where(hook => hook.Matches(tool)))
        {
            string? said;
            try
            {
                said = await hook.RunAsync(new HookCall(invocation.Call.Id, tool, invocation.Input!.Json, invocation.Scope.WorkingDirectory), result, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The call has happened; its result must not be lost because nobody waits for comments on it.
                return result;
            }
            catch (Exception e) when (e is not JournalException)
            {
                said = $"The hook failed ({e.GetType().Name}) and said nothing about this call.";
            }

            if (!string.IsNullOrWhiteSpace(said))
            {
                await invocation.RecordAsync(
                    new HookRan(invocation.Call.Id, "PostToolUse", hook.Name, InputHash.Of(tool, invocation.Input!.Json), "none", said), Durability.Written, cancellationToken);
                result = result with { Content = [.. result.Content, new TextPart($"[Hook {hook.Name}] {said}")] };
            }
        }

        return result;
    }
}
