using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// What a program may do to which path, as Landlock takes it: rights are only ever granted, and always on a folder with all in it. So where something inside
/// is masked or protected, the folder itself gets nothing and what lies around that inside gets it one by one. Made anew for every program.
/// </summary>
internal sealed class LandlockRules
{
    private const ulong Execute = 1 << 0;
    private const ulong WriteFile = 1 << 1;
    private const ulong ReadFile = 1 << 2;
    private const ulong ReadFolder = 1 << 3;
    private const ulong MakeDevice = (1 << 6) | (1 << 11);
    private const ulong Truncate = 1 << 14;
    private const ulong DeviceControl = 1 << 15;
    private const ulong BeforeDeviceControl = DeviceControl - 1;
    private const ulong OnFiles = Execute | WriteFile | ReadFile | Truncate | DeviceControl;
    private const ulong Read = Execute | ReadFile | ReadFolder;
    private const ulong Change = BeforeDeviceControl & ~MakeDevice;

    /// <summary>Sockets and temporary files of everybody else, and the machine's disks as devices.</summary>
    private static readonly string[] s_hidden = ["/run", "/tmp", "/var/tmp", "/dev", "/var/run"];

    private static readonly string[] s_systemInRun = ["/run/current-system", "/run/wrappers", "/run/opengl-driver"];
    private static readonly string[] s_sinks = ["/dev/null", "/dev/zero", "/dev/full"];
    private static readonly string[] s_sources = ["/dev/random", "/dev/urandom"];

    private static readonly EnumerationOptions s_all = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    private readonly Dictionary<string, ulong> _granted = new(StringComparer.Ordinal);

    private LandlockRules()
    {
    }

    /// <summary>What is granted, by path.</summary>
    public IReadOnlyDictionary<string, ulong> Granted => _granted;

    /// <summary>The rules of a profile. <paramref name="temporary"/> is the folder for temporary files.</summary>
    public static LandlockRules Of(SandboxProfile profile, string temporary)
    {
        var rules = new LandlockRules();
        var masked = profile.Masked.Concat(s_hidden).SelectMany(path => new[] { path, Real(path) }).ToHashSet(StringComparer.Ordinal);
        var changed = Changeable(profile).Append(temporary).Select(Real).Distinct().ToList();
        rules.Walk("/", masked, Read);
        foreach (var open in changed.Concat(InPlace(profile).Select(mount => mount.Target)).Append(profile.Workspace).Concat(s_systemInRun).Distinct())
        {
            rules.Walk(Real(open), masked, Read);
        }

        var held = profile.GitWrite ? [] : profile.Protected.SelectMany(one => new[] { one.Path, Real(one.Path) })
            .Where(path => changed.Any(root => root != path && MountPlan.IsWithin(path, root))).ToHashSet(StringComparer.Ordinal);
        var kept = held.Concat(masked).ToHashSet(StringComparer.Ordinal);
        foreach (var root in changed.Where(root => !held.Any(path => MountPlan.IsWithin(root, path))))
        {
            rules.Walk(root, kept, Change);
        }

        foreach (var shown in profile.Shown.Where(File.Exists).Select(Real))
        {
            rules.Add(shown, ReadFile);
        }

        // The names of files can be seen everywhere: a right to list one folder alone does not exist.
        rules.Add("/", ReadFolder);
        foreach (var device in s_sinks)
        {
            rules.Add(device, ReadFile | WriteFile | Truncate);
        }

        foreach (var device in s_sources)
        {
            rules.Add(device, ReadFile);
        }

        return rules;
    }

    /// <summary>Whether something is kept inside the workspace, so that nothing new can be made beside it.</summary>
    public static bool HasKeptInside(SandboxProfile profile) =>
        !profile.WorkspaceReadOnly && profile.Protected.Select(one => one.Path).Concat(profile.Masked).Any(path => path != profile.Workspace && MountPlan.IsWithin(path, profile.Workspace));

    /// <summary>Mounts that can be had without mounting: those of a place onto itself.</summary>
    public static IEnumerable<SandboxMount> InPlace(SandboxProfile profile) => profile.Mounts.Where(mount => Real(mount.Source) == Real(mount.Target));

    /// <summary>The rules as the kernel takes them: the descriptor, which the caller closes; -1 when it refused them.</summary>
    public int Make(bool cutsNetwork)
    {
        var handled = LandlockCalls.Version >= 5 ? BeforeDeviceControl | DeviceControl : BeforeDeviceControl;
        var ports = cutsNetwork && LandlockCalls.Version >= 4 ? 3UL : 0;
        var scopes = LandlockCalls.KeepsSignals ? 3UL : LandlockCalls.Version >= LandlockCalls.SignalVersion ? 1UL : 0;
        var rules = LandlockCalls.Create(handled, ports, scopes);
        if (rules < 0)
        {
            return rules;
        }

        foreach (var (path, rights) in _granted)
        {
            if (!LandlockCalls.Grant(rules, path, rights & (Directory.Exists(path) ? handled : OnFiles & handled)))
            {
                // It became something else just now; without its rule it can be used less, never more.
                continue;
            }
        }

        return rules;
    }

    private static IEnumerable<string> Changeable(SandboxProfile profile) =>
        profile.Writable.Concat(InPlace(profile).Where(mount => mount.Writable).Select(mount => mount.Target)).Concat(profile.WorkspaceReadOnly ? [] : [profile.Workspace]);

    private void Walk(string path, HashSet<string> kept, ulong rights)
    {
        if (kept.Contains(path))
        {
            return;
        }

        if (!kept.Any(one => MountPlan.IsWithin(one, path)))
        {
            Add(path, rights);
            return;
        }

        try
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", s_all).Where(entry => entry.LinkTarget is null))
            {
                if (entry is DirectoryInfo)
                {
                    Walk(entry.FullName, kept, rights);
                }
                else if (!kept.Contains(entry.FullName))
                {
                    Add(entry.FullName, rights & OnFiles);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // What we cannot list, it gets nothing of.
        }
    }

    private void Add(string path, ulong rights) => _granted[path] = _granted.GetValueOrDefault(path) | rights;

    private static string Real(string path) => PathResolution.TryReal(path, out var real) ? real : path;
}
