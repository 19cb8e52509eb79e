using Bridle.Skills;

namespace Bridle.Hosting.Skills;

/// <summary>The skills of a folder without a session being started. Reads files and writes nothing.</summary>
public sealed class SkillOverview
{
    private readonly SkillFolders _folders;

    private SkillOverview(SkillFolders folders) => (_folders, Found) = (folders, folders.Find());

    /// <summary>What was found.</summary>
    public FoundSkills Found { get; }

    /// <summary>What was not loaded, but for what a person turned off.</summary>
    public IEnumerable<SkillLeft> Broken => Found.Left.Where(left => left.Reason is not SkillFolders.TurnedOff);

    /// <summary>The folders that were looked into, the strongest first.</summary>
    public IReadOnlyList<(string Path, SkillScope Scope)> Places => _folders.Places();

    /// <summary>Looks for the skills of a request's folder, or says why not.</summary>
    public static (SkillOverview? Overview, HarnessRefused? Problem) Read(HarnessRequest request)
    {
        if (!Directory.Exists(request.Folder))
        {
            return (null, new("usage", HostFiles.NoFolder(request.Folder), "Give another one with --cwd."));
        }

        var files = HostFiles.Read(request);
        return files.Problem is { } problem ? (null, problem) : (new(new SkillFolders(files, request.Folder)), null);
    }

    /// <summary>The text of a skill and the files beside it.</summary>
    public SkillContent Content(Skill skill) => _folders.Read(skill);

    /// <summary>What the specification finds wrong with the skill in a folder or a <c>SKILL.md</c>; none for a valid one. With <paramref name="claude"/> Claude Code's fields are no fault.</summary>
    public static IReadOnlyList<string> Validate(string path, bool claude = false)
    {
        var file = File.Exists(path) ? path : SkillFile.In(path);
        if (file is null)
        {
            return [Directory.Exists(path) ? "There is no SKILL.md in it." : "There is no such folder."];
        }

        if (!Path.GetFileName(file).Equals("SKILL.md", StringComparison.OrdinalIgnoreCase))
        {
            return ["A skill's file is called SKILL.md."];
        }

        var (head, problem) = SkillFile.Read(file);
        return head is null ? [$"The file is not usable: {problem}."] : SkillCheck.Problems(head, Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) ?? "", claude);
    }

    /// <summary>The skill in a folder or a <c>SKILL.md</c>, wherever it lies, or why there is none.</summary>
    public static (Skill? Skill, string? Reason) Load(string path) =>
        (File.Exists(path) ? path : SkillFile.In(path)) is { } file ? SkillFile.Load(Path.GetFullPath(file), SkillScope.User, _ => null) : (null, "there is no SKILL.md");
}
