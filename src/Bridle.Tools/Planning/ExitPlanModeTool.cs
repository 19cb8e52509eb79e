using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Tools.Planning;

/// <summary>Ends plan mode. A person approves the call, and with it the plan, before it gets here.</summary>
[Tool("ExitPlanMode", ToolKind.Meta, Effect = ToolEffect.Repeatable, Work = ToolWork.Session)]
public sealed class ExitPlanModeTool
{
    /// <summary>Reports the approval.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("The plan in Markdown.")] string plan,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        cancellationToken.ThrowIfCancellationRequested();
        if (string.IsNullOrWhiteSpace(plan))
        {
            throw new ToolException("The plan is empty. Say what you will change, and how it will be checked.");
        }

        return ValueTask.FromResult(ToolResult.Completed("Plan mode is over: carry the plan out now. Permission still decides each step."));
    }
}
