using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>
/// The files of this machine. On Linux every open goes by handle through <c>openat2</c>: below the root from the root's own handle, outside of it
/// from <c>/</c>, never through a link; devices, pipes, sockets and files with several names (hard links) are not read. Safe to use concurrently.
/// </summary>
public sealed class LocalFiles : IFiles
{
    private readonly IFileTree _tree;
    private readonly string _home;

    /// <summary>Opens the root. Throws <see cref="DirectoryNotFoundException"/> when it is not a folder.</summary>
    public LocalFiles(string root)
        : this(root, prove: true)
    {
    }

    internal LocalFiles(string root, bool prove, string? home = null)
    {
        if (!PathResolution.TryReal(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)), out var real) || !Directory.Exists(real))
        {
            throw new DirectoryNotFoundException($"The workspace folder {root} does not exist or is not a folder. Create it or name another one.");
        }

        Root = real;
        _home = home ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        _home = _home.Length == 0 ? Path.GetPathRoot(real)! : _home;
        _tree = LinuxCalls.Known ? new HandleTree(real, prove) : new PathTree();
    }

    /// <inheritdoc/>
    public string Root { get; }

    /// <inheritdoc/>
    public ResolvedPath Resolve(string path, string workingDirectory) => ResolvingMany()(path, workingDirectory);

    /// <inheritdoc/>
    public Func<string, string, ResolvedPath> ResolvingMany()
    {
        var walk = new PathWalk();
        return (path, workingDirectory) => Resolve(walk, path, workingDirectory);
    }

    private ResolvedPath Resolve(PathWalk walk, string path, string workingDirectory)
    {
        var from = Path.IsPathFullyQualified(workingDirectory) ? workingDirectory : Path.Combine(Root, workingDirectory);
        var absolute = PathResolution.Absolute(path, from, _home);
        var normalised = PathResolution.Normalised(absolute);
        var ends = walk.TryReal(absolute, ReferenceEquals(absolute, path) || path is ['~', ..] ? null : from, out var real, out var missing);
        var found = new ResolvedPath(path, normalised, real, PathResolution.IsInside(real, Root), FileKind.Missing);
        return !ends ? found with { Kind = FileKind.Other } : missing ? found : LinuxCalls.Known ? walk.WithEntry(found) : WithEntry(found);
    }

    /// <inheritdoc/>
    public FileEntry? Stat(ResolvedPath path) => path.Real.Contains('\0', StringComparison.Ordinal) ? null : _tree.Stat(path);

    /// <inheritdoc/>
    public Stream OpenRead(ResolvedPath path)
    {
        FileFailure.RefuseControlCharacters(path);
        return _tree.OpenRead(path);
    }

    /// <inheritdoc/>
    public void Write(ResolvedPath path, ReadOnlySpan<byte> content)
    {
        FileFailure.RefuseControlCharacters(path);
        _tree.Write(path, content);
    }

    /// <inheritdoc/>
    public void Remove(ResolvedPath path)
    {
        FileFailure.RefuseControlCharacters(path);
        _tree.Remove(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<FileEntry> List(ResolvedPath directory)
    {
        FileFailure.RefuseControlCharacters(directory);
        return _tree.List(directory);
    }

    /// <inheritdoc/>
    public bool MayRead(ResolvedPath path) => true;

    private ResolvedPath WithEntry(ResolvedPath path)
    {
        try
        {
            return Stat(path) is { } entry ? path with { Kind = entry.Kind, Links = entry.Links } : path;
        }
        catch (ToolException)
        {
            // Something is there that may not be looked at; opening it will say why.
            return path with { Kind = FileKind.Other };
        }
    }
}
