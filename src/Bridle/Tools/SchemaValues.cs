using System.Globalization;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>The keywords about single numbers and strings.</summary>
internal static class SchemaValues
{
    public static void Check(JsonElement schema, JsonElement value, string name, List<string> errors)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            CheckNumber(schema, value, name, errors);
        }
        else if (value.ValueKind == JsonValueKind.String)
        {
            CheckString(schema, value.GetString()!, name, errors);
        }
    }

    /// <summary>The number under a keyword, or null when there is none.</summary>
    public static int? Count(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var limit) && limit.ValueKind == JsonValueKind.Number && limit.TryGetDouble(out var count)
        ? (int)Math.Clamp(count, 0, int.MaxValue) : null;

    private static void CheckNumber(JsonElement schema, JsonElement value, string name, List<string> errors)
    {
        Compare("minimum", sign => sign >= 0, "at least");
        Compare("maximum", sign => sign <= 0, "at most");
        Compare("exclusiveMinimum", sign => sign > 0, "more than");
        Compare("exclusiveMaximum", sign => sign < 0, "less than");
        if (schema.TryGetProperty("multipleOf", out var unit) && unit.ValueKind == JsonValueKind.Number && !IsMultiple(value, unit))
        {
            errors.Add($"{name} must be a multiple of {unit.GetRawText()}, but was {Coerce.Describe(value)}.");
        }

        void Compare(string keyword, Func<int, bool> fits, string words)
        {
            if (schema.TryGetProperty(keyword, out var limit) && limit.ValueKind == JsonValueKind.Number && !fits(Order(value, limit)))
            {
                errors.Add($"{name} must be {words} {limit.GetRawText()}, but was {Coerce.Describe(value)}.");
            }
        }
    }

    private static int Order(JsonElement left, JsonElement right) =>
        Exact(left) is { } first && Exact(right) is { } second ? first.CompareTo(second) : left.GetDouble().CompareTo(right.GetDouble());

    private static bool IsMultiple(JsonElement value, JsonElement unit)
    {
        if (Exact(value) is { } exact && Exact(unit) is { } exactUnit)
        {
            return exactUnit == 0 || exact % exactUnit == 0;
        }

        var quotient = value.GetDouble() / unit.GetDouble();
        return double.IsFinite(quotient) && Math.Floor(quotient) == quotient;
    }

    /// <summary>The number without rounding, or null when it is too large or too small for that.</summary>
    public static decimal? Exact(JsonElement number) =>
        decimal.TryParse(number.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
        && (exact != 0 || number.GetDouble() == 0) ? exact : null;

    private static void CheckString(JsonElement schema, string text, string name, List<string> errors)
    {
        var (min, max) = (Count(schema, "minLength"), Count(schema, "maxLength"));
        if (min is not null || max is not null)
        {
            var length = text.EnumerateRunes().Count();
            if (length < min || length > max)
            {
                errors.Add($"{name} must have {(length < min ? $"at least {min}" : $"at most {max}")} characters, but has {length}.");
            }
        }

        if (schema.TryGetProperty("pattern", out var pattern) && pattern.ValueKind == JsonValueKind.String && !SchemaPattern.Matches(pattern.GetString()!, text))
        {
            errors.Add($"{name} must match the pattern {pattern.GetRawText()}.");
        }
    }
}
