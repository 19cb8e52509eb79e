using Bridle.Hosting.Trust;
using Bridle.Permissions;

namespace Bridle.Hosting.Worktrees;

/// <summary>
/// Looks at the folder that a hook of <c>WorktreeCreate</c> names before a session works in it: everything in it becomes writable for the agent, so it must be a folder that was made for
/// that, and nothing that others live in.
/// </summary>
/// <param name="files">What was read for the start.</param>
/// <param name="name">The name that was asked for.</param>
/// <param name="began">When the hooks were called.</param>
internal sealed class HookFolder(HostFiles files, string name, DateTimeOffset began)
{
    // Clocks of file systems are coarse.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(2);

    private static readonly string[] s_systems = ["bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "proc", "run", "sbin", "sys", "usr"];

    /// <summary>The folder without links, or why it is none to work in.</summary>
    public (string? Folder, string? Problem) Take(string? named)
    {
        if (named is null || !Path.IsPathFullyQualified(named) || named.Any(char.IsControl))
        {
            return (null, "it named no absolute path of a folder.");
        }

        if (File.Exists(named))
        {
            return (null, $"{named} is a file and no folder.");
        }

        // Links at any place of the path, and '..', are gone from here on.
        return RealFolder.Of(named) is not { Path: var real } ? (null, $"it named no folder that is there.")
            : WhyNot(real) is { } problem ? (null, $"{(real == Path.TrimEndingDirectorySeparator(named) ? real : $"{named}, which is {real},")} {problem}")
            : (real, null);
    }

    private string? WhyNot(string real)
    {
        var (root, home) = (Real(files.Trust.Folder), Real(files.Environment.Home));
        if (Path.GetDirectoryName(real) is not { Length: > 1 })
        {
            return "holds the system; make a folder of its own.";
        }

        if (Holds(real, home))
        {
            return "is your home folder or holds it; make a folder of its own.";
        }

        if (Holds(real, root))
        {
            return "is the project's own folder or holds it, so nothing would be kept apart.";
        }

        if (new[] { files.Folders.Data, files.Folders.State, files.Folders.Config }.FirstOrDefault(own => Holds(real, Real(own)) || Holds(Real(own), real)) is { } own)
        {
            return $"holds, or lies in, a folder of Bridle's own ({own}).";
        }

        if (!Holds(home, real) && s_systems.Any(system => Holds("/" + system, real)))
        {
            return "lies in a folder of the system.";
        }

        if (SensitivePaths.HoldsSecrets(Path.Combine(real, "_")) || SensitivePaths.HoldsSecrets(real))
        {
            return "may hold secrets.";
        }

        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(real).HasFlag(UnixFileMode.OtherWrite))
        {
            return "can be written by everybody on this machine.";
        }

        return IsMadeForThis(real) ? null : $"was there before the hook ran, is not empty and does not bear the name '{name}'. The hook must make a folder for the session; one that it gives out again must have that name.";
    }

    private bool IsMadeForThis(string real) =>
        Path.GetFileName(real).Contains(name, StringComparison.Ordinal) || Directory.GetCreationTimeUtc(real) >= began.UtcDateTime - s_slack || !Directory.EnumerateFileSystemEntries(real).Any();

    private static string Real(string path) => RealFolder.Of(path)?.Path ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static bool Holds(string outer, string inner) => inner == outer || inner.StartsWith(outer.TrimEnd('/') + "/", StringComparison.Ordinal);
}
