using System.Text;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Memory;
using Bridle.Hosting.Trust;
using Bridle.Journal;
using Bridle.Memory;

namespace Bridle.Hosting.Experience;

/// <summary>The experience of a project as a person has it: its episodes, and drafts of skills that wait for a yes. Nothing of another project is in it.</summary>
public sealed class ProjectExperience
{
    private const string FileName = "SKILL.md";
    private const int MostBytes = 64 * 1024;

    private readonly HostFiles _files;
    private readonly string _folder;
    private readonly TimeProvider _time;

    private ProjectExperience(HostFiles files, string folder, TimeProvider time)
    {
        (_files, _folder, _time) = (files, RealFolder.Of(folder)?.Path ?? folder, time);
        Project = MemoryPlaces.ProjectOf(_folder, files.Environment.Home);
        Drafts = Path.Combine(files.Folders.Experience, MemoryPlaces.KeyOf(Project), "drafts");
    }

    /// <summary>The project: the main worktree of a repository, or a folder.</summary>
    public string Project { get; }

    /// <summary>Whether skills of the project count: the person trusts its folder.</summary>
    public bool IsTrusted => _files.Trust.IsTrusted;

    /// <summary>Where its drafts are.</summary>
    public string Drafts { get; }

    /// <summary>Opens it for a request, or says why not. Reads only; sends nothing.</summary>
    public static (ProjectExperience? Experience, HarnessRefused? Problem) Open(HarnessRequest request)
    {
        if (!Directory.Exists(request.Folder))
        {
            return (null, new("usage", HostFiles.NoFolder(request.Folder), "Give another one with --cwd."));
        }

        var files = HostFiles.Read(request);
        return files.Problem is { } problem ? (null, problem) : (new(files, request.Folder, request.Time), null);
    }

    /// <summary>The episodes, the latest first.</summary>
    public IReadOnlyList<Episode> Episodes() => new EpisodeShelf(_files.Folders, _files.Environment.Home, _time).Of(_folder);

    /// <summary>The episodes that are like a text, the likest first.</summary>
    public IReadOnlyList<Episode> Like(string text, int most) => [.. new SimilarEpisodes(Episodes()).To(text, 0.01, most).Select(one => one.Episode)];

    /// <summary>Makes a draft of each success that was repeated and that no skill or draft says yet. Gives those made, and what was left out and why.</summary>
    public (IReadOnlyList<SkillProposal> Made, IReadOnlyList<string> Left) Distill()
    {
        var (proposals, left) = Distilling.Of(Episodes(), KnownSkills(), KnownSecrets.Redactor(_files, null));
        var drafted = proposals.ToLookup(one => File.Exists(PathOf(one.Name)));
        foreach (var proposal in drafted[false])
        {
            PrivateFile.Replace(PathOf(proposal.Name), Encoding.UTF8.GetBytes(proposal.Text));
        }

        return ([.. drafted[false]], [.. left, .. drafted[true].Select(one => $"{one.Name}: there is a draft of that name already.")]);
    }

    /// <summary>The drafts that wait: name and text.</summary>
    public IReadOnlyList<(string Name, string Text)> Waiting() =>
        !Directory.Exists(Drafts) ? []
            : [.. Directory.EnumerateDirectories(Drafts).Select(folder => Path.GetFileName(folder)!).Where(IsName).Order(StringComparer.Ordinal).Select(name => (name, Text(PathOf(name)) ?? "")).Where(one => one.Item2.Length > 0)];

    /// <summary>Makes a draft a skill of the project, or of the person. Null and where it is now, or why not.</summary>
    public (string? Path, string? Problem) Accept(string name, bool forPerson)
    {
        if (!IsName(name) || Text(PathOf(name)) is not { Length: > 0 } text)
        {
            return (null, $"There is no draft '{NoteText.OneLine(name, 80)}'.");
        }

        var head = NoteText.Read(name, text, default);
        if (head.Problem is not null || head.Note.Description.Length == 0 || !text.StartsWith("---", StringComparison.Ordinal))
        {
            return (null, $"The draft {PathOf(name)} is no skill: {head.Problem ?? "it has no head with a description"}.");
        }

        if (NoteSecrets.Find(text, KnownSecrets.Redactor(_files, null)) is { } secret)
        {
            return (null, $"The draft {PathOf(name)} is not accepted: {secret}.");
        }

        var skills = forPerson ? Path.Combine(_files.Folders.Config, "skills") : Path.Combine(_folder, ".bridle", "skills");
        if (!forPerson && RealFolder.Of(skills) is { } real && real.Path != skills)
        {
            return (null, $"{skills} leads to {real.Path}, so nothing is put there.");
        }

        var target = Path.Combine(skills, name, FileName);
        if (Directory.Exists(Path.GetDirectoryName(target)) || File.Exists(Path.GetDirectoryName(target)))
        {
            return (null, $"There is a skill '{name}' already: {target}.");
        }

        PrivateFiles.Replace(target, Encoding.UTF8.GetBytes(text.Replace(SkillProposal.ReadFirst, "", StringComparison.Ordinal)));
        Reject(name);
        return (target, null);
    }

    /// <summary>Removes a draft; whether there was one.</summary>
    public bool Reject(string name)
    {
        var folder = Path.Combine(Drafts, name);
        if (!IsName(name) || !Directory.Exists(folder))
        {
            return false;
        }

        Directory.Delete(folder, recursive: true);
        return true;
    }

    // What else there is, so that nothing is proposed twice. Their texts are compared and shown to nobody.
    private List<(string Name, string Description)> KnownSkills()
    {
        string[] places = [Path.Combine(_folder, ".bridle", "skills"), Path.Combine(_folder, ".agents", "skills"), Path.Combine(_folder, ".claude", "skills"), Path.Combine(_files.Folders.Config, "skills")];
        return
        [
            .. places.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Select(folder => (Name: Path.GetFileName(folder), Text: Text(Path.Combine(folder, FileName)) ?? ""))
                .Select(skill => (skill.Name, NoteText.Read("x", skill.Text, default).Note.Description)),
        ];
    }

    private string PathOf(string name) => Path.Combine(Drafts, name, FileName);

    // The names of agentskills.io that this makes: no dot, no slash, no letter that only looks like one.
    private static bool IsName(string name) => NoteName.IsName(name) && !name.Contains('_');

    private static string? Text(string file)
    {
        try
        {
            return File.Exists(file) && SmallFile.Length(file) <= MostBytes ? Encoding.UTF8.GetString(SmallFile.Read(file, MostBytes)) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
