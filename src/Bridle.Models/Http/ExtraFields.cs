using System.Text.Json;

namespace Bridle.Models.Http;

/// <summary>Fields that a person wants in every request body.</summary>
internal static class ExtraFields
{
    /// <summary>The body with the extra fields in it; a field replaces the body's own of the same name. Fields that may not be added are left out.</summary>
    public static ReadOnlyMemory<byte> Merge(ReadOnlyMemory<byte> body, JsonElement? extra, Func<string, bool> mayAdd)
    {
        if (extra is not { ValueKind: JsonValueKind.Object } fields || !fields.EnumerateObject().Any(field => mayAdd(field.Name)))
        {
            return body;
        }

        using var own = JsonDocument.Parse(body);
        return VendorJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            foreach (var field in own.RootElement.EnumerateObject())
            {
                if (!fields.TryGetProperty(field.Name, out _) || !mayAdd(field.Name))
                {
                    field.WriteTo(writer);
                }
            }

            foreach (var field in fields.EnumerateObject().Where(field => mayAdd(field.Name)))
            {
                field.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }
}
