using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Tools;

namespace Bridle.Skills;

/// <summary>Takes skills into use: for a person's <c>/name arguments</c> and for the model's call of the tool. Safe to use concurrently.</summary>
/// <param name="book">Where skills come from.</param>
/// <param name="place">Where they are used.</param>
public sealed class SkillCalls(ISkillBook book, SkillPlace place)
{
    /// <summary>The most characters of a skill's text that are told at once.</summary>
    public const int MostText = 32_000;

    private const int MostStacked = 6;
    private const int MostFiles = 40;

    /// <summary>The skills as they are now.</summary>
    public FoundSkills Found => book.Find();

    /// <summary>Takes a skill into use for the model. Null with the reason, in words for the model, when it cannot be.</summary>
    public (SkillUsed? Used, string? Problem) ForModel(string name, string? arguments, IBlobs blobs)
    {
        var found = book.Find();
        name = name.TrimStart('/');
        if (found.Find(name) is not { } skill)
        {
            var names = found.Skills.Where(one => one.ForModel).Select(one => one.Name).ToList();
            var near = Nearest.Of(name, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";
            return (null, names.Count is 0 ? $"There is no skill '{name}', and no other one either. Work without." : $"There is no skill '{name}'.{near} The skills are: {string.Join(", ", names)}.");
        }

        return skill.ForModel ? Use(skill, arguments, "model", blobs) : (null, $"Only the person may use the skill '{name}': they type /{name}. Work without it, or tell them about it.");
    }

    /// <summary>The skills that a person's words name: <c>/name arguments</c>, up to six names in a row. Empty for words of another kind.</summary>
    public IReadOnlyList<(Skill Skill, string Arguments)> NamedBy(string text)
    {
        if (!text.StartsWith('/'))
        {
            return [];
        }

        var (found, named, rest) = (book.Find(), new List<Skill>(), text);
        while (named.Count < MostStacked && rest.StartsWith('/'))
        {
            var end = rest.AsSpan().IndexOfAny(" \t\r\n");
            var name = end < 0 ? rest[1..] : rest[1..end];
            if (found.Find(name) is not { ForPerson: true } skill)
            {
                break;
            }

            named.Add(skill);
            rest = end < 0 ? "" : rest[end..].TrimStart();
        }

        return [.. named.Select(skill => (skill, rest.Trim()))];
    }

    /// <summary>Takes the skills into use that a person's words name. A problem, in words for the person, for each that cannot be.</summary>
    public (IReadOnlyList<SkillUsed> Used, IReadOnlyList<string> Problems) ForPerson(string text, IBlobs blobs)
    {
        var uses = NamedBy(text).Select(named => Use(named.Skill, named.Arguments is { Length: > 0 } some ? some : null, "person", blobs)).ToList();
        return ([.. uses.Select(use => use.Used).OfType<SkillUsed>()], [.. uses.Select(use => use.Problem).OfType<string>()]);
    }

    private (SkillUsed? Used, string? Problem) Use(Skill skill, string? arguments, string by, IBlobs blobs)
    {
        var content = book.Read(skill);
        if (content.Problem is { } problem)
        {
            return (null, $"The skill '{skill.Name}' cannot be used: {problem}.");
        }

        var text = Told(skill, content, arguments, by);
        return (new SkillUsed(skill.Name, skill.File, blobs.Put(Encoding.UTF8.GetBytes(text)), by)
        {
            Arguments = arguments,
            Allowed = skill.Allowed,
            Refused = skill.Refused.Count > 0 ? skill.Refused : null,
        }, null);
    }

    // Neither the text nor a name in it can end the frame and go on as if the harness spoke.
    private string Told(Skill skill, SkillContent content, string? arguments, string by)
    {
        var body = InjectedCommands.Replace(SkillText.Fill(skill, content.Body, arguments, place), out _).Trim();
        if (body.Length > MostText)
        {
            var at = char.IsHighSurrogate(body[MostText - 1]) ? MostText - 1 : MostText;
            body = $"{body[..at]}\n[cut here: {body.Length - at} more characters; read the rest in {skill.File}]";
        }

        var text = new StringBuilder(by is "person" ? $"The person asks for the skill '{skill.Name}'. Follow it:\n" : $"The skill '{skill.Name}' is in use. Follow it:\n");
        text.Append($"<skill name=\"{skill.Name}\">\n{body.Replace("</skill", "&lt;/skill", StringComparison.OrdinalIgnoreCase)}\n</skill>");
        if (content.Files.Count > 0)
        {
            var more = content.Files.Count > MostFiles ? $" and {content.Files.Count - MostFiles} more" : "";
            text.Append($"\nIts folder is {skill.Folder}; paths in it start there. Read what you need of: {string.Join(", ", content.Files.Take(MostFiles).Select(SkillReading.Line))}{more}.");
        }

        if (skill.Allowed is { } allowed)
        {
            text.Append(allowed.Count > 0 ? $"\nUntil the person speaks again only these calls are allowed: {string.Join(", ", allowed.Select(SkillReading.Line))}." : "\nUntil the person speaks again no tool that acts is allowed.");
        }

        return text.ToString();
    }
}
