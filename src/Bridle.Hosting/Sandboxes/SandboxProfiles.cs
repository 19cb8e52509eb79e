using Bridle.Hosting.Hooks;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Toolchains;
using Bridle.Hosting.Trust;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sandboxes;

/// <summary>Makes the profile of a session from settings and the places of this machine.</summary>
internal static class SandboxProfiles
{
    private static readonly string[] s_private = ["/tmp", "/var/tmp", "/run"];

    /// <summary>The profile for work in a folder. <paramref name="privateFolder"/> is made when the first program needs it, and is the session's own.</summary>
    public static SandboxProfile For(HostFiles files, string workspace, string privateFolder, SealedPlaces? sealedPlaces = null)
    {
        var settings = files.Layers.Effective.Sandbox ?? new();
        var home = files.Environment.Home;
        string Place(string path) => PersonsPath.FullPath(path, files, workspace);

        var readable = (settings.Filesystem?.AllowRead ?? []).Select(Place).ToHashSet();
        List<string> own = [files.Folders.Data, files.Folders.State, files.Folders.Config];
        if (ToolchainPlan.CachesOf(files.Environment) is var caches && IsIn(caches, workspace))
        {
            // The workspace's own cache is opened over it; those of others are theirs.
            own.Add(caches);
        }

        var masked = SecretPlaces.Of(Homes(home)).Where(path => !readable.Contains(path))
            .Concat((settings.Filesystem?.DenyRead ?? []).Select(Place))
            .Concat(own).Distinct().ToList();
        var untouchable = (settings.Filesystem?.DenyWrite ?? []).Select(Place).Select(path => new ProtectedPath(path, Directory.Exists(path))).ToList();
        var managed = files.Environment.ManagedFolder;
        untouchable.AddRange(IsIn(managed, workspace) ? [new ProtectedPath(managed, IsFolder: true)] : Array.Empty<ProtectedPath>());
        List<string> writable = [.. Beside(files, workspace)];
        return new()
        {
            Workspace = workspace,
            Writable = writable,
            WorkspaceReadOnly = untouchable.Any(one => one.Path == workspace),
            Protected = new JoinedList<ProtectedPath>(
                new LaterList<ProtectedPath>(() => [.. ProtectedPlaces.Of(workspace, home), .. InOtherFolders(writable, home), .. HookScripts(files), .. LinksTo(own, workspace), .. untouchable]), () => sealedPlaces?.Held ?? []),
            Masked = masked,
            OwnFolders = own,
            Anchored = [.. masked.Where(path => IsIn(path, workspace) || writable.Exists(one => IsIn(path, one)))],
            Credentials = [.. SecretPlaces.UnaskedOf(Homes(home)).Where(one => !readable.Contains(one.Path))],
            Mounts = SharedRepository(workspace),
            UnixSockets = settings.Network?.UnixSockets ?? false,
            Limits = Limits(settings.Limits),
            PassedVariables = settings.Environment?.Pass ?? [],
            TemporaryFolder = Path.Combine(privateFolder, "tmp"),
            EmptyFile = Path.Combine(privateFolder, "empty"),
            SpareFolder = Path.Combine(privateFolder, "spare"),
        };
    }

    /// <summary>The folders beside the workspace that confined programs may write, real where they are there.</summary>
    public static IReadOnlyList<string> Beside(HostFiles files, string workspace) =>
    [
        .. (files.Layers.Effective.Sandbox?.Filesystem?.AllowWrite ?? []).Select(path => PersonsPath.FullPath(path, files, workspace)).Concat(files.Layers.AdditionalDirectories)
            .Select(path => RealFolder.Of(path)?.Path ?? path).Distinct(),
    ];

    /// <summary>The limits: the built-in ones, changed by settings; 0 takes one away.</summary>
    public static SandboxLimits Limits(SandboxLimitSettings? settings)
    {
        static long? One(long? wanted, long? builtIn, int shift = 0) => wanted is { } value ? (value == 0 ? null : value << shift) : builtIn;

        var builtIn = SandboxLimits.Default;
        return new()
        {
            Processes = One(settings?.Processes, builtIn.Processes),
            Memory = One(settings?.MemoryMb, builtIn.Memory, 20),
            CpuSeconds = One(settings?.CpuSeconds, builtIn.CpuSeconds),
            OpenFiles = One(settings?.OpenFiles, builtIn.OpenFiles),
            FileSize = One(settings?.FileSizeMb, builtIn.FileSize, 20),
        };
    }

    // A link on the way can be no mount.
    private static IEnumerable<ProtectedPath> LinksTo(IEnumerable<string> folders, string workspace) =>
        folders.Where(folder => IsIn(folder, workspace)).SelectMany(folder => Around(folder, workspace.TrimEnd('/').Length)).Where(path => new DirectoryInfo(path).LinkTarget is not null)
            .Distinct().Select(path => new ProtectedPath(path, IsFolder: true));

    private static IEnumerable<string> Around(string path, int root)
    {
        for (var around = path; around is not null && around.Length > root; around = Path.GetDirectoryName(around))
        {
            yield return around;
        }
    }

    private static bool IsIn(string path, string folder) => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    // The repository of a linked worktree may lie where programs find folders of their own.
    private static List<SandboxMount> SharedRepository(string workspace) =>
        LinkedWorktree.Of(workspace)?.CommonFolder is { } common && s_private.Any(folder => IsIn(common, folder)) ? [new(common, common, Writable: false)] : [];

    // Other folders that are opened are somebody's repositories as well. Only what is there: to make a ghost in them may not be ours.
    private static IEnumerable<ProtectedPath> InOtherFolders(IEnumerable<string> writable, string home) =>
        writable.Where(Directory.Exists).SelectMany(folder => ProtectedPlaces.Of(folder, home)).Where(one => Path.Exists(one.Path));

    // A hook runs as the person does, outside the sandbox: what is in it was looked at when it was approved, and again before each start, but a program that runs in the
    // background could change it between the look and the start.
    private static IEnumerable<ProtectedPath> HookScripts(HostFiles files)
    {
        var root = (RealFolder.Of(files.Trust.Folder)?.Path ?? files.Trust.Folder).TrimEnd('/');
        foreach (var path in HookFiles.Read(files).Book.FilesThatRun)
        {
            yield return new ProtectedPath(RealFolder.Resolve(path) ?? path, IsFolder: false);
            for (var around = Path.GetDirectoryName(path); around is not null && around.Length > root.Length; around = Path.GetDirectoryName(around))
            {
                if (new DirectoryInfo(around).LinkTarget is not null)
                {
                    yield return new ProtectedPath(around, IsFolder: true);
                }
            }
        }
    }

    // What the environment says is the home folder, and what the system says: secrets may lie in both.
    private static IEnumerable<string> Homes(string home) =>
        new[] { home, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) }.Where(one => one.Length > 1).Distinct();
}
