using System.Text.Json;

namespace Bridle.Tools;

/// <summary>Finds what a <c>$ref</c> inside a schema names.</summary>
internal sealed class SchemaReferences(JsonElement root)
{
    private readonly string? _id = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("$id", out var id) && id.ValueKind == JsonValueKind.String
        ? Coerce.StringOf(id)?.TrimEnd('#') : null;

    /// <summary>The schema, or null when the reference leads out of the document or nowhere.</summary>
    public JsonElement? Find(string reference)
    {
        if (_id is { Length: > 0 } && reference.StartsWith(_id, StringComparison.Ordinal))
        {
            reference = reference.Length == _id.Length ? "#" : reference[_id.Length..];
        }

        if (reference == "#")
        {
            return root;
        }

        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        var at = root;
        foreach (var escaped in Uri.UnescapeDataString(reference[2..]).Split('/'))
        {
            var step = escaped.Replace("~1", "/").Replace("~0", "~");
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(step, out var member))
            {
                at = member;
            }
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(step, out var index) && index >= 0 && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else
            {
                return null;
            }
        }

        return at;
    }

    /// <summary>Follows <c>$ref</c> to the schema that says something; the schema itself when there is none.</summary>
    public JsonElement Follow(JsonElement schema)
    {
        for (var hops = 0; hops < 20 && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference)
            && reference.ValueKind == JsonValueKind.String && Find(reference.GetString()!) is { } target; hops++)
        {
            schema = target;
        }

        return schema;
    }
}
