using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// The mounts of one confined program, as bubblewrap takes them, in their one right order: the machine read-only, private folders, what may be written from the
/// outside in, what is protected, what is masked. Made anew for every program, because files come and go between two of them.
/// <para>
/// For every bind bubblewrap reads the whole table of mounts again, so where the order is free the binds come first, while the table is short, and file systems
/// of their own (which cost a fraction) after them.
/// </para>
/// </summary>
internal sealed class MountPlan
{
    /// <summary>Folders that hold the sockets and temporary files of everybody else.</summary>
    private static readonly string[] s_private = ["/run", "/var/tmp"];

    // Parts of the system that some distributions keep there.
    private static readonly string[] s_systemInRun = ["/run/current-system", "/run/wrappers", "/run/opengl-driver"];

    // Made by the launcher itself.
    private static readonly string[] s_made = ["/dev", "/proc"];

    private readonly List<string> _arguments = [];
    private readonly HashSet<string> _mounted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _anchors = new(StringComparer.Ordinal);
    private readonly SandboxProfile _profile;

    // Many of the places lie in the same few folders, which are walked once for one plan.
    private readonly PathWalk _walk = new();

    private MountPlan(SandboxProfile profile) => _profile = profile;

    /// <summary>The arguments. Ghosts are the protected paths that do not exist yet: the caller has made empty ones to mount on.</summary>
    public static List<string> Arguments(SandboxProfile profile, Protection protection)
    {
        var plan = new MountPlan(profile);
        var masked = profile.Masked.Concat(HiddenSockets(profile)).Where(Exists).Select(plan.Real).Distinct().ToList();
        var open = plan.Opened();
        masked.RemoveAll(path => IsClosedAnyway(path, open));
        var folders = masked.FindAll(Directory.Exists);
        var around = folders.FindAll(mask => open.Any(one => LiesInside(one.Target, mask)));

        // What lies in a masked folder is not there at all, unless it is in something that is opened further in.
        bool IsCovered(string path) => folders.Any(mask => LiesInside(path, mask) && !open.Any(one => LiesInside(one.Target, mask) && IsWithin(path, one.Target)));
        var held = OutermostOf(protection.Held).FindAll(one => !IsCovered(one.Path));

        // The launcher's own folders come late as well, unless something in them is opened, held or hidden, which must lie over them.
        var isMachineFirst = masked.Concat(open.Select(one => one.Target)).Concat(held.Select(one => one.Path)).Any(path => s_made.Any(made => IsWithin(path, made)));
        plan.Base(isMachineFirst);
        plan.Open(open, around);
        foreach (var one in held)
        {
            plan.HoldAround(one);
            plan.Protect(one, ghostFolders: false);
        }

        // After what is protected: what lies around that is bound anew from outside, and would lie over a mask.
        foreach (var file in masked.Except(folders).Where(path => !IsCovered(path)))
        {
            plan.Add("--ro-bind", profile.EmptyFile ?? "/dev/null", file);
        }

        plan.ShowProxy();
        if (!isMachineFirst)
        {
            plan.Machine();
        }

        // Nothing is in a ghost, so nothing can come to lie under it.
        held.ForEach(one => plan.Protect(one, ghostFolders: true));
        folders.FindAll(mask => !around.Contains(mask)).ForEach(plan.MaskFolder);
        foreach (var shown in profile.Shown.Where(File.Exists).Select(plan.Real))
        {
            plan.Add("--ro-bind", shown, shown);
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

    // The outer ones first: what lies in one that is read-only needs no mount of its own.
    private static List<HeldPath> OutermostOf(IReadOnlyList<HeldPath> all)
    {
        var outermost = new List<HeldPath>();
        foreach (var held in all.OrderBy(one => one.Path.Length))
        {
            if (!outermost.Any(outer => !outer.Pinned && IsWithin(held.Path, outer.Path)))
            {
                outermost.Add(held);
            }
        }

        return outermost;
    }

    private void Base(bool withMachine)
    {
        Add("--ro-bind", "/", "/");
        if (withMachine)
        {
            Machine();
        }

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

    private void Machine()
    {
        _arguments.AddRange(["--dev", "/dev", "--proc", "/proc"]);

        // The kernel asks there who writes, not what it may: to one that is root outside its settings are open, and one of them names a program that runs as root.
        if (Environment.IsPrivilegedProcess)
        {
            Add("--ro-bind", "/proc/sys", "/proc/sys");
            _arguments.AddRange(["--tmpfs", "/proc/fs"]);
            if (File.Exists("/proc/sysrq-trigger"))
            {
                Add("--ro-bind", "/dev/null", "/proc/sysrq-trigger");
            }
        }
    }

    private void ShowProxy()
    {
        if (_profile.Network is not SandboxNetwork.Proxy proxy)
        {
            return;
        }

        if (proxy.Folder is { } both)
        {
            Add("--ro-bind", both, BubblewrapCommand.ProxyFolder);
            return;
        }

        Add("--ro-bind", proxy.Socket, BubblewrapCommand.SocketInside(proxy));
        Add("--ro-bind", proxy.Door, BubblewrapCommand.DoorInside(proxy));
    }

    // An outer folder before what lies in it; of two for one place the later one.
    private List<SandboxMount> Opened()
    {
        IEnumerable<SandboxMount> all =
        [
            new(_profile.Workspace, _profile.Workspace, !_profile.WorkspaceReadOnly),
            .. _profile.Mounts,
            .. _profile.Writable.Select(path => new SandboxMount(path, path, true)),
            .. Anchors(),
        ];
        return [.. all.Select(one => one with { Source = Real(one.Source) }).Where(one => Exists(one.Source)).OrderBy(one => one.Target.Length)];
    }

    // A mount can be moved by no program, and so can nothing that is in its way; before what is opened further in, which would be covered.
    private IEnumerable<SandboxMount> Anchors()
    {
        var roots = _profile.Writable.Concat(_profile.WorkspaceReadOnly ? [] : [_profile.Workspace]).ToList();
        foreach (var path in _profile.Anchored.Where(path => Exists(path) && !_profile.Masked.Any(mask => LiesInside(path, mask))))
        {
            var root = roots.Where(root => LiesInside(path, root)).MaxBy(root => root.Length);
            for (var at = root?.TrimEnd('/').Length ?? path.Length; at < path.Length && (at = path.IndexOf('/', at + 1)) > 0;)
            {
                if (_anchors.Add(path[..at]))
                {
                    yield return new(path[..at], path[..at], true);
                }
            }
        }
    }

    // From the outside in: a mask around something that is opened before it, and after what that mask lies in itself.
    private void Open(List<SandboxMount> open, List<string> around)
    {
        var masks = new Queue<string>(around.OrderBy(mask => mask.Length));
        foreach (var one in open)
        {
            while (masks.TryPeek(out var mask) && mask.Length < one.Target.Length)
            {
                MaskFolder(masks.Dequeue());
            }

            Add(one.Writable ? "--bind" : "--ro-bind", one.Source, one.Target);
        }
    }

    private void MaskFolder(string path) => _arguments.AddRange(["--tmpfs", path]);

    // What lies around a protected path becomes a mount as well, or it could be moved away with everything in it.
    private void HoldAround(HeldPath held)
    {
        for (var at = held.Root.Length; (at = held.Path.IndexOf('/', at + 1)) > 0;)
        {
            var around = held.Path[..at];
            if (!_anchors.Contains(around) && _mounted.Add(around))
            {
                Add("--bind", around, around);
            }
        }
    }

    private void Protect(HeldPath held, bool ghostFolders)
    {
        if (held.IsGhostFolder != ghostFolders || !_mounted.Add(held.Path))
        {
            return;
        }

        if (ghostFolders)
        {
            // Nothing can be made in it either, for an eighth of what a read-only bind costs.
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

    private string Real(string path) => _walk.TryReal(path, null, out var real, out _) ? real : path;

    private static bool Exists(string path) => Path.Exists(path);
}
