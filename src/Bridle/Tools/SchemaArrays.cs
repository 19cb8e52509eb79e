using System.Text.Json;

namespace Bridle.Tools;

/// <summary>The keywords about arrays.</summary>
internal static class SchemaArrays
{
    public static void Check(SchemaWalk walk, JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        var count = value.GetArrayLength();
        if (SchemaValues.Count(schema, "minItems") is { } min && count < min)
        {
            errors.Add($"{walk.Name(path)} must have at least {min} items, but has {count}.");
        }

        if (SchemaValues.Count(schema, "maxItems") is { } max && count > max)
        {
            errors.Add($"{walk.Name(path)} must have at most {max} items, but has {count}.");
        }

        CheckItems(walk, schema, value, path, errors);
        CheckUnique(walk, schema, value, path, errors);
        CheckContains(walk, schema, value, path, errors);
    }

    private static void CheckItems(SchemaWalk walk, JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        var hasItems = schema.TryGetProperty("items", out var items);
        var hasFirst = schema.TryGetProperty("prefixItems", out var first);
        if (!hasFirst && hasItems && items.ValueKind == JsonValueKind.Array)
        {
            // Up to draft 2019-09 the list stood under "items" and the rest under "additionalItems".
            (first, hasFirst) = (items, true);
            hasItems = schema.TryGetProperty("additionalItems", out items);
        }

        var listed = hasFirst && first.ValueKind == JsonValueKind.Array ? first.GetArrayLength() : 0;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            walk.Step();
            if (index < listed)
            {
                walk.Check(first[index], item, $"{path}[{index}]", errors);
            }
            else if (hasItems)
            {
                walk.Check(items, item, $"{path}[{index}]", errors);
            }

            index++;
        }
    }

    private static void CheckUnique(SchemaWalk walk, JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (!schema.TryGetProperty("uniqueItems", out var unique) || unique.ValueKind != JsonValueKind.True)
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in value.EnumerateArray())
        {
            if (!seen.Add(JsonNames.Canonical(item)))
            {
                errors.Add($"{walk.Name(path)} must not hold the same item twice, but holds {Coerce.Describe(item)} again.");
                return;
            }
        }
    }

    private static void CheckContains(SchemaWalk walk, JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (!schema.TryGetProperty("contains", out var wanted))
        {
            return;
        }

        var (min, max) = (SchemaValues.Count(schema, "minContains") ?? 1, SchemaValues.Count(schema, "maxContains") ?? int.MaxValue);
        var found = value.EnumerateArray().Count(item => walk.Fits(wanted, item, path));
        if (found < min || found > max)
        {
            errors.Add($"{walk.Name(path)} must hold {(found < min ? $"at least {min}" : $"at most {max}")} items of the wanted form, but holds {found}.");
        }
    }
}
