using System.Text.Json;

namespace Bridle.Tools;

/// <summary>
/// Finds the tool that a call means and binds its arguments. What cannot be bound ends here, with words that tell the model what to send.
/// Safe to use concurrently.
/// </summary>
public sealed class BindArgumentsStage(ToolSet tools) : ToolStage
{
    /// <inheritdoc/>
    public override string Name => "bind";

    /// <summary>Binds changed arguments of a call whose tool is known: what a hook or an approver made of them. A failure leaves the call as it was.</summary>
    public static BindOutcome Rebind(ToolInvocation invocation, string argumentsJson)
    {
        if (invocation.Tool is not { } tool)
        {
            return BindOutcome.Failed("The call has no tool yet, so its arguments cannot be changed.");
        }

        var outcome = Bind(tool, null, argumentsJson, invocation.Scope);
        invocation.Input = outcome.Input ?? invocation.Input;
        return outcome;
    }

    /// <inheritdoc/>
    protected internal override ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var (wanted, arguments) = (invocation.Call.Name, invocation.Call.Arguments);
        if (tools.Resolve(wanted)?.Tool is CallTool)
        {
            (wanted, arguments, var problem) = CallTool.Meant(arguments);
            if (problem is not null || tools.Resolve(wanted)?.Tool is CallTool)
            {
                return new(ToolResult.Failed(problem ?? "CallTool calls other tools and not itself."));
            }
        }

        if (tools.Resolve(wanted) is not var (tool, alias))
        {
            return new(ToolResult.Failed(tools.Unknown(wanted)));
        }

        var outcome = Bind(tool, alias, arguments, invocation.Scope);
        if (outcome.Input is null)
        {
            var name = tool.Definition.Name;
            var called = wanted == name ? "" : $"'{wanted}' is called {name} here. ";
            return new(ToolResult.Failed($"{called}{outcome.Error} {Usage(tool.Definition)}"));
        }

        invocation.Tool = tool;
        invocation.Input = outcome.Input;
        return next(invocation, cancellationToken);
    }

    private static BindOutcome Bind(Tool tool, ToolAlias? alias, string text, CallScope scope)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            var required = Required(tool.Definition.InputSchema);
            if (required.Count > 0)
            {
                return BindOutcome.Failed($"{tool.Definition.Name} was called without arguments, but needs {string.Join(", ", required)}.");
            }

            text = "{}";
        }

        var (arguments, error) = ArgumentText.Parse(text);
        return error is not null ? BindOutcome.Failed(error)
            : tool.Bind(alias is null ? arguments : AliasedArguments.Translate(arguments, alias, tool.Definition.InputSchema, scope));
    }

    private static List<string> Required(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array
        ? [.. required.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)] : [];

    private static string Usage(ToolDefinition definition)
    {
        var schema = definition.InputSchema;
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties)
            || properties.ValueKind != JsonValueKind.Object || !properties.EnumerateObject().Any())
        {
            return $"{definition.Name} takes no arguments: send {{}}.";
        }

        var required = Required(schema);
        var shown = properties.EnumerateObject().Select(property => $"{property.Name} ({Kind(property.Value)}{(required.Contains(property.Name) ? ", required" : "")})");
        return $"Arguments of {definition.Name}: {string.Join(", ", shown)}.";
    }

    private static string Kind(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type) && SchemaKinds.Of(type) is { Count: > 0 } names ? string.Join(" or ", names) : "any";
}
