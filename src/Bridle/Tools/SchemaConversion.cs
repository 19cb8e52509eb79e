using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>One conversion of a value as a schema would have it. For one value, by one thread.</summary>
internal sealed class SchemaConversion(JsonElement root)
{
    private const int MaxDepth = 64;
    private readonly SchemaReferences _references = new(root);

    // One walk for all trials, so that its bound on work holds for the whole conversion.
    private readonly SchemaWalk _walk = new(root, "argument");

    /// <summary>The value with every conversion that leaves no doubt; whether it fits must be checked.</summary>
    public JsonElement Convert(JsonElement value) => Convert(root, value, 0);

    private JsonElement Convert(JsonElement schema, JsonElement value, int depth)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(schema, value, writer, depth);
        }

        var reader = new Utf8JsonReader(bytes.WrittenSpan, new JsonReaderOptions { MaxDepth = 256 });
        return JsonElement.ParseValue(ref reader);
    }

    private void Write(JsonElement schema, JsonElement value, Utf8JsonWriter writer, int depth)
    {
        _walk.Step();
        schema = _references.Follow(schema);
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            value.WriteTo(writer);
            return;
        }

        var kinds = schema.TryGetProperty("type", out var type) ? SchemaKinds.Of(type) : [];
        if (kinds.Count == 0 && FittingForm(schema, value, depth) is { } form)
        {
            form.WriteTo(writer);
            return;
        }

        var kind = kinds.FirstOrDefault(name => SchemaKinds.Fits(name, value));
        if (kind is null && kinds.Count > 0 && Converted(kinds, schema, value, writer, depth))
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            WriteObject(schema, value, writer, depth);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            WriteArray(schema, value, writer, depth);
        }
        else if (value.ValueKind == JsonValueKind.String && Choice(schema, value) is { } choice)
        {
            writer.WriteStringValue(choice);
        }
        else if (kind == "integer" && Coerce.Whole(value) is { } whole)
        {
            writer.WriteNumberValue(whole);
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    /// <summary>The value as the first form of <c>anyOf</c> or <c>oneOf</c> takes it, unconverted when one takes it so; null when none does.</summary>
    private JsonElement? FittingForm(JsonElement schema, JsonElement value, int depth)
    {
        var forms = schema.TryGetProperty("anyOf", out var any) ? any : schema.TryGetProperty("oneOf", out var one) ? one : default;
        if (forms.ValueKind != JsonValueKind.Array || depth > 8 || forms.EnumerateArray().Any(form => Fits(form, value)))
        {
            return null;
        }

        foreach (var form in forms.EnumerateArray())
        {
            var converted = Convert(form, value, depth + 1);
            if (Fits(form, converted))
            {
                return converted;
            }
        }

        return null;
    }

    private bool Fits(JsonElement form, JsonElement value) => _walk.Fits(form, value);

    private bool Converted(IReadOnlyList<string> kinds, JsonElement schema, JsonElement value, Utf8JsonWriter writer, int depth)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        foreach (var kind in (ReadOnlySpan<string>)["integer", "number", "boolean", "object", "array", "string"])
        {
            if (kinds.Contains(kind) && ConvertedTo(kind, schema, value, writer, depth))
            {
                return true;
            }
        }

        return false;
    }

    private bool ConvertedTo(string kind, JsonElement schema, JsonElement value, Utf8JsonWriter writer, int depth)
    {
        switch (kind)
        {
            case "integer" when Coerce.Whole(value) is { } whole:
                writer.WriteNumberValue(whole);
                return true;
            case "number" when Coerce.Number(value) is { } number:
                writer.WriteNumberValue(number);
                return true;
            case "boolean" when Coerce.Flag(value) is { } flag:
                writer.WriteBooleanValue(flag);
                return true;
            case "object" when Coerce.Structure(value, JsonValueKind.Object) is { } members:
                WriteObject(schema, members, writer, depth);
                return true;
            case "array" when Coerce.Structure(value, JsonValueKind.Array) is { } items:
                WriteArray(schema, items, writer, depth);
                return true;
            case "array":
                writer.WriteStartArray();
                Write(schema.TryGetProperty("items", out var item) ? item : default, value, writer, depth + 1);
                writer.WriteEndArray();
                return true;
            case "string" when Coerce.Text(value) is { } text:
                writer.WriteStringValue(text);
                return true;
            default:
                return false;
        }
    }

    private void WriteObject(JsonElement schema, JsonElement value, Utf8JsonWriter writer, int depth)
    {
        writer.WriteStartObject();
        foreach (var property in value.EnumerateObject())
        {
            var own = PropertySchema(schema, property.Name, 0);
            if (property.Value.ValueKind == JsonValueKind.Null && !IsRequired(schema, property.Name)
                && own is { } known && !Fits(known, property.Value))
            {
                continue;
            }

            writer.WritePropertyName(property.Name);
            Write(own ?? default, property.Value, writer, depth + 1);
        }

        writer.WriteEndObject();
    }

    private void WriteArray(JsonElement schema, JsonElement value, Utf8JsonWriter writer, int depth)
    {
        var items = schema.TryGetProperty("items", out var item) ? item : default;
        var first = schema.TryGetProperty("prefixItems", out var prefix) ? prefix : items;
        writer.WriteStartArray();
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            var listed = first.ValueKind == JsonValueKind.Array && index < first.GetArrayLength();
            Write(listed ? first[index] : items, element, writer, depth + 1);
            index++;
        }

        writer.WriteEndArray();
    }

    private JsonElement? PropertySchema(JsonElement schema, string name, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > 8)
        {
            return null;
        }

        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var own))
        {
            return own;
        }

        if (schema.TryGetProperty("allOf", out var parts) && parts.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in parts.EnumerateArray())
            {
                if (PropertySchema(_references.Follow(part), name, depth + 1) is { } found)
                {
                    return found;
                }
            }
        }

        return schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.Object ? others : null;
    }

    private static bool IsRequired(JsonElement schema, string name) =>
        schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array
        && required.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(name));

    private static string? Choice(JsonElement schema, JsonElement value)
    {
        if (!schema.TryGetProperty("enum", out var choices) || choices.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var known = choices.EnumerateArray().Where(choice => choice.ValueKind == JsonValueKind.String).Select(choice => choice.GetString()!).ToList();
        var text = value.GetString()!;
        var alike = known.Where(choice => string.Equals(Coerce.Plain(choice), Coerce.Plain(text), StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return known.Contains(text) || alike.Count != 1 ? null : alike[0];
    }
}
