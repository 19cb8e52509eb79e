using System.IO.Enumeration;

namespace Bridle.Hosting.Toolchains;

/// <summary>Finds which toolchains a folder uses, by the names of its files; reads none of them.</summary>
internal static class ToolchainDetection
{
    private const int Deepest = 3;
    private const int MostEntries = 5000;
    private static readonly HashSet<string> s_passedOver = ["node_modules", "bin", "obj", "target", "vendor", "dist", "build", "artifacts"];

    /// <summary>
    /// The toolchains with a sign in the folder or up to three levels below it. In a folder without any sign, where something new is begun, those that are installed:
    /// <paramref name="isInstalled"/> says so of a program.
    /// </summary>
    public static IReadOnlyList<Toolchain> Find(string folder, IReadOnlyList<Toolchain> known, Func<string, bool> isInstalled)
    {
        var found = new HashSet<Toolchain>();
        var waiting = new Queue<(string Folder, int Depth)>([(folder, 0)]);
        for (var entries = 0; waiting.TryDequeue(out var next) && entries < MostEntries;)
        {
            foreach (var (name, isFolder) in Entries(next.Folder))
            {
                entries++;
                if (isFolder && next.Depth < Deepest && name[0] != '.' && !s_passedOver.Contains(name))
                {
                    waiting.Enqueue((Path.Combine(next.Folder, name), next.Depth + 1));
                }
                else if (!isFolder)
                {
                    found.UnionWith(known.Where(one => one.Signs.Any(sign => FileSystemName.MatchesSimpleExpression(sign, name, ignoreCase: false))));
                }
            }
        }

        return [.. known.Where(one => found.Count > 0 ? found.Contains(one) : isInstalled(one.Program))];
    }

    // Links are not followed: one may lead out of the folder, or in a circle.
    private static List<(string Name, bool IsFolder)> Entries(string folder)
    {
        try
        {
            return [.. new FileSystemEnumerable<(string, bool)>(folder, (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
                .Take(MostEntries)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
