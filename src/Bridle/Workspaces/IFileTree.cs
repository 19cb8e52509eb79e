namespace Bridle.Workspaces;

/// <summary>How resolved paths are opened: by handle where the kernel can prove them, by path elsewhere.</summary>
internal interface IFileTree
{
    FileEntry? Stat(ResolvedPath path);

    Stream OpenRead(ResolvedPath path);

    void Write(ResolvedPath path, ReadOnlySpan<byte> content);

    void Remove(ResolvedPath path);

    IReadOnlyList<FileEntry> List(ResolvedPath directory);
}
