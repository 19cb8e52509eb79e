using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>Puts settings files together.</summary>
internal static class SettingsCombination
{
    /// <summary>Puts them together.</summary>
    /// <param name="files">What was read, strongest first.</param>
    /// <param name="trusted">Whether the person trusts the folder.</param>
    /// <param name="project">The folder that is worked in.</param>
    /// <param name="home">The home folder.</param>
    public static LayeredSettings Of(IReadOnlyList<PlacedFile> files, bool trusted, string project, string home)
    {
        var passedOver = files.Where(file => (!trusted || file.OnlyTightens) && file is { IsOfProject: true, File.Error: not null }).ToList();
        var notices = files.SelectMany(file => file.File.Notices.Select(notice => $"{file.File.Path}: {notice}"))
            .Concat(passedOver.Select(file => $"{file.File.Path} cannot be used and counts for nothing, as the folder is not trusted; in a trusted folder it would stop the start. {file.File.Error}")).ToList();
        var untrusted = new List<(string File, IReadOnlyList<string> Keys)>();
        var layers = Layers(files, trusted, notices, untrusted);
        if (untrusted.Count > 0)
        {
            notices.Add(NotTrusted(untrusted, project));
        }

        var (effective, values) = Merge(layers);
        var managedAllowOnly = layers.Any(layer => layer is { IsManaged: true, Counts.AllowManagedPermissionRulesOnly: true });
        var managedHooksOnly = layers.Any(layer => layer is { IsManaged: true, Counts.AllowManagedHooksOnly: true });
        var locked = LockedValues.Of(values, layers, managedAllowOnly, managedHooksOnly);
        var mode = Mode(layers, notices);
        return new(effective, [.. layers.SelectMany(Rules).Where(rule => !managedAllowOnly || rule.Verdict != "allow" || rule.Origin is SettingsOrigin.Managed)], mode, [.. files.Select(file => file.File)], notices)
        {
            Errors = [.. files.Where(file => file.File.Error is not null && !passedOver.Contains(file)).Select(Error)],
            PassedOver = passedOver.ConvertAll(file => file.File.Path),
            Layers = layers,
            Values = [.. values.Except(locked)],
            Locked = [.. locked.Select(LockedValues.Tell)],
            Untrusted = [.. untrusted.SelectMany(file => file.Keys.Select(key => $"{key} in {file.File}"))],
            OwnVariables = OwnVariables(layers),
            BypassForbiddenBy = layers.FirstOrDefault(layer => layer.Counts.Permissions?.DisableBypassPermissionsMode is "disable" || layer.Counts.DisableDangerouslySkipPermissions is true)?.Path,
            ModeIsManaged = layers.Any(layer => layer.IsManaged && ModeOf(layer.Counts) is not null),
            ManagedHooksOnly = managedHooksOnly,
            ManagedAllowOnly = managedAllowOnly,
            SensitivePaths = [.. layers.Where(layer => !layer.IsOfProject).SelectMany(layer => (layer.Counts.Permissions?.SensitivePaths ?? new Dictionary<string, string>()).Select(path => new MovedPath(path.Key, path.Value, layer.Path)))],
            BlockReadsOutside = layers.Any(layer => layer.Counts.Permissions?.BlockReadsOutsideWorkingDirectories is true),
            BlockWritesOutside = layers.Any(layer => layer.Counts.Permissions?.BlockWritesOutsideWorkingDirectories is true),
            AdditionalDirectories = [.. layers.SelectMany(layer => (layer.Counts.Permissions?.AdditionalDirectories ?? []).Select(folder => Absolute(folder, project, home))).Distinct()],
        };
    }

    // From the weakest up: a limit in an untrusted project's file is measured by what holds without it.
    private static List<SettingsLayer> Layers(IReadOnlyList<PlacedFile> files, bool trusted, List<string> notices, List<(string File, IReadOnlyList<string> Keys)> untrusted)
    {
        var layers = new List<SettingsLayer>();
        foreach (var placed in files.Reverse())
        {
            var (origin, file, folder) = placed;
            if (file.Settings is not { } written)
            {
                continue;
            }

            var json = file.Json ?? JsonSerializer.SerializeToElement(written, SettingsJson.Default.BridleSettings);
            if (origin is not (SettingsOrigin.Project or SettingsOrigin.ProjectLocal))
            {
                layers.Insert(0, new(origin, file.Path, folder, MayWiden: true, written, origin is SettingsOrigin.Managed ? written : WithoutLocks(written, file.Path, notices), json));
                continue;
            }

            var share = ProjectSettings.Of(written, Merge(layers).Effective, trusted && !placed.OnlyTightens);
            layers.Insert(0, new(origin, file.Path, folder, trusted && !placed.OnlyTightens, written, share.Counts, json));
            if (share.Never.Count > 0)
            {
                notices.Add($"{file.Path}: ignored {string.Join(", ", share.Never)}: no project may set that. Put it in your own settings if you want it.");
            }

            if (share.Untrusted.Count > 0)
            {
                untrusted.Insert(0, (file.Path, share.Untrusted));
            }
        }

        return layers;
    }

    private static BridleSettings WithoutLocks(BridleSettings written, string path, List<string> notices)
    {
        if (written.AllowManagedHooksOnly is null && written.AllowManagedPermissionRulesOnly is null)
        {
            return written;
        }

        notices.Add($"{path}: allowManagedHooksOnly and allowManagedPermissionRulesOnly count in the administrator's settings only.");
        return written with { AllowManagedHooksOnly = null, AllowManagedPermissionRulesOnly = null };
    }

    private static string NotTrusted(List<(string File, IReadOnlyList<string> Keys)> untrusted, string project) =>
        $"{project} is not trusted, so this does not count: {string.Join("; ", untrusted.Select(file => $"{string.Join(", ", file.Keys)} in {file.File}"))}. `bridle trust` makes it count, --trust for this run.";

    private static string Error(PlacedFile file) => file.Origin is SettingsOrigin.Managed
        ? $"The administrator's settings in {file.File.Path} cannot be used, and Bridle does not start without them. {file.File.Error} An administrator of this machine must correct the file or remove it; `bridle settings check {file.File.Path}` shows every problem."
        : $"{file.File.Path} cannot be used. {file.File.Error} Correct the file or remove it.";

    private static (BridleSettings Effective, IReadOnlyList<SettingsValue> Values) Merge(IReadOnlyList<SettingsLayer> layers)
    {
        var merge = new SettingsMerge();
        foreach (var layer in layers)
        {
            merge.Add(JsonSerializer.SerializeToElement(layer.Counts, SettingsJson.Default.BridleSettings), layer.Path);
        }

        // Without a word in any file, how settings are read need not even be loaded.
        return (merge.IsEmpty ? new() : JsonSerializer.Deserialize(merge.ToJson(), SettingsJson.Default.BridleSettings)!, merge.Values());
    }

    private static IEnumerable<WrittenRule> Rules(SettingsLayer layer)
    {
        IEnumerable<WrittenRule> Of(string verdict, IReadOnlyList<string>? texts) => (texts ?? []).Where(text => !string.IsNullOrWhiteSpace(text))
            .Select(text => new WrittenRule(verdict, text.Trim(), layer.Origin, layer.Path) { Folder = layer.RuleFolder, Examples = layer.Counts.Permissions?.Examples?.GetValueOrDefault(text.Trim()) });

        var permissions = layer.Counts.Permissions;
        return [.. Of("deny", permissions?.Deny), .. Of("ask", permissions?.Ask), .. Of("allow", permissions?.Allow)];
    }

    private static ModeName? Mode(IReadOnlyList<SettingsLayer> layers, List<string> notices)
    {
        ModeName? result = null;
        foreach (var layer in layers.Reverse())
        {
            if (ModeOf(layer.Counts) is not { } mode)
            {
                continue;
            }

            if (mode.Name == "bypass")
            {
                notices.Add($"{layer.Path}: the mode 'bypass' is taken from the command line only (--mode bypass); it is ignored here.");
                continue;
            }

            if (mode.Notice is { } said)
            {
                notices.Add(said);
            }

            // An untrusted project can only make it stricter.
            var current = result ?? new("default");
            result = layer.MayWiden ? mode : (mode.Rank < current.Rank ? mode : current) with { Strict = mode.Strict || current.Strict };
        }

        return result;
    }

    private static Dictionary<string, string> OwnVariables(IReadOnlyList<SettingsLayer> layers)
    {
        var variables = new Dictionary<string, string>();
        foreach (var layer in layers)
        {
            foreach (var (name, value) in layer.Counts.Env ?? new Dictionary<string, string>())
            {
                if (!layer.IsOfProject || ProjectVariables.MayReachBridle(name, value))
                {
                    variables.TryAdd(name, value);
                }
            }
        }

        return variables;
    }

    private static string Absolute(string folder, string project, string home) =>
        Path.GetFullPath(folder == "~" || folder.StartsWith("~/", StringComparison.Ordinal) ? home + folder[1..] : folder, project);

    private static ModeName? ModeOf(BridleSettings settings) =>
        (settings.Permissions?.DefaultMode ?? settings.PermissionMode) is { } spelling ? ModeName.Parse(spelling) : null;
}
