using System.Globalization;

namespace Bridle.Sandboxing;

/// <summary>
/// Counts the processes of one call by a control group. Only for root, whom the kernel exempts from the limit that holds for everybody else; needs a group that we
/// may make below the one we are in, or below the topmost one.
/// </summary>
internal sealed class ProcessCount : IDisposable
{
    private static readonly Lazy<string?> s_parent = new(FindParent);
    private static int s_made;
    private readonly string _folder;

    private ProcessCount(string folder) => _folder = folder;

    /// <summary>Whether the kernel's own limit does not hold for us.</summary>
    public static bool IsNeeded => Environment.IsPrivilegedProcess;

    /// <summary>Whether groups can be made here. Found out once.</summary>
    public static bool IsPossible => s_parent.Value is not null;

    /// <summary>A group with that limit and that process in it; null when it cannot be made.</summary>
    public static ProcessCount? Over(int id, long most)
    {
        if (s_parent.Value is not { } parent)
        {
            return null;
        }

        var folder = Path.Combine(parent, $"bridle-{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}");
        var count = new ProcessCount(folder);
        try
        {
            Directory.CreateDirectory(folder);
            Write(folder, "pids.max", most);
            Write(folder, "cgroup.procs", id);
            return count;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            count.Dispose();
            return null;
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

    private static string? FindParent()
    {
        foreach (var candidate in Candidates())
        {
            var probe = Path.Combine(candidate, $"bridle-{Environment.ProcessId}-probe");
            try
            {
                Directory.CreateDirectory(probe);
                var counts = File.Exists(Path.Combine(probe, "pids.max"));
                Directory.Delete(probe);
                if (counts)
                {
                    return candidate;
                }
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // The next one.
            }
        }

        return null;
    }

    private static IEnumerable<string> Candidates()
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
                yield return "/sys/fs/cgroup/pids" + line[2].TrimEnd('/');
                yield return "/sys/fs/cgroup/pids";
            }
            else if (line[0] == "0")
            {
                yield return "/sys/fs/cgroup" + line[2].TrimEnd('/');
                yield return "/sys/fs/cgroup";
            }
        }
    }
}
