using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>What of the machine is seen in a container, each at its own path: the workspace and what may be written, what is protected read-only over it, what is masked empty.</summary>
internal static class ContainerMounts
{
    /// <summary>The arguments, the outer places first.</summary>
    public static List<string> Arguments(SandboxProfile profile, Protection protection)
    {
        var arguments = new List<string>();
        IEnumerable<SandboxMount> places =
        [
            new(profile.Workspace, profile.Workspace, !profile.WorkspaceReadOnly), .. profile.Mounts, .. profile.Writable.Select(path => new SandboxMount(path, path, true)),
        ];
        var open = places.Where(one => Path.Exists(one.Source)).GroupBy(one => one.Target).Select(same => same.Last()).OrderBy(one => one.Target.Length).ToList();

        // Not the session's own folder: what fills the memory of a container fills no disk of the machine, and is gone with it.
        arguments.AddRange(["--tmpfs", "/tmp:rw,nosuid,nodev,mode=1777,size=256m"]);
        arguments.AddRange(open.SelectMany(one => Bind(one.Source, one.Target, one.Writable)));
        var mounted = open.Select(one => one.Target).ToHashSet(StringComparer.Ordinal);

        foreach (var path in profile.Masked.Where(path => Path.Exists(path) && open.Any(one => MountPlan.IsWithin(path, one.Target)) && !open.Any(one => one.Target != path && MountPlan.IsWithin(one.Target, path))))
        {
            // A workspace that is masked itself stays what it is to everybody: not there.
            arguments.AddRange(mounted.Contains(path) ? throw Impossible(path, "is hidden and to be worked in at once")
                : Directory.Exists(path) ? ["--tmpfs", $"{Told(path)}:ro,mode=555,size=4k"] : Bind("/dev/null", path, false));
            mounted.Add(path);
        }

        // Not below what was masked just now: nothing can be mounted in a folder that is read-only.
        arguments.AddRange(profile.Shown.Where(path => File.Exists(path) && !open.Any(one => MountPlan.IsWithin(path, one.Target))).SelectMany(path => Bind(path, path, false)));

        foreach (var held in protection.Held.OrderBy(one => one.Path.Length))
        {
            // What lies around it becomes a mount as well, or it could be moved away with everything in it.
            for (var at = held.Root.Length; (at = held.Path.IndexOf('/', at + 1)) > 0;)
            {
                arguments.AddRange(mounted.Add(held.Path[..at]) ? Bind(held.Path[..at], held.Path[..at], !IsHeld(held.Path[..at], protection)) : []);
            }

            arguments.AddRange(mounted.Add(held.Path) ? Bind(held.Path, held.Path, held.Pinned) : []);
        }

        return arguments;
    }

    private static bool IsHeld(string path, Protection protection) => protection.Held.Any(one => !one.Pinned && MountPlan.IsWithin(path, one.Path));

    private static string[] Bind(string source, string target, bool writable) => ["-v", $"{Told(source)}:{Told(target)}:{(writable ? "rw" : "ro")}"];

    private static string Told(string path) => path.Contains(':', StringComparison.Ordinal) ? throw Impossible(path, "has a ':' in it, which engines cannot mount") : path;

    private static ToolException Impossible(string path, string why) => new($"The sandbox could not be set up: {path} {why}. Nothing was run.");
}
