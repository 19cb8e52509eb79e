using System.Text.Json;
using Bridle.Events;

namespace Bridle.Tools;

/// <summary>
/// Calls a tool by its name whose definition is not part of requests. Binding puts the named tool in its place, so that hooks, permission, the person and the log see that
/// tool and nothing of this one.
/// </summary>
public sealed class CallTool : Tool
{
    /// <summary>Its name.</summary>
    public const string Name = "CallTool";

    private static readonly JsonElement s_schema = ArgumentReader.ParseSchema(
        """{"type":"object","properties":{"name":{"type":"string","description":"The tool."},"arguments":{"type":"string","description":"Its arguments, a JSON object as text."}},"required":["name"],"additionalProperties":false}"""u8);

    /// <inheritdoc/>
    public override ToolDefinition Definition { get; } = new(Name, "Calls a tool that ToolSearch found.", s_schema, ToolKind.Meta, ToolEffect.Repeatable, false) { Work = ToolWork.Session };

    /// <summary>The tool that a call of this one means and its arguments as text, or what to send instead.</summary>
    public static (string Name, string Arguments, string? Error) Meant(string text)
    {
        var (call, error) = ArgumentText.Parse(string.IsNullOrWhiteSpace(text) ? "{}" : text);
        if (error is not null)
        {
            return ("", "", error);
        }

        if (call.ValueKind is not JsonValueKind.Object || Coerce.Text(Property(call, "name")) is not { Length: > 0 } name)
        {
            return ("", "", "CallTool needs the name of a tool.");
        }

        var given = Property(call, "arguments") is { ValueKind: not JsonValueKind.Undefined } arguments ? arguments : Property(call, "input");
        return (name.Trim(), given.ValueKind switch { JsonValueKind.Undefined or JsonValueKind.Null => "", JsonValueKind.String => Coerce.Text(given) ?? "", _ => given.GetRawText() }, null);
    }

    /// <inheritdoc/>
    public override BindOutcome Bind(JsonElement arguments) => BindOutcome.Failed("CallTool cannot be called by itself.");

    /// <inheritdoc/>
    public override ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken) => throw new InvalidOperationException("The tool that was meant runs in the place of this one.");

    private static JsonElement Property(JsonElement call, string name) => call.TryGetProperty(name, out var value) ? value : default;
}
