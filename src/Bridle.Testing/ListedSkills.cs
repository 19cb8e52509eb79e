using Bridle.Skills;

namespace Bridle.Testing;

/// <summary>Skills that a test lists, in the place of folders of files.</summary>
/// <param name="skills">The skills with what is told of each.</param>
public sealed class ListedSkills(params (Skill Skill, SkillContent Content)[] skills) : ISkillBook
{
    /// <inheritdoc/>
    public FoundSkills Find() => new([.. skills.Select(one => one.Skill).OrderBy(skill => skill.Name, StringComparer.Ordinal)], [], []);

    /// <inheritdoc/>
    public SkillContent Read(Skill skill) => skills.First(one => one.Skill.Name == skill.Name).Content;
}
