using Bridle.Messages;

namespace Bridle.Skills;

/// <summary>What keeps a valid skill from being found or followed well: thin descriptions, long texts, skills that a model cannot tell apart.</summary>
public static class SkillLint
{
    private const int LeastDescription = 30;
    private const int LeastBody = 50;
    private const int MostLines = 500;
    private const int MostTokens = 5_000;
    private const int SharedWords = 4;
    private const double Overlap = 0.5;

    private static readonly string[] Cues = ["when", "use ", "for ", "if ", "whenever", "before", "after"];

    /// <summary>What could be better about one skill.</summary>
    public static IEnumerable<string> Of(Skill skill, string body)
    {
        if (skill.Description.Length < LeastDescription)
        {
            yield return $"The description has {skill.Description.Length} characters; say what it does and when to use it.";
        }

        if (!Cues.Any(cue => skill.Routing.Contains(cue, StringComparison.OrdinalIgnoreCase)))
        {
            yield return "The description does not say when to use it.";
        }

        if (skill.Routing.Length > SkillReading.MostRouting)
        {
            yield return $"Of the {skill.Routing.Length} characters of description and when_to_use a model reads the first {SkillReading.MostRouting}.";
        }

        var text = body.Trim();
        if (text.Length < LeastBody)
        {
            yield return $"The text has {text.Length} characters; it says how to do the task.";
        }

        var lines = text.Count(letter => letter is '\n') + 1;
        if (lines > MostLines)
        {
            yield return $"The text has {lines} lines; {MostLines} are advised. Put what is seldom needed into files of its own.";
        }

        if (TokenEstimate.Of(text) is var tokens && tokens > MostTokens)
        {
            yield return $"The text has about {tokens} tokens; {MostTokens} are advised. Put what is seldom needed into files of its own.";
        }
    }

    /// <summary>Pairs of skills that a model may take for each other, one sentence each.</summary>
    public static IEnumerable<string> Between(IReadOnlyList<Skill> skills)
    {
        var words = skills.Select(skill => Words(skill.Routing)).ToList();
        for (var i = 0; i < skills.Count; i++)
        {
            for (var j = i + 1; j < skills.Count; j++)
            {
                if (Plain(skills[i].Name) == Plain(skills[j].Name))
                {
                    yield return $"'{skills[i].Name}' and '{skills[j].Name}' are nearly the same name.";
                }

                var shared = words[i].Count(words[j].Contains);
                var share = shared / (double)Math.Max(1, words[i].Count + words[j].Count - shared);
                if (shared >= SharedWords && share > Overlap)
                {
                    yield return $"'{skills[i].Name}' and '{skills[j].Name}' have nearly the same description ({share:P0} of the words).";
                }
            }
        }
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant().TrimEnd('s');

    private static HashSet<string> Words(string text) =>
        [.. text.ToLowerInvariant().Split([' ', ',', '.', ';', ':', '(', ')', '/', '"', '\'', '`', '-'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 3)];
}
