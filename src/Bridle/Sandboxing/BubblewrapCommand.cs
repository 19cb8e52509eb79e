using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>The command line of bubblewrap for one program.</summary>
internal static class BubblewrapCommand
{
    /// <summary>The program.</summary>
    public const string Program = "bwrap";

    /// <summary>Where the folder with the proxy's socket and the door to it is seen inside.</summary>
    public const string ProxyFolder = "/run/bridle-network";

    // The numbers under which the launcher gets its descriptors, in the order in which they are handed over.
    private const string FilterDescriptor = "3";
    private const string StatusDescriptor = "4";
    private const string BlockDescriptor = "5";

    private static Found? s_found;

    /// <summary>What every confined program has in common, whatever its profile: nothing of ours but what is named.</summary>
    private static readonly string[] s_isolation =
    [
        "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
    ];

    /// <summary>The spec that starts <paramref name="spec"/> confined. <paramref name="program"/> is its absolute path.</summary>
    public static ProcessSpec For(ProcessSpec spec, string program, SandboxProfile profile, Protection protection, IReadOnlyList<int> handed)
    {
        var arguments = new List<string>(s_isolation);
        if (profile.Network is SandboxNetwork.Everything)
        {
            arguments.Add("--share-net");
        }

        arguments.AddRange(MountPlan.Arguments(profile, protection));

        // What the dynamic linker obeys is for the program; the launcher is not confined yet when it is loaded.
        var variables = Variables(spec, profile);
        foreach (var name in variables.Keys.Where(name => name.StartsWith("LD_", StringComparison.Ordinal) || name.StartsWith("GLIBC_", StringComparison.Ordinal)).ToList())
        {
            arguments.AddRange(["--setenv", name, variables[name]]);
            variables.Remove(name);
        }

        // Folders are bound by their real paths; the link that leads to one may lie where inside there is another folder.
        var folder = PathResolution.TryReal(spec.WorkingDirectory, out var real) ? real : spec.WorkingDirectory;
        arguments.AddRange(["--chdir", folder, "--seccomp", FilterDescriptor, "--json-status-fd", StatusDescriptor, "--block-fd", BlockDescriptor, "--"]);
        if (profile.Network is SandboxNetwork.Proxy proxy)
        {
            arguments.AddRange(NetDoor.Before(DoorInside(proxy), SocketInside(proxy), proxy.Port, program, spec.Arguments));
        }
        else
        {
            arguments.AddRange([program, .. spec.Arguments]);
        }

        return spec with { Program = Launcher(profile, Environment.GetEnvironmentVariable("PATH")), Arguments = arguments, WorkingDirectory = "/", Environment = variables, Handed = handed };
    }

    /// <summary>Where the proxy's socket is seen inside.</summary>
    public static string SocketInside(SandboxNetwork.Proxy proxy) => proxy.Folder is null ? "/run/bridle-proxy" : Path.Combine(ProxyFolder, Path.GetFileName(proxy.Socket));

    /// <summary>Where the program that opens the way to the proxy is seen inside.</summary>
    public static string DoorInside(SandboxNetwork.Proxy proxy) => proxy.Folder is null ? "/run/bridle-netdoor" : Path.Combine(ProxyFolder, Path.GetFileName(proxy.Door));

    /// <summary>
    /// The launcher, from our own PATH and never from that of the program: it runs unconfined itself, so one that a confined program can have written is passed over,
    /// such as one in the workspace's own virtual environment.
    /// </summary>
    public static string Launcher(SandboxProfile profile, string? searched)
    {
        // Where it was last time it still is, unless somebody takes it away; looking for it means walking every folder of PATH.
        if (s_found is { } known && known.Searched == searched && MayBe(known.Real, profile.WritablePlaces))
        {
            return known.Real;
        }

        var (writable, walk) = (profile.WritablePlaces, new PathWalk());
        foreach (var folder in (searched ?? "").Split(':').Where(Path.IsPathFullyQualified))
        {
            if (walk.TryReal(Path.Combine(folder, Program), null, out var real, out _) && MayBe(real, writable))
            {
                s_found = new(searched, real);
                return real;
            }
        }

        throw new ToolException($"The program {Program} was not found on PATH, in a folder that no confined program may write to. Install it.");
    }

    private static bool MayBe(string real, IReadOnlyList<string> writable) =>
        File.Exists(real) && LinuxProcessCalls.Access(real, 1) == 0 && !writable.Any(place => MountPlan.IsWithin(real, place));

    // The launcher's environment can be read inside, so it is the program's own and nothing more.
    private static Dictionary<string, string> Variables(ProcessSpec spec, SandboxProfile profile)
    {
        var all = new Dictionary<string, string>();
        foreach (var name in profile.PassedVariables)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                all[name] = value;
            }
        }

        all["TMPDIR"] = "/tmp";
        foreach (var (name, value) in profile.Environment.Concat(profile.Network is SandboxNetwork.Proxy proxy ? NetDoor.Variables(proxy.Port) : []).Concat(spec.Environment))
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>Where the launcher was found by that PATH. A real path: no link leads elsewhere.</summary>
    private sealed record Found(string? Searched, string Real);
}
