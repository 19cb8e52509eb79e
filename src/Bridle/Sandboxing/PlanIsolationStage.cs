using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Sandboxing;

/// <summary>Says what will confine the call before anyone is asked about it, because permission and the person's answer depend on it.</summary>
public sealed class PlanIsolationStage(SandboxInForce? sandbox = null) : ToolStage
{
    /// <summary>What a person reads when nothing confines a call.</summary>
    public const string None = $"none: {NoneInWords}";

    internal const string NoneInWords = "runs as you, on this machine";

    private readonly SandboxInForce _sandbox = sandbox ?? SandboxInForce.Nothing;

    /// <inheritdoc/>
    public override string Name => "plan isolation";

    /// <inheritdoc/>
    protected internal override ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        invocation.Plan = _sandbox.PlanFor(invocation.Tool!.Definition, CallReader.AsksForNoSandbox(invocation.Input!.Json));
        return next(invocation, cancellationToken);
    }
}
