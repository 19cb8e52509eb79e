using System.Text.Json;

namespace Bridle.Tools;

/// <summary>One walk over a schema and a value: the keywords that combine schemas. For one check, by one thread.</summary>
internal sealed class SchemaWalk(JsonElement root, string noun)
{
    private const int MaxDepth = 300;
    private const int MaxSteps = 500_000;
    private const int ShownForms = 3;
    private readonly SchemaReferences _references = new(root);
    private int _depth;
    private int _steps;

    /// <summary>Adds what is wrong; true when nothing is.</summary>
    public bool Check(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema.ValueKind != JsonValueKind.False || Fail(errors, $"{Name(path)} is not allowed.");
        }

        Step();
        if (++_depth > MaxDepth)
        {
            throw new SchemaLimitException("The schema or the value is nested too deeply to be checked.");
        }

        var before = errors.Count;
        CheckReference(schema, value, path, errors);
        CheckKind(schema, value, path, errors);
        SchemaValues.Check(schema, value, Name(path), errors);
        if (value.ValueKind == JsonValueKind.Object)
        {
            new SchemaObjects(this, noun).Check(schema, value, path, errors);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            SchemaArrays.Check(this, schema, value, path, errors);
        }

        CheckCombinations(schema, value, path, errors);
        _depth--;
        return errors.Count == before;
    }

    /// <summary>Whether it fits.</summary>
    public bool Fits(JsonElement schema, JsonElement value, string path = "") => Check(schema, value, path, []);

    /// <summary>The words for the thing at a path, to begin a sentence with.</summary>
    public string Name(string path) => path.Length == 0 ? "The value" : $"{char.ToUpperInvariant(noun[0])}{noun.AsSpan(1)} '{path}'";

    /// <summary>Counts work that grows with hostile input.</summary>
    public void Step()
    {
        if (++_steps > MaxSteps)
        {
            throw new SchemaLimitException("The schema and the value take too much work to be checked.");
        }
    }

    private static bool Fail(List<string> errors, string error)
    {
        errors.Add(error);
        return false;
    }

    private void CheckReference(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (schema.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String)
        {
            if (_references.Find(reference.GetString()!) is { } target)
            {
                Check(target, value, path, errors);
            }
            else
            {
                errors.Add($"{Name(path)} cannot be checked: the schema refers to '{reference.GetString()}', which is not inside it.");
            }
        }
    }

    private void CheckKind(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            var names = SchemaKinds.Of(type);
            if (names.Count > 0 && !names.Any(name => SchemaKinds.Fits(name, value)))
            {
                errors.Add($"{Name(path)} must be {string.Join(" or ", names.Select(SchemaKinds.Words))}, but was {Coerce.Describe(value)}.");
            }
        }

        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value))
        {
            errors.Add($"{Name(path)} must be {only.GetRawText()}, but was {Coerce.Describe(value)}.");
        }

        if (schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array
            && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
        {
            var shown = choices.EnumerateArray().Take(20).Select(choice => choice.GetRawText());
            errors.Add($"{Name(path)} must be one of {string.Join(", ", shown)}, but was {Coerce.Describe(value)}.");
        }
    }

    private void CheckCombinations(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        foreach (var part in Schemas(schema, "allOf"))
        {
            Check(part, value, path, errors);
        }

        if (schema.TryGetProperty("anyOf", out _))
        {
            CheckForms(schema, "anyOf", value, path, errors, atMost: int.MaxValue);
        }

        if (schema.TryGetProperty("oneOf", out _))
        {
            CheckForms(schema, "oneOf", value, path, errors, atMost: 1);
        }

        if (schema.TryGetProperty("not", out var not) && Fits(not, value, path))
        {
            errors.Add($"{Name(path)} has a form that is not allowed: {Coerce.Describe(value)}.");
        }

        if (schema.TryGetProperty("if", out var condition)
            && schema.TryGetProperty(Fits(condition, value, path) ? "then" : "else", out var consequence))
        {
            Check(consequence, value, path, errors);
        }
    }

    private void CheckForms(JsonElement schema, string keyword, JsonElement value, string path, List<string> errors, int atMost)
    {
        var (fitting, reasons) = (0, new List<string>());
        foreach (var form in Schemas(schema, keyword))
        {
            var wrong = new List<string>();
            fitting += Check(form, value, path, wrong) ? 1 : 0;
            reasons.AddRange(wrong.Take(1));
        }

        if (fitting == 0)
        {
            errors.Add($"{Name(path)} fits none of the allowed forms. {string.Join(' ', reasons.Distinct().Take(ShownForms).Select((reason, at) => $"({at + 1}) {reason}"))}");
        }
        else if (fitting > atMost)
        {
            errors.Add($"{Name(path)} fits {fitting} of the forms of which exactly one must fit.");
        }
    }

    private static IEnumerable<JsonElement> Schemas(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();
}
