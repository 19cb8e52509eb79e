namespace Bridle.Hosting;

/// <summary>Where a person's sessions, state and settings live. All three are kept private to the person.</summary>
/// <param name="Data">Sessions, blobs, prompts and notes.</param>
/// <param name="State">What the program remembers for itself: the model list, the previous model, logs.</param>
/// <param name="Config">The person's settings and keys.</param>
public sealed record BridleFolders(string Data, string State, string Config)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Names the folder below the data, state and configuration roots.</summary>
    public const string RootVariable = "HARNESS_ROOT_DIRS_NAME";

    /// <summary>The folder's name for <c>start-harness-jayjader</c>, unless the variable says otherwise.</summary>
    public const string SeedRoot = "jayjaders-llm-harness";

    /// <summary>The variables that say where Bridle's folders are.</summary>
    internal static IReadOnlyList<string> Variables { get; } = [RootVariable, "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"];

    /// <summary>One file for each session.</summary>
    public string Sessions => Path.Combine(Data, "sessions");

    /// <summary>Large values by hash.</summary>
    public string Blobs => Path.Combine(Data, "blobs");

    /// <summary>Messages that are used again and again, as files.</summary>
    public string Prompts => Path.Combine(Data, "prompts");

    /// <summary>Notes that outlive a session.</summary>
    public string Memory => Path.Combine(Data, "memory");

    /// <summary>Drafts of skills that wait for a person, by project.</summary>
    public string Experience => Path.Combine(Data, "experience");

    /// <summary>The index of past sessions, derived from them.</summary>
    public string Recall => Path.Combine(Data, "recall");

    /// <summary>What was read of earlier runs; derived from the logs.</summary>
    public string ExperienceCache => Path.Combine(State, "experience.cache");

    /// <summary>Git worktrees of sessions: beside the data, because nothing in Bridle's own folders is open to tools and commands.</summary>
    public string Worktrees => Path.TrimEndingDirectorySeparator(Data) + "-worktrees";

    /// <summary>The person's settings.</summary>
    public string UserSettings => Path.Combine(Config, "settings.json");

    /// <summary>Keys, readable by their owner only.</summary>
    public string Credentials => Path.Combine(Config, "credentials.json");

    /// <summary>What providers listed about their models.</summary>
    public string ModelList => Path.Combine(State, "models.jsonl");

    /// <summary>What people allowed for a project or for always, readable by their owner only.</summary>
    public string Grants => Path.Combine(State, "grants.jsonl");

    /// <summary>The full name of the model that was used last.</summary>
    public string PreviousModel => Path.Combine(State, "previous_model_name");

    /// <summary>What should be said about the choice, or null.</summary>
    public string? Notice { get; init; }

    /// <summary>
    /// The folders for the given surroundings: the XDG variables where they hold an absolute path, else the platform's own place.
    /// </summary>
    public static BridleFolders For(HostEnvironment environment, string defaultRoot = "bridle")
    {
        var (root, notice) = RootName(environment[RootVariable], defaultRoot);
        string? shared = environment.Platform switch
        {
            HostPlatform.MacOS => Path.Combine(environment.Home, "Library", "Application Support", root),
            HostPlatform.Windows => Path.Combine(environment["LOCALAPPDATA"] ?? Path.Combine(environment.Home, "AppData", "Local"), root),
            _ => null,
        };
        string Place(string variable, string linux, string inShared) =>
            environment[variable] is { } xdg && Path.IsPathFullyQualified(xdg) ? Path.Combine(xdg, root)
            : shared is not null ? Path.Combine(shared, inShared)
            : Path.Combine(environment.Home, linux, root);

        return new(
            Place("XDG_DATA_HOME", Path.Combine(".local", "share"), ""),
            Place("XDG_STATE_HOME", Path.Combine(".local", "state"), "state"),
            Place("XDG_CONFIG_HOME", ".config", "config"))
        { Notice = notice };
    }

    /// <summary>Makes the data and state folders, for their owner only; an existing one that others may enter is closed.</summary>
    public void Create()
    {
        foreach (var folder in new[] { Data, State, Sessions, Blobs })
        {
            CreatePrivate(folder);
        }
    }

    /// <summary>Makes a folder that only its owner may enter, or closes an existing one.</summary>
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, OwnerOnly);
        if ((File.GetUnixFileMode(folder) & ~OwnerOnly) != 0)
        {
            File.SetUnixFileMode(folder, OwnerOnly);
        }
    }

    private static (string Root, string? Notice) RootName(string? wanted, string fallback)
    {
        if (wanted is null)
        {
            return (fallback, null);
        }

        var isName = wanted is not ("." or "..") && wanted.IndexOfAny(['/', '\\', '\0']) < 0;
        return isName ? (wanted, null) : (fallback, $"{RootVariable} is '{wanted}', but must be the name of one folder.");
    }
}
