namespace Bridle.Sandboxing;

/// <summary>
/// What confined programs may read, write, reach and use. Everything is readable but what is masked; nothing is writable but the workspace and what is named here.
/// All paths are absolute and real (no links, no <c>..</c>). Immutable; a backend may prepare itself once for each instance.
/// </summary>
public sealed record SandboxProfile
{
    /// <summary>The workspace root: writable unless <see cref="WorkspaceReadOnly"/>.</summary>
    public required string Workspace { get; init; }

    /// <summary>Nothing of the workspace may be changed either.</summary>
    public bool WorkspaceReadOnly { get; init; }

    /// <summary>Further folders and files that may be changed.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Every folder and file of the machine that confined programs may change: the workspace and what is opened beside it.</summary>
    public IReadOnlyList<string> WritablePlaces =>
        [.. WorkspaceReadOnly || Workspace == "/" ? [] : new[] { Workspace }, .. Writable, .. Mounts.Where(mount => mount.Writable).Select(mount => mount.Source)];

    /// <summary>
    /// Paths below writable folders that must not be changed, made, moved or removed, with everything in them, whether they exist or not;
    /// which kind a missing one would have is told by <see cref="ProtectedPath.IsFolder"/>.
    /// </summary>
    public IReadOnlyList<ProtectedPath> Protected { get; init; } = [];

    /// <summary>Folders and files that look empty, whatever they hold. One that is missing is passed over. Beats <see cref="Mounts"/> and everything writable.</summary>
    public IReadOnlyList<string> Masked { get; init; } = [];

    /// <summary>The harness's own folders: they look empty as <see cref="Masked"/> do, and where a program could make a missing one it is made, empty, before the program begins.</summary>
    public IReadOnlyList<string> OwnFolders { get; init; } = [];

    /// <summary>Of what looks empty, what must stay where it is: no folder on the way to it can be moved, and another one put in its place. One that is missing is passed over.</summary>
    public IReadOnlyList<string> Anchored { get; init; } = [];

    /// <summary>What looks empty beside <see cref="Masked"/> to a program that nobody was asked about, unless it fetches the packages of the toolchain whose credentials they are.</summary>
    public IReadOnlyList<CredentialPlace> Credentials { get; init; } = [];

    /// <summary>Files that may be read although they lie in a masked folder, and nothing else; looked up anew for every program. One that is missing is passed over.</summary>
    public IReadOnlyList<string> Shown { get; init; } = [];

    /// <summary>Folders and files shown at a place, such as toolchain caches. Later ones lie over earlier ones, all of them over the plain file system and <see cref="TemporaryFolder"/>.</summary>
    public IReadOnlyList<SandboxMount> Mounts { get; init; } = [];

    /// <summary>The network.</summary>
    public SandboxNetwork Network { get; init; } = SandboxNetwork.None;

    /// <summary>
    /// Whether programs may make Unix sockets, which several build tools talk over among themselves. Always possible with a proxy, which is reached over one.
    /// Sockets of the machine are hidden either way as far as they are known when the program starts.
    /// </summary>
    public bool UnixSockets { get; init; }

    /// <summary>The limits.</summary>
    public SandboxLimits Limits { get; init; } = SandboxLimits.Default;

    /// <summary>Names of variables of ours that programs get beside the few that all get.</summary>
    public IReadOnlyList<string> PassedVariables { get; init; } = [];

    /// <summary>Variables that programs get with these values; what a single call sets wins.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// A private folder outside that stands for <c>/tmp</c> inside, kept between calls; made when the first program needs it. Null for an empty one for each call.
    /// </summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>An empty file of ours that is shown in place of a masked file; null shows one that cannot be read.</summary>
    public string? EmptyFile { get; init; }

    /// <summary>
    /// A private folder of ours, where no confined program may write: the empty folders that stand for protected ones which are missing wait in it between two programs.
    /// Made when the first of them needs it. Null makes and removes them each time.
    /// </summary>
    public string? SpareFolder { get; init; }

    /// <summary>A refused system call ends the program instead of failing, which shows one that a program would make nothing of. For checks.</summary>
    public bool KillsOnRefusedCall { get; init; }

    /// <summary>What no program of this profile may make, and only the end of it can show; null for nothing.</summary>
    internal UnwantedFiles? Unwanted { get; init; }

    /// <summary>
    /// The repository at the workspace root may be written by git: objects, refs, logs and index, while hooks and config stay as they are.
    /// What git itself must never find planted there (<c>commondir</c> and its kin) is removed after the call, which then fails.
    /// </summary>
    public bool GitWrite { get; init; }
}

/// <summary>A path that must stay as it is. <paramref name="IsFolder"/> says what it would be if it does not exist.</summary>
public sealed record ProtectedPath(string Path, bool IsFolder);

/// <summary>A folder or file of the machine shown inside. <paramref name="Source"/> must exist when the program starts, else the mount is left out.</summary>
/// <param name="Source">Where it is outside.</param>
/// <param name="Target">Where it is seen inside.</param>
/// <param name="Writable">Whether it may be changed.</param>
public sealed record SandboxMount(string Source, string Target, bool Writable);
