using System.Text.Json;

namespace Bridle.Tools;

/// <summary>
/// Checks a value against a JSON Schema as far as tools and answers need it: draft 2020-12, and the older spellings that servers still send
/// (<c>definitions</c>, <c>dependencies</c>, a list under <c>items</c>). References stay inside the schema (<c>#</c>, <c>#/…</c>).
/// Not looked at: <c>format</c>, <c>$id</c>, <c>$anchor</c>, <c>$dynamicRef</c>, <c>unevaluated…</c>, <c>content…</c>.
/// A schema may be hostile: depth, work and the time of patterns are bounded. Safe to use concurrently.
/// </summary>
public static class SchemaCheck
{
    /// <summary>What is wrong with the value, in sentences with paths; empty when it fits. Never throws for any schema or value.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="value">The value.</param>
    /// <param name="noun">What a property is called in the sentences, such as <c>argument</c> or <c>field</c>.</param>
    public static IReadOnlyList<string> Check(JsonElement schema, JsonElement value, string noun = "argument")
    {
        var errors = new List<string>();
        try
        {
            new SchemaWalk(schema, noun).Check(schema, value, "", errors);
        }
        catch (InvalidOperationException)
        {
            errors.Add("It holds text that is not valid Unicode.");
        }
        catch (SchemaLimitException limit)
        {
            errors.Add(limit.Message);
        }

        return errors;
    }
}

/// <summary>The check was given up; nothing can be said about the value.</summary>
internal sealed class SchemaLimitException(string message) : Exception(message);
