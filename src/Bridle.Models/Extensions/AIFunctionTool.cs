using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Extensions;

/// <summary>
/// Any <see cref="AIFunction"/> as a tool. Its schema is published unchanged, and arguments are bound against it. Nothing is known about what a function does, so
/// that it counts as running a program, once, unless its owner says otherwise. An exception of the function reaches the model only as a number,
/// except for a <see cref="ToolException"/>.
/// </summary>
public sealed class AIFunctionTool : Tool
{
    private readonly AIFunction _function;
    private readonly SchemaBinder _binder;

    /// <summary>Wraps the function.</summary>
    /// <param name="function">The function; safe to call concurrently if <paramref name="parallelSafe"/>.</param>
    /// <param name="kind">What it does to the world.</param>
    /// <param name="effect">What running it twice would mean.</param>
    /// <param name="parallelSafe">Whether calls of it may run side by side.</param>
    public AIFunctionTool(AIFunction function, ToolKind kind = ToolKind.Execute, ToolEffect effect = ToolEffect.Once, bool parallelSafe = false)
    {
        _function = function;
        _binder = new SchemaBinder(function.JsonSchema);
        Definition = new ToolDefinition(function.Name, function.Description, function.JsonSchema, kind, effect, parallelSafe);
    }

    /// <inheritdoc/>
    public override ToolDefinition Definition { get; }

    /// <inheritdoc/>
    public override BindOutcome Bind(JsonElement arguments) => _binder.Bind(arguments);

    /// <inheritdoc/>
    public override async ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken)
    {
        var result = await _function.InvokeAsync(new AIFunctionArguments(ChatArguments.Values(input.Json)), cancellationToken).ConfigureAwait(false);
        return new ToolResult(CallOutcome.Completed, ChatArguments.Parts(result, _function.JsonSerializerOptions, bytes => scope.Blobs.Put(bytes.Span)));
    }
}
