using System.Text.Json;

namespace Bridle.Tools;

/// <summary>The keywords about objects.</summary>
internal sealed class SchemaObjects(SchemaWalk walk, string noun)
{
    public void Check(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        CheckRequired(schema, "required", value, path, errors);
        var count = 0;
        foreach (var property in value.EnumerateObject())
        {
            walk.Step();
            count++;
            CheckProperty(schema, property, path, errors);
        }

        if (SchemaValues.Count(schema, "minProperties") is { } min && count < min)
        {
            errors.Add($"{walk.Name(path)} must have at least {min} properties, but has {count}.");
        }

        if (SchemaValues.Count(schema, "maxProperties") is { } max && count > max)
        {
            errors.Add($"{walk.Name(path)} must have at most {max} properties, but has {count}.");
        }

        CheckDependencies(schema, value, path, errors);
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static JsonElement? Keyword(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Object ? found : null;

    private void CheckRequired(JsonElement schema, string keyword, JsonElement value, string path, List<string> errors)
    {
        if (schema.TryGetProperty(keyword, out var names) && names.ValueKind == JsonValueKind.Array)
        {
            CheckPresent(names, value, path, "", errors);
        }
    }

    private void CheckPresent(JsonElement names, JsonElement value, string path, string why, List<string> errors)
    {
        foreach (var name in names.EnumerateArray())
        {
            if (name.ValueKind == JsonValueKind.String && !value.TryGetProperty(name.GetString()!, out _))
            {
                errors.Add($"Missing required {noun} '{Join(path, name.GetString()!)}'{why}.");
            }
        }
    }

    private void CheckProperty(JsonElement schema, JsonProperty property, string path, List<string> errors)
    {
        var (name, known) = (property.Name, false);
        if (Keyword(schema, "properties") is { } properties && properties.TryGetProperty(name, out var own))
        {
            known = true;
            walk.Check(own, property.Value, Join(path, name), errors);
        }

        foreach (var pattern in Keyword(schema, "patternProperties")?.EnumerateObject() ?? default)
        {
            if (SchemaPattern.Matches(pattern.Name, name))
            {
                known = true;
                walk.Check(pattern.Value, property.Value, Join(path, name), errors);
            }
        }

        if (!known && schema.TryGetProperty("additionalProperties", out var others))
        {
            if (others.ValueKind == JsonValueKind.False)
            {
                errors.Add(Unknown(schema, name, path));
            }
            else
            {
                walk.Check(others, property.Value, Join(path, name), errors);
            }
        }

        if (schema.TryGetProperty("propertyNames", out var names))
        {
            var wrong = new List<string>();
            if (!walk.Check(names, JsonNames.Quoted(name), Join(path, name), wrong))
            {
                errors.Add($"The name of {noun} '{Join(path, name)}' is not allowed. {wrong[0]}");
            }
        }
    }

    private string Unknown(JsonElement schema, string name, string path)
    {
        var known = Keyword(schema, "properties")?.EnumerateObject().Select(property => property.Name).ToList() ?? [];
        var where = path.Length == 0 ? "" : $" in '{path}'";
        var hint = Nearest.Of(name, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        return $"Unknown {noun} '{name}'{where}.{hint}{(known.Count == 0 ? "" : $" Known are {string.Join(", ", known)}.")}";
    }

    private void CheckDependencies(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        foreach (var keyword in (ReadOnlySpan<string>)["dependentRequired", "dependentSchemas", "dependencies"])
        {
            foreach (var dependency in Keyword(schema, keyword)?.EnumerateObject() ?? default)
            {
                if (!value.TryGetProperty(dependency.Name, out _))
                {
                    continue;
                }

                if (dependency.Value.ValueKind == JsonValueKind.Array)
                {
                    CheckPresent(dependency.Value, value, path, $", because '{dependency.Name}' is there", errors);
                }
                else
                {
                    walk.Check(dependency.Value, value, path, errors);
                }
            }
        }
    }
}
