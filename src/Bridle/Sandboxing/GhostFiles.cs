using Bridle.Messages;

namespace Bridle.Sandboxing;

/// <summary>
/// Empty files and folders that exist only to be mounted on, counted over all programs of this process: to remove one while another program still has its mount
/// there would take that mount away. Safe to use concurrently.
/// </summary>
internal sealed class GhostFiles
{
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The ones of this process.</summary>
    public static GhostFiles Shared { get; } = new();

    /// <summary>Makes those that are missing; a path that ends in a slash is a folder. All or none.</summary>
    public void Acquire(IReadOnlyList<string> paths)
    {
        lock (_lock)
        {
            for (var at = 0; at < paths.Count; at++)
            {
                try
                {
                    Make(paths[at]);
                    _uses[paths[at]] = _uses.GetValueOrDefault(paths[at]) + 1;
                }
                catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
                {
                    Release([.. paths.Take(at)]);
                    throw new ToolException($"The sandbox could not be set up: {paths[at]} must be protected and cannot be ({refused.Message}). Nothing was run.");
                }
            }
        }
    }

    /// <summary>Whether what is there is only a ghost. Asked before anything else about the path, so that one that is just going is not taken for real.</summary>
    public bool IsGhost(ProtectedPath path)
    {
        lock (_lock)
        {
            return _uses.ContainsKey(NameOf(path));
        }
    }

    /// <summary>How a ghost is named here: a folder with a slash at its end.</summary>
    public static string NameOf(ProtectedPath path) => path.IsFolder ? path.Path + "/" : path.Path;

    /// <summary>One use less of each; what nobody uses any more is removed, unless somebody put something into it.</summary>
    public void Release(IReadOnlyList<string> paths)
    {
        lock (_lock)
        {
            foreach (var path in paths)
            {
                var uses = _uses.GetValueOrDefault(path) - 1;
                if (uses > 0)
                {
                    _uses[path] = uses;
                    continue;
                }

                _uses.Remove(path);
                Remove(path);
            }
        }
    }

    private static void Make(string path)
    {
        if (path.EndsWith('/'))
        {
            Directory.CreateDirectory(path);
        }
        else if (!Path.Exists(path))
        {
            new FileStream(path, FileMode.CreateNew, FileAccess.Write).Dispose();
        }
    }

    private static void Remove(string path)
    {
        try
        {
            if (path.EndsWith('/'))
            {
                Directory.Delete(path, recursive: false);
            }
            else if (new FileInfo(path) is { Length: 0, LinkTarget: null })
            {
                File.Delete(path);
            }
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // Somebody outside has put something there meanwhile, or removed it: it is theirs.
        }
    }
}
