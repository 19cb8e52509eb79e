using System.Buffers;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>Arguments under foreign names, put under the names that the tool knows.</summary>
internal static class AliasedArguments
{
    /// <summary>The arguments with translated names; the same element when there was nothing to do.</summary>
    public static JsonElement Translate(JsonElement arguments, ToolAlias alias, JsonElement schema, CallScope scope)
    {
        if (arguments.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var known) || known.ValueKind != JsonValueKind.Object)
        {
            return arguments;
        }

        try
        {
            arguments = alias.Rewrite?.Invoke(arguments, known, scope) ?? arguments;
            var renamed = arguments.EnumerateObject().Select(property => (Property: property, As: For(property.Name, arguments, alias, known))).ToList();
            return renamed.Exists(one => one.As is not null) ? Write(renamed) : arguments;
        }
        catch (InvalidOperationException)
        {
            // Text that is not valid Unicode: binding will say so.
            return arguments;
        }
    }

    private static ArgumentAlias? For(string name, JsonElement arguments, ToolAlias alias, JsonElement known) =>
        known.TryGetProperty(name, out _) ? null
        : alias.Arguments.FirstOrDefault(one => one.From == name && (one.To.Length is 0 || (known.TryGetProperty(one.To, out _) && !arguments.TryGetProperty(one.To, out _))));

    private static JsonElement Write(List<(JsonProperty Property, ArgumentAlias? As)> renamed)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            var written = new HashSet<string>(StringComparer.Ordinal);
            writer.WriteStartObject();
            foreach (var (property, alias) in renamed)
            {
                var flag = alias is null ? null : Coerce.Flag(property.Value);
                if (alias?.To is "" || (alias?.WhenTrue is not null && flag is false))
                {
                    continue;
                }

                var name = alias is not null && written.Add(alias.To) ? alias.To : property.Name;
                writer.WritePropertyName(name);
                if (alias is { Negated: true } && flag is { } set)
                {
                    writer.WriteBooleanValue(!set);
                }
                else if (alias?.WhenTrue is { } value && flag is true)
                {
                    writer.WriteStringValue(value);
                }
                else
                {
                    property.Value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return ArgumentReader.ParseSchema(bytes.WrittenSpan);
    }
}
