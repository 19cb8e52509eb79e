namespace Bridle.Workspaces;

/// <summary>
/// A path as the gate sees it: as given, as normalised text, and as the real path with every link followed (for what does not exist
/// yet, the real path of its nearest existing folder plus the rest). Files are opened by <see cref="Real"/>, link by link refused.
/// </summary>
/// <param name="Given">What the model wrote.</param>
/// <param name="Normalised">Absolute, without <c>.</c> and <c>..</c>.</param>
/// <param name="Real">Absolute, links resolved.</param>
/// <param name="InsideRoot">Whether <paramref name="Real"/> is the workspace root or below it.</param>
/// <param name="Kind">What is there.</param>
public sealed record ResolvedPath(string Given, string Normalised, string Real, bool InsideRoot, FileKind Kind)
{
    /// <summary>How many names the file has. More than one means that writing it may change a file outside; permission asks.</summary>
    public int Links { get; init; } = 1;
}

/// <summary>What stands at a path.</summary>
public enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Directory,

    /// <summary>A device, socket or pipe; tools refuse those.</summary>
    Other,
}

/// <summary>One entry of a folder. <paramref name="IsLink"/> entries are listed and never followed.</summary>
public sealed record FileEntry(string Name, FileKind Kind, long Length, DateTimeOffset Modified, bool IsLink, int UnixMode)
{
    /// <summary>How many names the file has; 1 where that is not known.</summary>
    public int Links { get; init; } = 1;
}
