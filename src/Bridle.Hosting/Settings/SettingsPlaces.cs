using System.Text;
using Bridle.Hosting.Trust;
using Bridle.Workspaces;

namespace Bridle.Hosting.Settings;

/// <summary>Which settings files there may be for work in a folder, and which of them are read.</summary>
/// <param name="Environment">The surroundings: the home folder and the administrator's folder.</param>
/// <param name="Folders">Where the person's own file is.</param>
/// <param name="Project">The folder that is worked in.</param>
public sealed record SettingsPlaces(HostEnvironment Environment, BridleFolders Folders, string Project)
{
    /// <summary>What <c>--settings</c> was given: a file, or JSON that begins with a brace. Null for nothing.</summary>
    public string? CommandLine { get; init; }

    /// <summary>The layers that are read beside the administrator's and the command line's.</summary>
    public IReadOnlySet<SettingsOrigin> Sources { get; init; } = AllSources;

    /// <summary>Whether the files below <c>.claude</c> are read as well.</summary>
    public bool Claude { get; init; } = true;

    /// <summary>Whether a folder above the one that is worked in is trusted, and not only for one run.</summary>
    public Func<string, bool> Trusts { get; init; } = _ => false;

    /// <summary>The layers that may be left out.</summary>
    public static IReadOnlySet<SettingsOrigin> AllSources { get; } = new HashSet<SettingsOrigin> { SettingsOrigin.User, SettingsOrigin.Project, SettingsOrigin.ProjectLocal };

    /// <summary>Understands <c>user,project,local</c>, or gives null.</summary>
    public static IReadOnlySet<SettingsOrigin>? ParseSources(string text)
    {
        var sources = new HashSet<SettingsOrigin>();
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (name)
            {
                case "user":
                    sources.Add(SettingsOrigin.User);
                    break;
                case "project":
                    sources.Add(SettingsOrigin.Project);
                    break;
                case "local":
                    sources.Add(SettingsOrigin.ProjectLocal);
                    break;
                default:
                    return null;
            }
        }

        return sources;
    }

    /// <summary>Reads them all, strongest first.</summary>
    public IReadOnlyList<PlacedFile> Read()
    {
        var files = new List<PlacedFile>(ManagedFiles.Read(Environment));
        if (CommandLine is not null)
        {
            files.Add(ReadCommandLine(CommandLine));
        }

        Add(files, SettingsOrigin.ProjectLocal, Project, Path.Combine(Project, ".bridle", "settings.local.json"), Path.Combine(Project, ".claude", "settings.local.json"));
        AddOfRepository(files);
        Add(files, SettingsOrigin.Project, Project, Path.Combine(Project, ".bridle", "settings.json"), Path.Combine(Project, ".claude", "settings.json"));
        var claude = Environment["CLAUDE_CONFIG_DIR"] is { } moved && Path.IsPathFullyQualified(moved) ? moved : Path.Combine(Environment.Home, ".claude");
        Add(files, SettingsOrigin.User, null, Folders.UserSettings, Path.Combine(claude, "settings.json"));
        return files;
    }

    private void Add(List<PlacedFile> files, SettingsOrigin origin, string? ruleFolder, string own, string claude)
    {
        if (!Sources.Contains(origin))
        {
            return;
        }

        var ofProject = origin is SettingsOrigin.Project or SettingsOrigin.ProjectLocal;
        files.Add(new(origin, SettingsFile.Read(own, Environment.IgnoredSettings, mend: ofProject), ruleFolder ?? Path.GetDirectoryName(own)!));

        // With the home folder as the working folder, the person's file must not be read as the project's as well.
        if (Claude && files.All(file => file.File.Path != claude))
        {
            files.Add(new(origin, ClaudeFile.Read(claude, Environment.IgnoredSettings, ofProject), ruleFolder ?? Path.GetDirectoryName(claude)!));
        }
    }

    // Claude Code keeps a person's own file for a project at the top of the repository, and of a worktree at that of its main one; beside it, an older one lies where it was started.
    private void AddOfRepository(List<PlacedFile> files)
    {
        if (!Claude || !Sources.Contains(SettingsOrigin.ProjectLocal) || RealFolder.Of(Project) is not { } here || here.Repository() is not { } repository)
        {
            return;
        }

        var top = LinkedWorktree.Of(repository)?.Main ?? repository;
        if (top == here.Path || top == (RealFolder.Of(Environment.Home)?.Path ?? Environment.Home))
        {
            return;
        }

        // Whoever else may write there, such as in a temporary folder of all, must not say more than no.
        var (path, trusted) = (Path.Combine(top, ".claude", "settings.local.json"), Trusts(top));
        files.Add(new(SettingsOrigin.ProjectLocal, trusted ? ClaudeFile.Read(path, Environment.IgnoredSettings, ofProject: true) : ClaudeFile.ReadDenials(path, Environment.IgnoredSettings), top) { OnlyTightens = !trusted });
    }

    private PlacedFile ReadCommandLine(string given)
    {
        if (given.TrimStart().StartsWith('{'))
        {
            return new(SettingsOrigin.CommandLine, SettingsFile.Parse("--settings", Encoding.UTF8.GetBytes(given), Environment.IgnoredSettings), Project);
        }

        var path = Path.GetFullPath(given, Environment.CurrentDirectory);
        return new(SettingsOrigin.CommandLine, SettingsFile.ReadExisting(path, Environment.IgnoredSettings), Path.GetDirectoryName(path) ?? "/");
    }
}
