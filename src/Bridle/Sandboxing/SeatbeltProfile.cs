using System.Globalization;
using System.Text;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// A sandbox profile as macOS' Seatbelt reads it (<c>sandbox-exec -p</c>). Of two rules that match, the later one holds. Written from the published profiles and
/// not tried on a Mac.
/// </summary>
internal static class SeatbeltProfile
{
    // What a program cannot begin without.
    private const string Start = """
        (version 1)
        (deny default)
        (allow process-exec)
        (allow process-fork)
        (allow signal (target same-sandbox))
        (allow process-info* (target same-sandbox))
        (allow sysctl-read)
        (allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo") (global-name "com.apple.system.logger") (global-name "com.apple.trustd.agent"))
        (allow ipc-posix-shm)
        (allow ipc-posix-sem)
        (allow pseudo-tty)
        (allow file-read*)
        (allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (literal "/dev/dtracehelper") (regex #"^/dev/fd/") (regex #"^/dev/ttys[0-9]*$"))

        """;

    /// <summary>The profile's text.</summary>
    public static string Of(SandboxProfile profile)
    {
        var text = new StringBuilder(Start);
        void Say(string rule, IEnumerable<string> paths)
        {
            foreach (var path in paths.Select(Real).Distinct())
            {
                text.Append(CultureInfo.InvariantCulture, $"({rule} (subpath {Quoted(path)}))\n");
            }
        }

        IEnumerable<string> writable = [.. profile.WorkspaceReadOnly ? [] : new[] { profile.Workspace }, .. profile.Writable, .. profile.Mounts.Where(mount => mount.Writable).Select(mount => mount.Target), .. Temporary(profile)];
        Say("deny file-read*", profile.Masked);
        Say("allow file-read*", writable.Append(profile.Workspace));
        Say("deny file-read*", profile.Masked.Where(mask => !writable.Append(profile.Workspace).Any(one => MountPlan.IsWithin(one, mask))));
        foreach (var shown in profile.Shown.Select(Real).Distinct())
        {
            text.Append(CultureInfo.InvariantCulture, $"(allow file-read* (literal {Quoted(shown)}))\n");
        }

        Say("allow file-write*", writable);
        Say("deny file-write*", profile.Protected.Select(one => one.Path).Where(path => !profile.GitWrite || path != Path.Combine(profile.Workspace, ".git") || LinkedWorktree.Of(profile.Workspace) is not null));
        Say("deny file-write*", profile.GitWrite ? GitPlanting.ReadOnlyParts.Select(part => Path.Combine(profile.Workspace, ".git", part)) : []);

        // A folder around a protected path could be moved away with it.
        foreach (var around in profile.Protected.SelectMany(one => Around(one.Path, profile.Workspace)).Distinct())
        {
            text.Append(CultureInfo.InvariantCulture, $"(deny file-write-unlink (literal {Quoted(around)}))\n");
        }

        text.Append(profile.Network switch
        {
            SandboxNetwork.Everything => "(allow network*)\n",
            SandboxNetwork.Proxy proxy => $"(allow network-outbound (remote ip \"localhost:{proxy.Port}\"))\n",
            _ => "",
        });
        return text.ToString();
    }

    private static IEnumerable<string> Temporary(SandboxProfile profile) => profile.TemporaryFolder is { } folder ? [folder] : [];

    private static IEnumerable<string> Around(string path, string root)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null && MountPlan.IsWithin(folder, root); folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private static string Real(string path) => PathResolution.TryReal(path, out var real) ? real : path;

    private static string Quoted(string path) => $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
