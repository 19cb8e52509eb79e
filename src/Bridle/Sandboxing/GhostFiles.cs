using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// The ghosts that programs of this process need, counted over all of them: to remove one while another program still has its mount there would take that mount
/// away. Safe to use concurrently.
/// </summary>
internal sealed class GhostFiles
{
    private readonly Dictionary<string, (Ghost Ghost, int Uses)> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SpareGhosts> _spare = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The ones of this process.</summary>
    public static GhostFiles Shared { get; } = new();

    /// <summary>
    /// Makes those that are missing; a path that ends in a slash is a folder. All or none. <paramref name="spareFolder"/>: a private folder where those wait that are
    /// not needed just now; null removes them.
    /// </summary>
    public void Acquire(IReadOnlyList<string> paths, string? spareFolder = null)
    {
        lock (_lock)
        {
            var spare = SpareIn(spareFolder);
            for (var at = 0; at < paths.Count; at++)
            {
                try
                {
                    _used[paths[at]] = _used.TryGetValue(paths[at], out var used) ? (used.Ghost, used.Uses + 1) : (Ghost.At(paths[at], spare), 1);
                }
                catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
                {
                    Release([.. paths.Take(at)], spareFolder);
                    throw new ToolException($"The sandbox could not be set up: {paths[at]} must be protected and cannot be ({refused.Message}). Nothing was run.");
                }
            }
        }
    }

    /// <summary>
    /// Whether what is there is only a ghost, ours or one of another Bridle. Asked before anything else about the path, so that one that is just going is not taken
    /// for real.
    /// </summary>
    public bool IsGhost(ProtectedPath path)
    {
        var name = NameOf(path);
        lock (_lock)
        {
            return _used.ContainsKey(name) || Ghost.IsAt(name);
        }
    }

    /// <summary>How a ghost is named here: a folder with a slash at its end.</summary>
    public static string NameOf(ProtectedPath path) => path.IsFolder ? path.Path + "/" : path.Path;

    /// <summary>One use less of each; what nobody uses any more is removed.</summary>
    public void Release(IReadOnlyList<string> paths, string? spareFolder = null)
    {
        var gone = new List<IDisposable>();
        lock (_lock)
        {
            var spare = SpareIn(spareFolder);
            foreach (var path in paths)
            {
                if (_used.Remove(path, out var used) && used.Uses > 1)
                {
                    _used[path] = (used.Ghost, used.Uses - 1);
                }
                else if (used.Ghost?.End(spare) is { } last)
                {
                    gone.Add(last);
                }
            }
        }

        if (gone.Count > 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static all => all.ForEach(one => one.Dispose()), gone, preferLocal: false);
        }
    }

    /// <summary>Removes what a Bridle that was killed has left at these places.</summary>
    public void RemoveLeft(IEnumerable<ProtectedPath> places)
    {
        lock (_lock)
        {
            foreach (var name in places.Select(NameOf).Where(name => !_used.ContainsKey(name)))
            {
                Ghost.RemoveLeft(name);
            }
        }
    }

    private SpareGhosts? SpareIn(string? folder)
    {
        if (folder is null || !LinuxCalls.Known)
        {
            return null;
        }

        if (!_spare.TryGetValue(folder, out var spare))
        {
            foreach (var ended in _spare.Where(one => one.Value.Forget()).Select(one => one.Key).ToList())
            {
                _ = _spare.Remove(ended);
            }

            _spare[folder] = spare = new(folder);
        }

        return spare;
    }
}
