namespace Bridle.Tools;

/// <summary>The stages that every call passes, linked once, in one order. There is no second pipeline.</summary>
public sealed class ToolPipeline
{
    private readonly ToolStep _first;

    /// <summary>Links the stages; the last one is followed by the tool itself.</summary>
    public ToolPipeline(IReadOnlyList<ToolStage> stages)
    {
        Stages = [.. stages.Select(stage => stage.Name), "tool"];
        ToolStep step = RunToolAsync;
        for (var i = stages.Count - 1; i >= 0; i--)
        {
            var (stage, next) = (stages[i], step);
            step = (invocation, cancellationToken) => stage.InvokeAsync(invocation, next, cancellationToken);
        }

        _first = step;
    }

    /// <summary>The names of the stages in their order, the tool last.</summary>
    public IReadOnlyList<string> Stages { get; }

    /// <summary>Takes a call through all stages. Never throws but for cancellation and a broken log.</summary>
    public ValueTask<ToolResult> RunAsync(ToolInvocation invocation, CancellationToken cancellationToken) => _first(invocation, cancellationToken);

    private static ValueTask<ToolResult> RunToolAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
        invocation.Tool!.RunAsync(invocation.Input!, invocation.Scope, cancellationToken);
}
