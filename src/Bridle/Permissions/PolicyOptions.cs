using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>What a <see cref="PermissionPolicy"/> is made of.</summary>
public sealed record PolicyOptions
{
    /// <summary>The workspace root, a real absolute path.</summary>
    public required string Root { get; init; }

    /// <summary>The home folder, an absolute path.</summary>
    public required string Home { get; init; }

    /// <summary>The mode.</summary>
    public PermissionMode Mode { get; init; }

    /// <summary>ReIN's <c>strict</c>: in default mode only Read, Grep and Glob are free.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether the person trusts the folder. Until then git, which runs programs that a repository's own files can name, is asked even to look.</summary>
    public bool Trusted { get; init; }

    /// <summary>Whether the built-in list of harmless commands runs unasked.</summary>
    public bool ReadOnlyCommands { get; init; } = true;

    /// <summary>The rules of all layers, in any order.</summary>
    public IReadOnlyList<PermissionRule> Rules { get; init; } = [];

    /// <summary>Folders beside the workspace that count as inside of it: absolute paths.</summary>
    public IReadOnlyList<string> AdditionalDirectories { get; init; } = [];

    /// <summary>Files and folders of the table of sensitive paths that are asked about instead of refused: absolute paths, moved by the person or the administrator.</summary>
    public IReadOnlyList<string> AskedInsteadOfRefused { get; init; } = [];

    /// <summary>Nothing outside the workspace is read, whatever a rule or a mode allows.</summary>
    public bool BlockReadsOutside { get; init; }

    /// <summary>Nothing outside the workspace is written, whatever a rule or a mode allows.</summary>
    public bool BlockWritesOutside { get; init; }

    /// <summary>What would be asked is refused, in every mode.</summary>
    public bool DenyInsteadOfPrompting { get; init; }

    /// <summary>A call that runs confined to the workspace with no network needs no question. Deny and ask rules, sensitive and protected files and critical removals still hold.</summary>
    public bool AllowConfined { get; init; }

    /// <summary>Allow rules for commands that ask to run without confinement; no other rule covers those, because who allowed a command may have counted on the sandbox.</summary>
    public IReadOnlyList<PermissionRule> AllowUnconfined { get; init; } = [];

    /// <summary>Nothing else runs without confinement: a call that asks for that is refused, in every mode.</summary>
    public bool NeverUnconfined { get; init; }

    /// <summary>The only tools that may be called at all, by canonical name, or null for every tool: how an agent or a skill is narrowed.</summary>
    public IReadOnlySet<string>? OnlyTools { get; init; }

    /// <summary>What skills in use take away from the calls that may be made.</summary>
    public IReadOnlyList<Narrowing> Narrowings { get; init; } = [];

    /// <summary>Folders outside the workspace whose files tools may read, and nothing else: absolute paths without links. Those of skills that are in use.</summary>
    public IReadOnlyList<string> ReadableFolders { get; init; } = [];

    /// <summary>
    /// Files outside the workspace that may be read, and nothing else, wherever they lie, the harness's own folders too: absolute paths without links. The long outputs that this
    /// session has put beside its log.
    /// </summary>
    public IReadOnlySet<string> ReadableFiles { get; init; } = new HashSet<string>();

    /// <summary>
    /// Begins a look at the links of one moment, which gives the real path of an absolute one, every link followed: rules that deny or ask hold for the place that they name, and for where it leads. The disk's
    /// unless set.
    /// </summary>
    public Func<Func<string, string>> FollowLinks { get; init; } = static () =>
    {
        var walk = new PathWalk();
        return path => walk.TryReal(path, null, out var real, out _) ? real : path;
    };

    /// <summary>Where places that rules name led earlier in the session: absolute paths, by place.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> LinksBefore { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The harness's own data, state and settings folders: absolute paths that no tool may touch.</summary>
    public IReadOnlyList<string> HarnessFolders { get; init; } = [];
}
