using Bridle.Tools.Search;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sensors;

/// <summary>What the files of a workspace look like from outside, to see which have changed: those that no ignore file names and that no build makes.</summary>
internal static class WorkspaceStamps
{
    private const int Most = 50_000;
    private static readonly HashSet<string> s_made = ["bin", "obj", "node_modules", "target", "dist", "__pycache__", ".git"];

    /// <summary>A number for each file that changes with its length and time.</summary>
    public static IReadOnlyDictionary<string, long> Of(IFiles files, CancellationToken cancellationToken) =>
        FileListing.WithEntries(files, files.Root, Most, cancellationToken).Where(file => !IsMade(file.Relative))
            .ToDictionary(file => file.Relative, file => unchecked((file.Entry.Modified.UtcTicks * 31) + file.Entry.Length), StringComparer.Ordinal);

    /// <summary>Whether a path lies in a folder that builds fill.</summary>
    public static bool IsMade(string path) => path.Split('/').SkipLast(1).Any(s_made.Contains);
}
