using Bridle.Tools;

namespace Bridle.Sandboxing;

/// <summary>Says what will confine the call before anyone is asked about it. There is no sandbox yet, and it says so.</summary>
public sealed class PlanIsolationStage : ToolStage
{
    /// <summary>What a person reads as long as nothing confines a call.</summary>
    public const string None = "none: runs as you, on this machine";

    /// <inheritdoc/>
    public override string Name => "plan isolation";

    /// <inheritdoc/>
    protected internal override ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        invocation.Isolation = None;
        return next(invocation, cancellationToken);
    }
}
