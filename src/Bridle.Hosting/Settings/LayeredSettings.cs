using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>One permission rule as it was written, and where.</summary>
/// <param name="Verdict"><c>allow</c>, <c>ask</c> or <c>deny</c>.</param>
/// <param name="Text">The rule.</param>
/// <param name="Origin">Its layer.</param>
/// <param name="Source">Its file.</param>
public sealed record WrittenRule(string Verdict, string Text, SettingsOrigin Origin, string Source)
{
    /// <summary>The folder that a path pattern with one leading slash starts from; null for the workspace root.</summary>
    public string? Folder { get; init; }

    /// <summary>What its file says that it means, or null.</summary>
    public RuleExamples? Examples { get; init; }
}

/// <summary>A sensitive path that a person or the administrator judges otherwise than the built-in table.</summary>
/// <param name="Path">The path as written; <c>~/</c> stands for the home folder.</param>
/// <param name="Verdict"><c>ask</c> or <c>deny</c>.</param>
/// <param name="Source">The file that says so.</param>
public sealed record MovedPath(string Path, string Verdict, string Source);

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
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Files of a folder that nobody trusts which cannot be used, and count as if they were not there: whoever wrote them must not be able to keep anybody from looking into the folder.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>The files that say something, strongest first; a broken one is not among them.</summary>
    public IReadOnlyList<SettingsLayer> Layers { get; init; } = [];

    /// <summary>Every effective value with the files it came from, for people.</summary>
    public IReadOnlyList<SettingsValue> Values { get; init; } = [];

    /// <summary>What does not count because the administrator lets no other file say it, one line each. No value of <see cref="Values"/> is among them.</summary>
    public IReadOnlyList<string> Locked { get; init; } = [];

    /// <summary>What the project's files say that would count if the folder were trusted, each with its file.</summary>
    public IReadOnlyList<string> Untrusted { get; init; } = [];

    /// <summary>The variables that Bridle itself takes from settings. Programs get <c>Effective.Env</c>.</summary>
    public IReadOnlyDictionary<string, string> OwnVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that forbids the mode <c>bypass</c>, or null.</summary>
    public string? BypassForbiddenBy { get; init; }

    /// <summary>Whether the administrator's file sets the mode; a flag can then only be stricter.</summary>
    public bool ModeIsManaged { get; init; }

    /// <summary>Whether only the administrator's hooks run.</summary>
    public bool ManagedHooksOnly { get; init; }

    /// <summary>Whether only the administrator's rules allow anything; flags and answers of people then allow nothing either.</summary>
    public bool ManagedAllowOnly { get; init; }

    /// <summary>Sensitive paths that are judged otherwise than the built-in table says; of two for the same path the first counts.</summary>
    public IReadOnlyList<MovedPath> SensitivePaths { get; init; } = [];

    /// <summary>Nothing outside the working folders is read.</summary>
    public bool BlockReadsOutside { get; init; }

    /// <summary>Nothing outside the working folders is written.</summary>
    public bool BlockWritesOutside { get; init; }

    /// <summary>The folders beside the working folder, absolute.</summary>
    public IReadOnlyList<string> AdditionalDirectories { get; init; } = [];

    /// <summary>Reads every file there is for work in the folder.</summary>
    /// <param name="places">Where the files are.</param>
    /// <param name="trusted">Whether the person trusts the folder.</param>
    public static LayeredSettings Load(SettingsPlaces places, bool trusted)
    {
        var files = places.Read();
        if (places.Claude && files.FirstOrDefault(file => file.Origin is not (SettingsOrigin.Project or SettingsOrigin.ProjectLocal) && file.File.Settings?.ReadClaudeSettings is not null) is { File.Settings.ReadClaudeSettings: false })
        {
            files = (places with { Claude = false }).Read();
        }

        return SettingsCombination.Of(files, trusted, places.Project, places.Environment.Home);
    }

    /// <summary>Puts the files of a person and of a project together that were already read.</summary>
    public static LayeredSettings Combine(SettingsFile user, SettingsFile project, SettingsFile local, bool trusted = false) => SettingsCombination.Of(
        [new(SettingsOrigin.ProjectLocal, local, "/"), new(SettingsOrigin.Project, project, "/"), new(SettingsOrigin.User, user, "/")], trusted, "/", "/");
}
