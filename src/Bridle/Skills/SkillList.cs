using System.Text;
using Bridle.Messages;

namespace Bridle.Skills;

/// <summary>The names and descriptions that a model is told at the start, within a budget: long descriptions are cut before any name is left out.</summary>
public static class SkillList
{
    /// <summary>What the list may take where no setting says otherwise, in tokens, by estimate.</summary>
    public const int DefaultTokens = 4_000;

    private const int LeastDescription = 40;
    private const string Head = "Skills are instructions for tasks of a kind. When one of these fits the task, call Skill with its name before you begin:";

    /// <summary>The skills of the list: those that a model may use and that are about anything, in the order of their names.</summary>
    public static IReadOnlyList<Skill> Listed(IEnumerable<Skill> skills) => [.. skills.Where(skill => skill is { ForModel: true, Paths: null }).OrderBy(skill => skill.Name, StringComparer.Ordinal)];

    /// <summary>The text, empty where there is nothing to list or no room for it.</summary>
    /// <param name="skills">The skills that are listed.</param>
    /// <param name="tokens">What it may take.</param>
    public static string Of(IReadOnlyList<Skill> skills, int tokens)
    {
        var room = ((long)tokens * TokenEstimate.Quarters) - TokenEstimate.QuartersOf(Head);
        if (skills.Count is 0 || room <= 0)
        {
            return "";
        }

        var longest = skills.Max(skill => skill.Routing.Length);
        var cut = Math.Min(longest, SkillReading.MostRouting);
        if (Length(skills, cut) > room)
        {
            cut = Fitting(skills, room, cut);
        }

        var text = new StringBuilder(Head);
        var told = 0;
        foreach (var skill in skills)
        {
            var line = Line(skill, cut);
            var length = TokenEstimate.QuartersOf(line);
            if (length > room)
            {
                break;
            }

            (room, told) = (room - length, told + 1);
            text.Append(line);
        }

        return text.Append(told < skills.Count ? $"\n({skills.Count - told} more are left out for room: {string.Join(", ", skills.Skip(told).Take(20).Select(skill => skill.Name))}{(skills.Count - told > 20 ? " …" : "")})" : "").ToString();
    }

    /// <summary>One skill, as a line that begins with a line end.</summary>
    public static string Line(Skill skill, int most = SkillReading.MostRouting)
    {
        var routing = skill.Routing;
        var cut = routing.Length <= most ? routing : most < LeastDescription ? "" : $"{routing[..(char.IsHighSurrogate(routing[most - 1]) ? most - 1 : most)].TrimEnd()}…";
        return cut.Length > 0 ? $"\n- {skill.Name}: {cut}" : $"\n- {skill.Name}";
    }

    private static long Length(IReadOnlyList<Skill> skills, int cut) => skills.Sum(skill => TokenEstimate.QuartersOf(Line(skill, cut)));

    // The longest cut with which all fit; 0 for names alone.
    private static int Fitting(IReadOnlyList<Skill> skills, long room, int from)
    {
        var (low, high) = (LeastDescription, from);
        if (Length(skills, low) > room)
        {
            return 0;
        }

        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Length(skills, middle) <= room ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
