using System.Text;

namespace Bridle.Skills;

/// <summary>Makes a skill of a head as people write them: what is missing or odd is made up for and said, and costs nobody the skill.</summary>
public static class SkillReading
{
    /// <summary>The most characters of description and when-to-use that a model reads.</summary>
    public const int MostRouting = 1_536;

    private const int MostName = 64;

    // Read by Claude Code, and without effect here, with what happens instead (docs/decisions/022).
    private static readonly Dictionary<string, string> Unheeded = new(StringComparer.Ordinal)
    {
        ["model"] = "The conversation's own model follows it.",
        ["effort"] = "The model thinks as hard as in the rest of the conversation.",
        ["context"] = "Its text is followed in the conversation itself, which keeps all that is read for it.",
        ["agent"] = "The agent of the conversation follows it.",
        ["background"] = "The conversation waits for it.",
        ["hooks"] = "They do not run. Hooks that are to run stand in settings.",
        ["shell"] = "Its commands are calls of Bash.",
    };

    private static readonly string[] Known =
        ["name", "description", "when_to_use", "argument-hint", "arguments", "disable-model-invocation", "user-invocable", "allowed-tools", "disallowed-tools", "paths"];

    /// <summary>The skill, or null with the reason when the file says nothing at all.</summary>
    /// <param name="head">The head.</param>
    /// <param name="file">The file, without links.</param>
    /// <param name="found">The file as it was found.</param>
    /// <param name="scope">Whose it is.</param>
    public static (Skill? Skill, string? Reason) Read(SkillHead head, string file, string found, SkillScope scope)
    {
        var warnings = new List<string>();
        if (head.Problem is { } problem)
        {
            warnings.Add($"It was read as far as it goes: {problem}.");
        }

        var folder = Path.GetFileName(Path.GetDirectoryName(found)) ?? "";
        var name = NameOf(head["name"]?.Text, folder, warnings);
        var description = DescriptionOf(head, warnings);
        if (description.Length is 0)
        {
            return (null, "it has neither a description nor any text");
        }

        var skill = new Skill(name, description, file, scope)
        {
            Found = found,
            WhenToUse = Line(head["when_to_use"]?.Text) is { Length: > 0 } when ? when : null,
            ArgumentHint = Line(head["argument-hint"]?.Line) is { Length: > 0 } hint ? hint : null,
            ArgumentNames = head["arguments"] is { } names ? Words(names) : [],
            ForModel = !Flag(head, "disable-model-invocation", false, warnings),
            ForPerson = Flag(head, "user-invocable", true, warnings),
            Allowed = head["allowed-tools"] is { } allowed ? SkillTools.Split(allowed) : null,
            Refused = head["disallowed-tools"] is { } refused ? SkillTools.Split(refused) : [],
            Paths = head["paths"] is { } paths && Patterns(paths) is { Count: > 0 } patterns ? patterns : null,
            Other = head.Fields.Where(field => !Known.Contains(field.Name)).DistinctBy(field => field.Name).ToDictionary(field => field.Name, field => Line(field.Value.Line)),
        };
        warnings.AddRange(head.Fields.DistinctBy(field => field.Name).Where(IsUnheeded).Select(field => $"'{field.Name}' has no effect here. {Unheeded[field.Name]}"));
        return (skill with { Warnings = warnings }, null);
    }

    /// <summary>Text in one line: blanks and control characters become one space.</summary>
    public static string Line(string? text)
    {
        var line = new StringBuilder();
        foreach (var letter in text ?? "")
        {
            var blank = char.IsWhiteSpace(letter) || char.IsControl(letter);
            if (!blank || (line.Length > 0 && line[^1] is not ' '))
            {
                line.Append(blank ? ' ' : letter);
            }
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>Whether a person can type it after a slash, and a rule can say it.</summary>
    public static bool IsUsable(string name) =>
        name.Length is > 0 and <= MostName && char.IsLetterOrDigit(name[0]) && name.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':');

    // "The model that answers anyhow" and "in this conversation" is what happens.
    private static bool IsUnheeded((string Name, SkillValue Value) field) =>
        Unheeded.ContainsKey(field.Name) && (field.Name, field.Value.Text?.Trim()) is not ("model", "inherit") and not ("context", "inline") and not ("background", "false") and not ("shell", "bash");

    private static string NameOf(string? written, string folder, List<string> warnings)
    {
        var fallback = IsUsable(folder) ? folder : Usable(folder);
        if (Line(written) is not { Length: > 0 } name)
        {
            warnings.Add($"It has no name; '{fallback}' is taken from its folder.");
            return fallback;
        }

        if (!IsUsable(name))
        {
            warnings.Add($"Its name '{(name.Length > MostName ? name[..MostName] + "…" : name)}' is none that can be typed; '{fallback}' is taken from its folder.");
            return fallback;
        }

        if (name != folder)
        {
            warnings.Add($"Its name is '{name}' and its folder '{folder}'; they should be the same.");
        }

        return name;
    }

    private static string Usable(string folder)
    {
        var name = string.Concat(folder.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-')).Trim('-');
        return name.Length is 0 ? "skill" : name[..Math.Min(name.Length, MostName)];
    }

    private static string DescriptionOf(SkillHead head, List<string> warnings)
    {
        if (Line(head["description"]?.Line) is { Length: > 0 } description)
        {
            if (description.Length > SkillCheck.MostDescription)
            {
                warnings.Add($"Its description has {description.Length} characters; {SkillCheck.MostDescription} are the most by the specification.");
            }

            return description;
        }

        var paragraph = head.Body.Split("\n\n").Select(text => Line(text.TrimStart('#', ' ', '\n'))).FirstOrDefault(text => text.Length > 0) ?? "";
        warnings.Add("It has no description; the first words of its text stand for it.");
        return paragraph.Length <= 200 ? paragraph : $"{paragraph[..(char.IsHighSurrogate(paragraph[199]) ? 199 : 200)]}…";
    }

    private static bool Flag(SkillHead head, string field, bool otherwise, List<string> warnings)
    {
        switch (head[field]?.Text?.Trim().ToLowerInvariant())
        {
            case "true" or "yes" or "on" or "1":
                return true;
            case "false" or "no" or "off" or "0":
                return false;
            case null or "":
                return otherwise;
            default:
                warnings.Add($"'{field}' is neither true nor false; {(otherwise ? "true" : "false")} is taken.");
                return otherwise;
        }
    }

    private static IReadOnlyList<string> Words(SkillValue value) =>
        value.List ?? [.. (value.Text ?? "").Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    // A comma between braces belongs to the pattern.
    private static List<string> Patterns(SkillValue value)
    {
        var (patterns, depth, from) = (new List<string>(), 0, 0);
        foreach (var text in value.List ?? [value.Text ?? ""])
        {
            (depth, from) = (0, 0);
            for (var i = 0; i <= text.Length; i++)
            {
                if (i == text.Length || (depth is 0 && text[i] is ',' or '\n'))
                {
                    patterns.Add(text[from..i].Trim());
                    from = i + 1;
                }
                else
                {
                    depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
                }
            }
        }

        return [.. patterns.Where(pattern => pattern.Length > 0)];
    }
}
