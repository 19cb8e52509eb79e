using System.Globalization;

namespace Bridle.Sandboxing;

/// <summary>
/// Counts the processes of one call by a control group. Only for root, whom the kernel exempts from the limit that holds for everybody else; needs a group that we
/// may make below the one we are in, or below the topmost one.
/// </summary>
internal sealed class ProcessCount : IDisposable
{
    /// <summary>The launcher itself, which is born in the group as well when it is entered.</summary>
    private const int Launcher = 1;

    // Threads move by themselves through this file where the group hierarchy is of version 1. Version 2 would have to make groups of threads out of ours first.
    private const string Threads = "tasks";

    private static readonly Lazy<(string Folder, string? Home)?> s_parent = new(FindParent);
    private static int s_made;
    private readonly string _folder;
    private readonly string? _home;
    private bool _isEntered;

    private ProcessCount(string folder, string? home) => (_folder, _home) = (folder, home);

    /// <summary>Whether the kernel's own limit does not hold for us.</summary>
    public static bool IsNeeded => Environment.IsPrivilegedProcess;

    /// <summary>Whether groups can be made here. Found out once.</summary>
    public static bool IsPossible => s_parent.Value is not null;

    /// <summary>An empty group with that limit; null when it cannot be made.</summary>
    public static ProcessCount? Of(long most)
    {
        if (s_parent.Value is not { } parent)
        {
            return null;
        }

        var folder = Path.Combine(parent.Folder, $"bridle-{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}");
        var count = new ProcessCount(folder, parent.Home);
        try
        {
            Directory.CreateDirectory(folder);
            Write(folder, "pids.max", parent.Home is null ? most : most + Launcher);
            return count;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            count.Dispose();
            return null;
        }
    }

    /// <summary>
    /// Puts the calling thread into the group until it is disposed: what it starts meanwhile is born there. To move a process that runs already makes the kernel
    /// wait for all processors, some ten milliseconds and more; a thread that moves itself waits for nobody. Null where threads cannot be moved by themselves.
    /// </summary>
    public IDisposable? Enter()
    {
        if (_home is not { } home)
        {
            return null;
        }

        try
        {
            Write(_folder, Threads, 0);
            _isEntered = true;
            return new Return(home);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Moves that process into the group, unless it was born there; false when it cannot be.</summary>
    public bool Hold(int id)
    {
        try
        {
            if (!_isEntered)
            {
                Write(_folder, "cgroup.procs", id);
            }

            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes the group. What may still be in it has been killed and is being taken in, so it is tried for a moment.</summary>
    public void Dispose()
    {
        for (var attempt = 0; attempt < 50 && Directory.Exists(_folder); attempt++)
        {
            try
            {
                Directory.Delete(_folder);
            }
            catch (IOException)
            {
                Thread.Sleep(2);
            }
            catch (UnauthorizedAccessException)
            {
                return;
            }
        }
    }

    private static void Write(string folder, string file, long value) =>
        File.WriteAllText(Path.Combine(folder, file), value.ToString(CultureInfo.InvariantCulture));

    private static (string Folder, string? Home)? FindParent()
    {
        foreach (var (candidate, home) in Candidates())
        {
            var probe = Path.Combine(candidate, $"bridle-{Environment.ProcessId}-probe");
            try
            {
                Directory.CreateDirectory(probe);
                var counts = File.Exists(Path.Combine(probe, "pids.max"));
                var moves = counts && home is not null && CanComeBack(probe, home);
                Directory.Delete(probe);
                if (counts)
                {
                    return (candidate, moves ? home : null);
                }
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // The next one.
            }
        }

        return null;
    }

    // Tried on a thread of its own, which is gone afterwards whichever group it is in.
    private static bool CanComeBack(string probe, string home)
    {
        var comes = false;
        var trial = new Thread(() =>
        {
            try
            {
                Write(probe, Threads, 0);
                Write(home, Threads, 0);
                comes = true;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // Then processes are moved once they run.
            }
        });
        trial.Start();
        trial.Join();
        return comes;
    }

    // Where a group may be made, and the group that we are in ourselves.
    private static IEnumerable<(string Folder, string? Home)> Candidates()
    {
        if (!File.Exists("/proc/self/cgroup"))
        {
            yield break;
        }

        // hierarchy-id:controllers:path; version 2 has no controllers in its line.
        foreach (var line in File.ReadLines("/proc/self/cgroup").Select(one => one.Split(':', 3)).Where(one => one.Length == 3))
        {
            if (line[1].Split(',').Contains("pids"))
            {
                var home = "/sys/fs/cgroup/pids" + line[2].TrimEnd('/');
                yield return (home, home);
                yield return ("/sys/fs/cgroup/pids", home);
            }
            else if (line[0] == "0")
            {
                yield return ("/sys/fs/cgroup" + line[2].TrimEnd('/'), null);
                yield return ("/sys/fs/cgroup", null);
            }
        }
    }

    private sealed class Return(string home) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                Write(home, Threads, 0);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // It worked when it was tried. What is started next enters a group of its own again.
            }
        }
    }
}
