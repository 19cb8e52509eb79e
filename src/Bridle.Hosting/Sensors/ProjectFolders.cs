namespace Bridle.Hosting.Sensors;

/// <summary>The files of the folders below a root, as far as projects may lie there: few levels, no hidden folder, no link, nothing that a build makes.</summary>
internal static class ProjectFolders
{
    /// <summary>How deep projects are looked for.</summary>
    public const int MostDepth = 2;

    private const int MostFolders = 200;
    private const int MostFiles = 500;

    /// <summary>Their paths from the root, folder by folder in ordinal order. The root's own files are not among them.</summary>
    public static IEnumerable<string> Files(string folder, int depth) => Below(folder, "", depth);

    private static IEnumerable<string> Below(string folder, string relative, int depth)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        foreach (var inner in Sorted(() => Directory.EnumerateDirectories(folder, "*", options).Take(MostFolders)))
        {
            var name = relative + Path.GetFileName(inner);
            if (WorkspaceStamps.IsMade(name + "/x"))
            {
                continue;
            }

            foreach (var file in Sorted(() => Directory.EnumerateFiles(inner, "*", options).Take(MostFiles).Select(file => $"{name}/{Path.GetFileName(file)}")).Concat(depth > 1 ? Below(inner, name + "/", depth - 1) : []))
            {
                yield return file;
            }
        }
    }

    /// <summary>What a folder holds, in ordinal order. One that is gone, though it was there a moment ago, or that nobody may list holds nothing.</summary>
    public static IReadOnlyList<string> Sorted(Func<IEnumerable<string>> list)
    {
        try
        {
            return [.. list().Order(StringComparer.Ordinal)];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
