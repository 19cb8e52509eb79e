using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Tools;

/// <summary>
/// One tool. Made by the source generator from a class or method marked <see cref="ToolAttribute"/>, or written by hand for sources such as MCP.
/// Stateless: what a call needs comes in through its scope. Safe to use concurrently.
/// </summary>
public abstract class Tool
{
    /// <summary>What is published about it; always the same instance.</summary>
    public abstract ToolDefinition Definition { get; }

    /// <summary>Checks and converts arguments. Never throws for bad input; the error text goes to the model.</summary>
    public abstract BindOutcome Bind(JsonElement arguments);

    /// <summary>Carries the call out. Throws <see cref="ToolException"/> for failures the model should read.</summary>
    public abstract ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken);

    /// <summary>What the call would change, for the approver; null when the arguments say it all. Changes nothing.</summary>
    public virtual ValueTask<CallPreview?> PreviewAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken) => ValueTask.FromResult<CallPreview?>(null);
}

/// <summary>Either the bound input or the reason why there is none.</summary>
public readonly record struct BindOutcome(ToolInput? Input, string? Error)
{
    /// <summary>Bound.</summary>
    public static BindOutcome Of(ToolInput input) => new(input, null);

    /// <summary>Not bound, with a sentence that tells the model what to send instead.</summary>
    public static BindOutcome Failed(string error) => new(null, error);
}

/// <summary>The bound input of a call.</summary>
/// <param name="Json">The arguments after coercion, as they are judged, hashed, shown and run.</param>
/// <param name="Arguments">The typed arguments, known to the tool alone.</param>
/// <param name="Targets">What the call would touch.</param>
public sealed record ToolInput(JsonElement Json, object Arguments, IReadOnlyList<ToolTarget> Targets);

/// <summary>What a call would change.</summary>
/// <param name="Diff">A unified diff, or null.</param>
/// <param name="BaseHash">The SHA-256 of the file it starts from, or null when there is none.</param>
public sealed record CallPreview(string? Diff, string? BaseHash);
