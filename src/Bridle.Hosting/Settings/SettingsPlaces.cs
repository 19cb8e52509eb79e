using System.Text;

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
