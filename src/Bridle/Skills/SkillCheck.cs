using System.Text;

namespace Bridle.Skills;

/// <summary>What the specification of agentskills.io demands of a skill, strictly; loading is lenient.</summary>
public static class SkillCheck
{
    /// <summary>The most characters of a description.</summary>
    public const int MostDescription = 1_024;

    private const int MostName = 64;
    private const int MostCompatibility = 500;

    private static readonly string[] Fields = ["name", "description", "license", "compatibility", "metadata", "allowed-tools"];

    private static readonly string[] ClaudeFields =
    [
        "when_to_use", "argument-hint", "arguments", "disable-model-invocation", "user-invocable", "disallowed-tools", "model", "effort", "context", "agent", "background", "paths", "hooks",
        "shell", "version",
    ];

    /// <summary>Everything that is wrong, one sentence each; none for a valid skill.</summary>
    /// <param name="head">The head.</param>
    /// <param name="folder">The name of the skill's folder.</param>
    /// <param name="claude">Whether Claude Code's fields count as known.</param>
    public static IReadOnlyList<string> Problems(SkillHead head, string folder, bool claude = false)
    {
        if (head.Problem is { } broken)
        {
            return [$"The head cannot be read: {broken}."];
        }

        var problems = new List<string>();
        problems.AddRange(head.Fields.Where(field => !Fields.Contains(field.Name) && !(claude && ClaudeFields.Contains(field.Name))).Select(field => ClaudeFields.Contains(field.Name)
            ? $"The field '{field.Name}' is Claude Code's and not in the specification." : $"The field '{field.Name}' is not in the specification."));
        problems.AddRange(head.Fields.GroupBy(field => field.Name).Where(same => same.Count() > 1).Select(same => $"The field '{same.Key}' stands there {same.Count()} times."));
        problems.AddRange(OfName(head["name"], folder));
        problems.AddRange(OfDescription(head["description"]));
        problems.AddRange(((string[])["name", "description", "license", "compatibility", "allowed-tools"]).Where(name => head[name] is { ReadAs: not null, Text.Length: > 0 })
            .Select(name => $"The value of '{name}' must be a text, but YAML reads it as {head[name]!.ReadAs}: put it in quotes."));
        problems.AddRange(OfText(head, "license"));
        problems.AddRange(OfText(head, "allowed-tools"));
        problems.AddRange(OfText(head, "compatibility"));
        if (head["compatibility"]?.Text is { } compatibility && compatibility.Trim().Length is 0 or > MostCompatibility)
        {
            problems.Add($"'compatibility' has {compatibility.Trim().Length} characters; 1 to {MostCompatibility} are allowed.");
        }

        if (head["metadata"] is { } metadata && (metadata.Pairs is null || metadata.IsNested))
        {
            problems.Add("'metadata' must be pairs of texts.");
        }

        return problems;
    }

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? OfName(string name)
    {
        var plain = name.Normalize(NormalizationForm.FormKC);
        return plain.Length > MostName ? $"The name has {plain.Length} characters; {MostName} are the most."
            : plain.Any(letter => !(char.IsLetterOrDigit(letter) || letter is '-') || char.IsUpper(letter)) ? $"The name '{name}' may have lower-case letters, digits and hyphens only."
            : plain.StartsWith('-') || plain.EndsWith('-') ? $"The name '{name}' must not begin or end with a hyphen."
            : plain.Contains("--", StringComparison.Ordinal) ? $"The name '{name}' must not have two hyphens in a row."
            : null;
    }

    private static IEnumerable<string> OfName(SkillValue? value, string folder)
    {
        if (value?.Text is not { } name || name.Trim().Length is 0)
        {
            yield return "The field 'name' is missing.";
            yield break;
        }

        name = name.Trim();
        if (OfName(name) is { } problem)
        {
            yield return problem;
        }

        if (name.Normalize(NormalizationForm.FormKC) != folder.Normalize(NormalizationForm.FormKC))
        {
            yield return $"The name '{name}' is not that of the folder, '{folder}'.";
        }
    }

    private static IEnumerable<string> OfDescription(SkillValue? value)
    {
        if (value?.Text is not { } description || description.Trim().Length is 0)
        {
            yield return "The field 'description' is missing.";
        }
        else if (description.Trim().Length > MostDescription)
        {
            yield return $"The description has {description.Trim().Length} characters; {MostDescription} are the most.";
        }
    }

    private static IEnumerable<string> OfText(SkillHead head, string field)
    {
        if (head[field] is { Text: null })
        {
            yield return $"'{field}' must be one text{(field is "allowed-tools" ? " with spaces between the tools" : "")}.";
        }
    }
}
