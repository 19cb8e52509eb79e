namespace Bridle.Hosting.Settings;

/// <summary>Where a setting came from, strongest first. Managed settings get their place when they come.</summary>
public enum SettingsOrigin
{
    /// <summary>Flags of this invocation.</summary>
    CommandLine,

    /// <summary>The project's file for one person.</summary>
    ProjectLocal,

    /// <summary>The project's shared file.</summary>
    Project,

    /// <summary>The person's own file.</summary>
    User,
}

/// <summary>One permission rule as it was written, and where.</summary>
public sealed record WrittenRule(string Verdict, string Text, SettingsOrigin Origin, string Source);

/// <summary>All settings files put together: scalars from the strongest layer that sets them, rules from all layers at once.</summary>
/// <param name="Effective">What holds.</param>
/// <param name="Rules">Every rule with its source; deny beats ask beats allow, whatever the layer.</param>
/// <param name="Mode">The mode a session starts in, or null for the default.</param>
/// <param name="Files">What was read, also the broken and the missing ones.</param>
/// <param name="Notices">What was ignored and why, one line each.</param>
public sealed record LayeredSettings(
    BridleSettings Effective, IReadOnlyList<WrittenRule> Rules, ModeName? Mode, IReadOnlyList<SettingsFile> Files, IReadOnlyList<string> Notices)
{
    /// <summary>Why the settings cannot be used, one line for each broken file: a broken file opens nothing, and its denials must not be lost either.</summary>
    public IReadOnlyList<string> Errors { get; } =
        [.. Files.Where(file => file.Error is not null).Select(file => $"{file.Path} cannot be used. {file.Error} Correct the file or remove it.")];

    /// <summary>Reads the person's file and the project's two.</summary>
    public static LayeredSettings Load(BridleFolders folders, string projectFolder)
    {
        var user = SettingsFile.Read(folders.UserSettings);
        var project = SettingsFile.Read(Path.Combine(projectFolder, ".bridle", "settings.json"));
        var local = SettingsFile.Read(Path.Combine(projectFolder, ".bridle", "settings.local.json"));
        return Combine(user, project, local);
    }

    /// <summary>Puts files together that were already read.</summary>
    public static LayeredSettings Combine(SettingsFile user, SettingsFile project, SettingsFile local)
    {
        var notices = new List<string>();
        foreach (var file in new[] { user, project, local })
        {
            notices.AddRange(file.Notices.Select(notice => $"{file.Path}: {notice}"));
        }

        var own = user.Settings ?? new();
        var shared = Tighten(project, own, notices);
        var effective = WithLimits(own, shared);
        var personal = Tighten(local, effective, notices);
        effective = WithLimits(effective, personal);
        var rules = new List<WrittenRule>();
        AddRules(rules, personal, SettingsOrigin.ProjectLocal, local.Path);
        AddRules(rules, shared, SettingsOrigin.Project, project.Path);
        AddRules(rules, own, SettingsOrigin.User, user.Path);

        var mode = Strictest(UserMode(own, user.Path, notices), ModeOf(shared), ModeOf(personal));
        if (mode?.Notice is { } said)
        {
            notices.Add(said);
        }

        return new(effective, rules, mode, [user, project, local], notices);
    }

    private static BridleSettings? Tighten(SettingsFile file, BridleSettings below, List<string> notices)
    {
        if (file.Settings is null)
        {
            return null;
        }

        var (tighter, ignored) = ProjectSettings.Tighten(file.Settings, below);
        if (ignored.Count > 0)
        {
            notices.Add($"{file.Path}: ignored {string.Join(", ", ignored)}: a project may only make things stricter. Put it in your own settings if you want it.");
        }

        return tighter;
    }

    private static void AddRules(List<WrittenRule> rules, BridleSettings? settings, SettingsOrigin origin, string source)
    {
        void Add(string verdict, IReadOnlyList<string>? texts) =>
            rules.AddRange((texts ?? []).Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => new WrittenRule(verdict, text.Trim(), origin, source)));

        Add("deny", settings?.Permissions?.Deny);
        Add("ask", settings?.Permissions?.Ask);
        Add("allow", settings?.Permissions?.Allow);
    }

    private static BridleSettings WithLimits(BridleSettings below, BridleSettings? above) => below with
    {
        MaxSteps = above?.MaxSteps ?? below.MaxSteps,
        MaxCost = above?.MaxCost ?? below.MaxCost,
        MaxTime = above?.MaxTime ?? below.MaxTime,
        MaxTokens = above?.MaxTokens ?? below.MaxTokens,
    };

    private static ModeName? Strictest(ModeName? own, params ModeName?[] projects)
    {
        var result = own;
        foreach (var mode in projects.OfType<ModeName>())
        {
            var current = result ?? new("default");
            result = (mode.Rank < current.Rank ? mode : current) with { Strict = mode.Strict || current.Strict };
        }

        return result;
    }

    private static ModeName? UserMode(BridleSettings own, string path, List<string> notices)
    {
        var mode = ModeOf(own);
        if (mode?.Name != "bypass")
        {
            return mode;
        }

        notices.Add($"{path}: the mode 'bypass' is taken from the command line only (--mode bypass); 'default' is used.");
        return null;
    }

    private static ModeName? ModeOf(BridleSettings? settings) =>
        (settings?.Permissions?.DefaultMode ?? settings?.PermissionMode) is { } spelling ? ModeName.Parse(spelling) : null;
}
