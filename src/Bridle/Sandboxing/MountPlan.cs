using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// The mounts of one confined program, as bubblewrap takes them, in their one right order: the machine read-only, private folders, what may be written from the
/// outside in, what is protected, what is masked. Made anew for every program, because files come and go between two of them.
/// </summary>
internal sealed class MountPlan
{
    /// <summary>Folders that hold the sockets and temporary files of everybody else.</summary>
    private static readonly string[] s_private = ["/run", "/var/tmp"];

    // Parts of the system that some distributions keep there.
    private static readonly string[] s_systemInRun = ["/run/current-system", "/run/wrappers", "/run/opengl-driver"];

    private readonly List<string> _arguments = [];
    private readonly HashSet<string> _mounted = new(StringComparer.Ordinal);
    private readonly SandboxProfile _profile;

    private MountPlan(SandboxProfile profile) => _profile = profile;

    /// <summary>The arguments. Ghosts are the protected paths that do not exist yet: the caller has made empty ones to mount on.</summary>
    public static List<string> Arguments(SandboxProfile profile, Protection protection)
    {
        var plan = new MountPlan(profile);
        plan.Base();
        var masked = profile.Masked.Concat(HiddenSockets(profile)).Where(Exists).Select(Real).Distinct().ToList();
        var open = plan.Opened();
        masked.RemoveAll(path => IsClosedAnyway(path, open));
        foreach (var path in masked.Where(mask => open.Any(one => LiesInside(one.Target, mask))))
        {
            plan.Mask(path);
        }

        foreach (var one in open)
        {
            plan.Add(one.Writable ? "--bind" : "--ro-bind", one.Source, one.Target);
        }

        // The outer ones first: what lies in one that is read-only needs no mount of its own.
        var readOnly = new List<string>();
        foreach (var held in protection.Held.OrderBy(one => one.Path.Length).Where(one => !readOnly.Any(outer => IsWithin(one.Path, outer))))
        {
            plan.Protect(held);
            if (!held.Pinned)
            {
                readOnly.Add(held.Path);
            }
        }

        // After what is protected: what lies around that is bound anew from outside, and would lie over a mask.
        foreach (var path in masked.Where(mask => !open.Any(one => LiesInside(one.Target, mask))))
        {
            plan.Mask(path);
        }

        foreach (var shown in profile.Shown.Where(File.Exists).Select(Real))
        {
            plan.Add("--ro-bind", shown, shown);
        }

        if (profile.Network is SandboxNetwork.Proxy proxy)
        {
            plan.Add("--ro-bind", proxy.Socket, BubblewrapCommand.ProxySocket);
            plan.Add("--ro-bind", proxy.Door, BubblewrapCommand.Door);
        }

        return plan._arguments;
    }

    /// <summary>Whether the path is the folder or lies in it.</summary>
    public static bool IsWithin(string path, string folder) =>
        path == folder || folder == "/" || (path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal));

    // What is opened inside a masked folder (a workspace, say) lies over the mask; a mask of the very same place lies over what is opened.
    private static bool LiesInside(string path, string folder) => path != folder && IsWithin(path, folder);

    // Programs run as we do, so what we may not read they may not either: an ordinary user needs no mount over /etc/shadow. What they could give themselves the
    // right to read lies in a place that they may change.
    private static bool IsClosedAnyway(string path, List<SandboxMount> open) =>
        LinuxProcessCalls.Access(path, LinuxProcessCalls.MayRead) != 0 && LinuxProcessCalls.Access(path, LinuxProcessCalls.MayEnter) != 0 && !open.Any(one => one.Writable && IsWithin(path, one.Target));

    private void Base()
    {
        _arguments.AddRange(["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]);
        if (_profile.TemporaryFolder is { } temporary)
        {
            Add("--bind", temporary, "/tmp");
        }
        else
        {
            _arguments.AddRange(["--tmpfs", "/tmp"]);
        }

        foreach (var folder in s_private.Where(Directory.Exists).Select(Real).Distinct().Where(folder => folder != "/tmp"))
        {
            _arguments.AddRange(["--tmpfs", folder]);
        }

        foreach (var folder in s_systemInRun.Where(Directory.Exists))
        {
            Add("--ro-bind", Real(folder), folder);
        }
    }

    // An outer folder before what lies in it; of two for one place the later one.
    private List<SandboxMount> Opened()
    {
        IEnumerable<SandboxMount> all =
        [
            new(_profile.Workspace, _profile.Workspace, !_profile.WorkspaceReadOnly),
            .. _profile.Mounts,
            .. _profile.Writable.Select(path => new SandboxMount(path, path, true)),
        ];
        return [.. all.Select(one => one with { Source = Real(one.Source) }).Where(one => Exists(one.Source)).OrderBy(one => one.Target.Length)];
    }

    private void Mask(string path)
    {
        if (Directory.Exists(path))
        {
            _arguments.AddRange(["--tmpfs", path]);
        }
        else
        {
            Add("--ro-bind", _profile.EmptyFile ?? "/dev/null", path);
        }
    }

    // What lies around a protected path becomes a mount as well, or it could be moved away with everything in it.
    private void Protect(HeldPath held)
    {
        for (var at = held.Root.Length; (at = held.Path.IndexOf('/', at + 1)) > 0;)
        {
            var around = held.Path[..at];
            if (_mounted.Add(around))
            {
                Add("--bind", around, around);
            }
        }

        if (!_mounted.Add(held.Path))
        {
            return;
        }

        if (held.IsGhostFolder)
        {
            // Nothing can be made in it either, for an eighth of what a read-only bind costs: bubblewrap reads all mounts again for each of those.
            _arguments.AddRange(["--perms", "0555", "--tmpfs", held.Path]);
        }
        else
        {
            Add(held.Pinned ? "--bind" : "--ro-bind", held.IsGhostFile ? "/dev/null" : held.Path, held.Path);
        }
    }

    private void Add(string kind, string source, string target) => _arguments.AddRange([kind, source, target]);

    /// <summary>The machine's own sockets, wherever they lie: to connect to one takes no right to write.</summary>
    private static IEnumerable<string> HiddenSockets(SandboxProfile profile)
    {
        if (!profile.UnixSockets && profile.Network is not SandboxNetwork.Proxy)
        {
            return [];
        }

        try
        {
            return [.. File.ReadLines("/proc/net/unix").Select(PathOf).OfType<string>()
                .Where(path => !IsWithin(path, "/tmp") && !IsWithin(path, profile.Workspace) && !s_private.Any(folder => IsWithin(path, folder)))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string? PathOf(string line) => line.IndexOf(" /", StringComparison.Ordinal) is > 0 and var at ? line[(at + 1)..] : null;

    private static string Real(string path) => PathResolution.TryReal(path, out var real) ? real : path;

    private static bool Exists(string path) => Path.Exists(path);
}
