using System.Text.Json;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>How an answer is held to a schema.</summary>
internal static class AnswerSchemas
{
    /// <summary>The request's system text, with the schema in it where the server does not take one.</summary>
    public static string System(ModelRequest request, ModelEndpoint endpoint) =>
        request.AnswerSchema is { } schema && endpoint.Quirk(OpenAiQuirks.JsonObject) is not null
            ? $"{request.System}\n\nAnswer with one JSON object and nothing else. It must satisfy this JSON Schema:\n{schema.GetRawText()}".TrimStart()
            : request.System;

    /// <summary>Writes the fields <c>name</c>, <c>strict</c> and <c>schema</c>.</summary>
    public static void WriteFields(Utf8JsonWriter writer, JsonElement schema)
    {
        writer.WriteString("name", "answer");
        writer.WriteBoolean("strict", IsStrict(schema));
        writer.WritePropertyName("schema");
        schema.WriteTo(writer);
    }

    /// <summary>Whether the vendor's strict mode takes the schema: every object closed and every property required.</summary>
    public static bool IsStrict(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Array)
        {
            return schema.EnumerateArray().All(IsStrict);
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        if (schema.At("properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            var required = schema.ItemsAt("required").Select(name => name.ToString()).ToHashSet(StringComparer.Ordinal);
            if (schema.At("additionalProperties") is not { ValueKind: JsonValueKind.False } || !properties.EnumerateObject().All(property => required.Contains(property.Name)))
            {
                return false;
            }

            if (!properties.EnumerateObject().All(property => IsStrict(property.Value)))
            {
                return false;
            }
        }
        else if (schema.TextAt("type") == "object")
        {
            return false;
        }

        return schema.EnumerateObject().All(keyword => keyword.Name is "properties" or "required" or "enum" or "const" or "default" or "examples" || IsStrict(keyword.Value));
    }
}
