namespace Bridle.Workspaces;

/// <summary>A worktree of git beside its repository's main one. Both say so of each other: a folder cannot claim to be another repository's worktree.</summary>
/// <param name="Root">The worktree's topmost folder.</param>
/// <param name="GitFolder">What is its own of the repository: HEAD, index.</param>
/// <param name="CommonFolder">The repository that it shares: objects, refs, configuration, hooks.</param>
public sealed record LinkedWorktree(string Root, string GitFolder, string CommonFolder)
{
    private const int MostBytes = 8192;

    /// <summary>The main worktree's topmost folder, or null when the repository has none.</summary>
    public string? Main => Path.GetFileName(CommonFolder) == ".git" ? Path.GetDirectoryName(CommonFolder) : null;

    /// <summary>The one that has the folder as its topmost one, or null. Reads files only.</summary>
    public static LinkedWorktree? Of(string root)
    {
        var pointer = Path.Combine(root, ".git");
        return Read(pointer, "gitdir: ", root) is { } own && Read(Path.Combine(own, "commondir"), "", own) is { } common
            && Path.GetDirectoryName(own) == Path.Combine(common, "worktrees") && Read(Path.Combine(own, "gitdir"), "", own) == pointer
            ? new(root, own, common) : null;
    }

    private static string? Read(string file, string prefix, string from)
    {
        try
        {
            var info = new FileInfo(file);
            if (!info.Exists || info.LinkTarget is not null || info.Length > MostBytes)
            {
                return null;
            }

            var text = File.ReadAllText(file).TrimEnd('\n');
            return text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length && !text.Contains('\0')
                ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(text[prefix.Length..], from)) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
