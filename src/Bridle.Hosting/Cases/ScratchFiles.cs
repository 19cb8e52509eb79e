using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Hosting.Cases;

/// <summary>
/// The files of a case: a scratch folder on the real disk that stands for <c>/</c>. Links are followed as if the folder were the root of the file system, so
/// that nothing outside of it is ever looked at; what is opened goes through the same door that tools use.
/// </summary>
internal sealed class ScratchFiles(string scratch, string root, string home) : IFiles
{
    private const int MostLinks = 40;

    private readonly LocalFiles _inner = new(scratch);

    public string Root { get; } = root;

    /// <summary>Where a path of the case lies on the disk.</summary>
    public string OnDisk(string path) => _inner.Root.TrimEnd('/') + (path == "/" ? "" : path);

    public ResolvedPath Resolve(string path, string workingDirectory)
    {
        var expanded = path == "~" ? home : path.StartsWith("~/", StringComparison.Ordinal) ? home + path[1..] : path;
        var absolute = expanded.StartsWith('/') ? expanded : $"{workingDirectory}/{expanded}";
        var links = 0;
        var real = Follow(absolute, ref links);
        var found = new ResolvedPath(path, Normalised(absolute), real ?? absolute, real is not null && IsIn(real, Root), FileKind.Missing);
        if (real is null)
        {
            return found with { Kind = FileKind.Other };
        }

        try
        {
            return Stat(found) is { } entry ? found with { Kind = entry.Kind, Links = entry.Links } : found;
        }
        catch (ToolException)
        {
            return found with { Kind = FileKind.Other };
        }
    }

    public FileEntry? Stat(ResolvedPath path) => path.Real.Contains('\0', StringComparison.Ordinal) ? null : _inner.Stat(Mapped(path));

    public Stream OpenRead(ResolvedPath path) => _inner.OpenRead(Mapped(path));

    public void Write(ResolvedPath path, ReadOnlySpan<byte> content) => _inner.Write(Mapped(path), content);

    public IReadOnlyList<FileEntry> List(ResolvedPath directory) => _inner.List(Mapped(directory));

    public bool MayRead(ResolvedPath path) => true;

    private ResolvedPath Mapped(ResolvedPath path) => path with { Real = OnDisk(path.Real), Normalised = OnDisk(path.Normalised), InsideRoot = true };

    // Name by name, as the system would: '..' leaves the folder that a link led to. Null when links go round.
    private string? Follow(string path, ref int links)
    {
        var at = "";
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name is "." or "..")
            {
                at = name is "." || at.LastIndexOf('/') is not (>= 0 and var slash) ? at : at[..slash];
                continue;
            }

            var next = $"{at}/{name}";
            var target = next.Contains('\0', StringComparison.Ordinal) ? null : new FileInfo(OnDisk(next)).LinkTarget;
            if (target is null)
            {
                at = next;
                continue;
            }

            if (++links > MostLinks || Follow(target.StartsWith('/') ? target : $"{at}/{target}", ref links) is not { } led)
            {
                return null;
            }

            at = led == "/" ? "" : led;
        }

        return at.Length == 0 ? "/" : at;
    }

    private static string Normalised(string path)
    {
        var names = new List<string>();
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (name != ".")
            {
                names.Add(name);
            }
        }

        return "/" + string.Join('/', names);
    }

    private static bool IsIn(string path, string folder) => path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
