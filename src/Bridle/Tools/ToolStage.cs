namespace Bridle.Tools;

/// <summary>Goes on with the next stage, or with the tool after the last one.</summary>
public delegate ValueTask<ToolResult> ToolStep(ToolInvocation invocation, CancellationToken cancellationToken);

/// <summary>One stage of the tool pipeline. Call <c>next</c> to go on; return without it to stop the call. Stateless between calls; called concurrently.</summary>
public abstract class ToolStage
{
    /// <summary>The name under which the stage is listed.</summary>
    public abstract string Name { get; }

    /// <summary>Does the stage's part of the call.</summary>
    protected internal abstract ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken);
}
