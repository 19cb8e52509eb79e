using System.Text.Json;
using Bridle.Messages;
using Bridle.Events;
using Bridle.Tools;

namespace Bridle.CrashTarget.Scenarios;

/// <summary>A tool whose effect is a line in a file outside of the log, written before it returns.</summary>
internal sealed class CountingTool(string name, ToolEffect effect, string file, Points points, Func<string, ToolResult> result) : Tool
{
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}""").RootElement;

    public override ToolDefinition Definition { get; } = new(
        name, $"{name} of the crash scenarios.", Schema, effect is ToolEffect.Once ? ToolKind.Execute : ToolKind.Read, effect, ParallelSafe: effect is ToolEffect.Repeatable);

    public static IReadOnlyList<Tool> All(Place place, Points points) =>
    [
        new CountingTool("Count", ToolEffect.Once, place.Effects, points, text => ToolResult.Completed($"Counted {text}.")),
        new CountingTool("Pay", ToolEffect.Once, place.Effects, points, text => ToolResult.Completed($"Paid {text}.")),
        new CountingTool("Fail", ToolEffect.Once, place.Effects, points, text => throw new ToolException($"{text} went wrong halfway.")),
        new CountingTool("Dump", ToolEffect.Once, place.Effects, points, text => ToolResult.Completed(Long(text))),
        new CountingTool("Look", ToolEffect.Repeatable, place.Looks, points, text => ToolResult.Completed($"Saw {text}.")),
        new CountingTool("Scan", ToolEffect.Repeatable, place.Looks, points, text => ToolResult.Completed(Long(text))),
    ];

    public override BindOutcome Bind(JsonElement arguments) => arguments.TryGetProperty("text", out var text) && text.ValueKind is JsonValueKind.String
        ? BindOutcome.Of(new ToolInput(arguments, text.GetString()!, []))
        : BindOutcome.Failed("Missing required argument 'text'.");

    public override ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken)
    {
        Outside.Append(file, $"{scope.Call}\n");
        points.Reach(effect is ToolEffect.Once ? $"effect {scope.Call}" : $"look {scope.Call}");
        return ValueTask.FromResult(result((string)input.Arguments));
    }

    // More than a result may hold, so that the middle goes to a blob.
    private static string Long(string text) => string.Join('\n', Enumerable.Range(1, 12_000).Select(line => $"{text} {line}"));
}
