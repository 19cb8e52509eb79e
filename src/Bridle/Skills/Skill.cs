namespace Bridle.Skills;

/// <summary>
/// Instructions for tasks of a kind, as agentskills.io has them: a folder with a <c>SKILL.md</c>. This is what is known before they are used; the text is read on demand.
/// </summary>
/// <param name="Name">What it is called by. No two loaded skills have the same.</param>
/// <param name="Description">What it is for and when it fits, in one line.</param>
/// <param name="File">Its <c>SKILL.md</c>, an absolute path without links.</param>
/// <param name="Scope">Whose it is.</param>
public sealed record Skill(string Name, string Description, string File, SkillScope Scope)
{
    /// <summary>Its folder, an absolute path without links.</summary>
    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>Where it was found: a path that a person knows, which may lead over links.</summary>
    public string Found { get; init; } = File;

    /// <summary>More about when it fits, or null.</summary>
    public string? WhenToUse { get; init; }

    /// <summary>What a person is shown of its arguments, or null.</summary>
    public string? ArgumentHint { get; init; }

    /// <summary>The names of its arguments in their order, for <c>$name</c> in the text.</summary>
    public IReadOnlyList<string> ArgumentNames { get; init; } = [];

    /// <summary>Whether the model is told of it and may use it.</summary>
    public bool ForModel { get; init; } = true;

    /// <summary>Whether the model is told its name only.</summary>
    public bool NameOnly { get; init; }

    /// <summary>Whether a person may use it by <c>/name</c>.</summary>
    public bool ForPerson { get; init; } = true;

    /// <summary>The rules of <c>allowed-tools</c>: the only calls while it is in use, or null for every call.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The rules of <c>disallowed-tools</c>: calls that are not made while it is in use.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>Patterns of files below the workspace that it is about: it is told when such a file is seen. Null for a skill about anything.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>What else its head says, by field: licence, compatibility, metadata and what nobody knows.</summary>
    public IReadOnlyDictionary<string, string> Other { get; init; } = new Dictionary<string, string>();

    /// <summary>What a person should know about its file, one sentence each; none of it keeps the skill from being used.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What a model reads to choose it: description and when it fits.</summary>
    public string Routing => NameOnly ? "" : WhenToUse is null ? Description : $"{Description} {WhenToUse}";
}

/// <summary>Whose a skill is. What stands first wins where two have the same name.</summary>
public enum SkillScope
{
    /// <summary>The administrator's.</summary>
    Managed,

    /// <summary>The project's: it comes with the files that are worked on.</summary>
    Project,

    /// <summary>The person's own.</summary>
    User,
}

/// <summary>What a look into the folders of skills came to.</summary>
/// <param name="Skills">The skills that may be used, by name.</param>
/// <param name="Left">The files that are not loaded, and why.</param>
/// <param name="Shadowed">The skills whose name another one has.</param>
public sealed record FoundSkills(IReadOnlyList<Skill> Skills, IReadOnlyList<SkillLeft> Left, IReadOnlyList<ShadowedSkill> Shadowed)
{
    /// <summary>None.</summary>
    public static FoundSkills None { get; } = new([], [], []);

    /// <summary>The skill of exactly that name, or null. Rules name skills as exactly, so that no other spelling leads past them.</summary>
    public Skill? Find(string name) => Skills.FirstOrDefault(skill => skill.Name == name);
}

/// <summary>A skill that is not loaded.</summary>
/// <param name="File">Its file, or the folder of several.</param>
/// <param name="Reason">Why, in words that follow a colon.</param>
public sealed record SkillLeft(string File, string Reason);

/// <summary>A skill that cannot be used because another one has its name.</summary>
/// <param name="Skill">It.</param>
/// <param name="By">The one that is used.</param>
public sealed record ShadowedSkill(Skill Skill, Skill By);

/// <summary>Where skills come from. Safe to use concurrently.</summary>
public interface ISkillBook
{
    /// <summary>The skills as they are now. Never throws: what cannot be read is left out with its reason.</summary>
    FoundSkills Find();

    /// <summary>The text below the head of a skill's file and the files beside it, or why they cannot be had.</summary>
    SkillContent Read(Skill skill);
}

/// <summary>The content of a skill, or why there is none.</summary>
/// <param name="Body">The text below the head; empty when there is a problem.</param>
/// <param name="Files">The other files of its folder, relative, in ordinal order; the first of many.</param>
/// <param name="Problem">Why it cannot be read, or null.</param>
public sealed record SkillContent(string Body, IReadOnlyList<string> Files, string? Problem = null);
