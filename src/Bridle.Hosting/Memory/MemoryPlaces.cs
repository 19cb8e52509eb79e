using System.Security.Cryptography;
using System.Text;
using Bridle.Hosting.Trust;
using Bridle.Memory;
using Bridle.Workspaces;

namespace Bridle.Hosting.Memory;

/// <summary>
/// Where the notes of a folder are kept: those of its project below a name that only this project has, so that none is seen in another; the person's own beside them; and the repository's
/// own in <c>.bridle/memory</c>, once its folder is trusted.
/// </summary>
internal sealed class MemoryPlaces
{
    /// <summary>The repository's own notes, from the top of the working folder.</summary>
    public const string TeamFolder = ".bridle/memory";

    private readonly string _project;
    private readonly string _agent;
    private readonly HostFiles _files;

    /// <summary>The places of a folder for an agent.</summary>
    public MemoryPlaces(HostFiles files, string folder, string agent)
    {
        _files = files;
        _agent = NoteName.IsName(agent) ? agent : throw new ArgumentException($"'{agent}' is no name of an agent: {NoteName.Read(agent).Problem}", nameof(agent));
        var real = RealFolder.Of(folder)?.Path ?? Path.GetFullPath(folder);
        Project = ProjectOf(real, files.Environment.Home);
        _project = Path.Combine(files.Folders.Memory, "projects", KeyOf(Project));
        var team = Path.Combine(real, TeamFolder);
        var found = RealFolder.Of(team);
        Shelves =
        [
            new(MemoryScope.Project, StoreAt(Path.Combine(_project, "shared"))),
            new(MemoryScope.Agent, StoreAt(Path.Combine(_project, "agents", _agent))),
            new(MemoryScope.User, StoreAt(Path.Combine(files.Folders.Memory, "user"))),
            .. files.Trust.IsTrusted && (found is null || found.Path == team)
                ? [new(MemoryScope.Team, new MarkdownMemory(team, Path.Combine(_project, "team.lock"))) { ByPersonOnly = true }] : Array.Empty<MemoryShelf>(),
        ];
        Waiting = found is null ? null
            : found.Path != team ? $"{team} leads to {found.Path}, so no notes are read from it."
            : !files.Trust.IsTrusted && Count(team) is > 0 and var count ? $"{team} holds {count} {(count == 1 ? "note" : "notes")} of the repository, which {(count == 1 ? "is" : "are")} not shown, because the folder is not trusted. `bridle trust` lets them count."
            : null;
    }

    /// <summary>The project: the main worktree of the repository that the folder lies in, else the folder.</summary>
    public string Project { get; }

    /// <summary>The places.</summary>
    public IReadOnlyList<MemoryShelf> Shelves { get; }

    /// <summary>What is not read and why, or null.</summary>
    public string? Waiting { get; }

    /// <summary>A name for a project's folder that says which one it is and that no other project has.</summary>
    public static string KeyOf(string project)
    {
        var name = new string([.. Path.GetFileName(project).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-').Take(40)]).Trim('-');
        return $"{(name.Length == 0 ? "project" : name)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..16]}";
    }

    /// <summary>The project that a folder, whose real path this is, belongs to.</summary>
    public static string ProjectOf(string folder, string home)
    {
        var repository = new RealFolder(folder, "").Repository();

        // People keep their settings in a repository of their home; that does not make everything in it one project.
        return repository is null || IsOrHolds(repository, RealFolder.Of(home)?.Path ?? home) ? folder : LinkedWorktree.Of(repository)?.Main ?? repository;
    }

    private static bool IsOrHolds(string above, string folder) => folder == above || folder.StartsWith(Path.TrimEndingDirectorySeparator(above) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private IMemoryStore StoreAt(string place) => _files.Layers.Effective.MemoryStore is "jsonl" ? new JsonLinesMemory($"{place}.jsonl") : new MarkdownMemory(place);

    private static int Count(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*.md").Count(file => Path.GetFileName(file) is not MarkdownMemory.Index);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
