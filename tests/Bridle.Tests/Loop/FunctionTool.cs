using System.Text.Json;
using Bridle.Events;
using Bridle.Tools;

namespace Bridle.Tests.Loop;

/// <summary>A tool with one argument, <c>text</c>, carried out by a function.</summary>
internal sealed class FunctionTool(string name, ToolEffect effect, bool parallelSafe, Func<string, CallScope, CancellationToken, ValueTask<ToolResult>> run) : Tool
{
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}""").RootElement;

    public FunctionTool(string name, ToolEffect effect, bool parallelSafe, Func<string, CallScope, ToolResult> run)
        : this(name, effect, parallelSafe, (text, scope, _) => ValueTask.FromResult(run(text, scope)))
    {
    }

    /// <summary>What kind it is of; by its effect unless given.</summary>
    public ToolKind Kind { get; init; } = effect is ToolEffect.Once ? ToolKind.Execute : ToolKind.Read;

    public override ToolDefinition Definition => field ??= new(name, $"Does {name}.", Schema, Kind, effect, parallelSafe);

    public override BindOutcome Bind(JsonElement arguments) => arguments.TryGetProperty("text", out var text)
        ? BindOutcome.Of(new ToolInput(arguments, text.GetString()!, []))
        : BindOutcome.Failed("Missing required argument 'text'.");

    public override ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken) =>
        run((string)input.Arguments, scope, cancellationToken);
}
