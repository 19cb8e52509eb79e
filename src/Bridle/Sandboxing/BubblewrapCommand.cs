using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>The command line of bubblewrap for one program.</summary>
internal static class BubblewrapCommand
{
    /// <summary>The program.</summary>
    public const string Program = "bwrap";

    /// <summary>Where the proxy's socket is seen inside.</summary>
    public const string ProxySocket = "/run/bridle-proxy";

    // The numbers under which the launcher gets its descriptors, in the order in which they are handed over.
    private const string FilterDescriptor = "3";
    private const string StatusDescriptor = "4";
    private const string BlockDescriptor = "5";

    // Waits until the way to the proxy is open, because a program would take a refused connection for an answer.
    private const string WithProxy =
        "socat TCP4-LISTEN:$1,bind=127.0.0.1,reuseaddr,fork,backlog=64 UNIX-CONNECT:" + ProxySocket + " 2>/dev/null & " +
        "n=0; until socat -u OPEN:/dev/null TCP4:127.0.0.1:$1 2>/dev/null || [ $n -ge 100 ]; do n=$((n+1)); sleep 0.01; done; shift; exec \"$@\"";

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
        arguments.AddRange(["--chdir", spec.WorkingDirectory, "--seccomp", FilterDescriptor, "--json-status-fd", StatusDescriptor, "--block-fd", BlockDescriptor, "--"]);
        if (profile.Network is SandboxNetwork.Proxy proxy)
        {
            arguments.AddRange(["/bin/sh", "-c", WithProxy, "sh", $"{proxy.Port}"]);
        }

        arguments.Add(program);
        arguments.AddRange(spec.Arguments);
        return spec with { Program = Program, Arguments = arguments, WorkingDirectory = "/", Environment = Variables(spec, profile), Handed = handed };
    }

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
        foreach (var (name, value) in profile.Environment.Concat(ProxyVariables(profile)).Concat(spec.Environment))
        {
            all[name] = value;
        }

        return all;
    }

    private static IEnumerable<KeyValuePair<string, string>> ProxyVariables(SandboxProfile profile)
    {
        if (profile.Network is not SandboxNetwork.Proxy proxy)
        {
            yield break;
        }

        foreach (var name in (string[])["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"])
        {
            yield return new(name, $"http://127.0.0.1:{proxy.Port}");
        }

        yield return new("NO_PROXY", "localhost,127.0.0.1,::1");
        yield return new("no_proxy", "localhost,127.0.0.1,::1");
    }
}
