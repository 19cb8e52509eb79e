using System.Text.Json;

namespace Bridle.Tools.Containers;

/// <summary>A tool that confines its programs itself, as its plan says: the gate shows and records that plan and gives it the machine's own processes.</summary>
internal sealed class SelfConfined(Tool inner, IsolationPlan plan) : Tool
{
    public override ToolDefinition Definition { get; } = inner.Definition with { OwnIsolation = plan };

    public override BindOutcome Bind(JsonElement arguments) => inner.Bind(arguments);

    public override ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken) => inner.RunAsync(input, scope, cancellationToken);

    public override ValueTask<CallPreview?> PreviewAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken) => inner.PreviewAsync(input, scope, cancellationToken);
}
