using System.Text.Json;

namespace Bridle.Tools;

/// <summary>
/// Binds the arguments of a tool that is known by a JSON Schema alone: the same safe conversions as for typed tools, guided by the schema, then
/// <see cref="SchemaCheck"/>. The bound arguments are the converted JSON itself. A schema may be hostile: work and depth are bounded. Safe to use concurrently.
/// </summary>
/// <param name="schema">The schema, which should be of type object.</param>
public sealed class SchemaBinder(JsonElement schema)
{
    /// <summary>Converts and checks. Never throws for bad input or a bad schema.</summary>
    public BindOutcome Bind(JsonElement arguments)
    {
        try
        {
            var converted = new SchemaConversion(schema).Convert(arguments.ValueKind == JsonValueKind.Undefined ? ArgumentReader.ParseSchema("{}"u8) : arguments);
            if (converted.ValueKind != JsonValueKind.Object)
            {
                return BindOutcome.Failed($"The arguments must be an object, but were {Coerce.Describe(arguments)}.");
            }

            var errors = SchemaCheck.Check(schema, converted);
            return errors.Count == 0
                ? BindOutcome.Of(new ToolInput(converted, converted, []))
                : BindOutcome.Failed(string.Join(' ', errors.Take(5)) + (errors.Count > 5 ? $" And {errors.Count - 5} more." : ""));
        }
        catch (InvalidOperationException)
        {
            return BindOutcome.Failed("The arguments hold text that is not valid Unicode.");
        }
        catch (SchemaLimitException limit)
        {
            return BindOutcome.Failed(limit.Message);
        }
    }
}
