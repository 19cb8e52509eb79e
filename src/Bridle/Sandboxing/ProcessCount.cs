using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bridle.Workspaces;

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

    private const string Name = "bridle-";
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);
    private static readonly Lazy<(string Folder, string? Home)?> s_parent = new(FindParent);
    private static int s_made;
    private readonly string _folder;
    private readonly string? _home;
    private PathHold? _hold;
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

        var folder = Path.Combine(parent.Folder, $"{Name}{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}");
        var count = new ProcessCount(folder, parent.Home);
        try
        {
            // Held before anything else, so that no other Bridle takes it for one that is left over.
            if ((count._hold = MakeHeld(folder)) is null)
            {
                count.Dispose();
                return null;
            }

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

    /// <summary>Removes the group. What may still be in it has been killed, so its end is waited for, a moment at most.</summary>
    public void Dispose()
    {
        for (var clock = Stopwatch.StartNew(); LinuxCalls.RemoveFolder(_folder) == ErrorNumber.Busy && clock.Elapsed < s_patience;)
        {
            AwaitMembers(s_patience - clock.Elapsed);
        }

        _hold?.Dispose();
    }

    private unsafe void AwaitMembers(TimeSpan most)
    {
        try
        {
            foreach (var line in File.ReadLines(Path.Combine(_folder, "cgroup.procs")))
            {
                if (int.TryParse(line, CultureInfo.InvariantCulture, out var id) && LinuxProcessCalls.OpenProcess(id) is >= 0 and var member)
                {
                    var entry = new PollEntry { Descriptor = member, Wanted = LinuxProcessCalls.Readable };
                    _ = LinuxProcessCalls.Poll(&entry, 1, (int)most.TotalMilliseconds);
                    _ = LinuxProcessCalls.Close(member);
                }
            }
        }
        catch (IOException)
        {
            // It is gone meanwhile.
        }

        Thread.Yield();
    }

    // Another Bridle that clears away may come between the two, once.
    private static PathHold? MakeHeld(string folder)
    {
        PathHold? hold = null;
        for (var attempt = 0; hold is null && attempt < 10 && LinuxCalls.MakeFolder(folder, 0x1ED) is 0 or ErrorNumber.Exists; attempt++)
        {
            hold = PathHold.Together(folder, out _);
        }

        return hold;
    }

    /// <summary>Removes the groups that a Bridle left behind which was killed: empty, and held by nobody.</summary>
    internal static void RemoveLeft(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Name + "*"))
        {
            using var hold = PathHold.Together(folder, out _);
            if (hold?.TryAlone() is true)
            {
                _ = LinuxCalls.RemoveFolder(folder);
            }
        }
    }

    private static void Write(string folder, string file, long value)
    {
        using var opened = LinuxCalls.Open(Path.Combine(folder, file), LinuxCalls.WriteOnly, 0, out var error);
        error = opened is null ? error : LinuxCalls.WriteAll(opened, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
        if (error != 0)
        {
            throw new IOException(ErrorNumber.Text(error));
        }
    }

    private static (string Folder, string? Home)? FindParent()
    {
        foreach (var (candidate, home) in Candidates())
        {
            var probe = Path.Combine(candidate, $"{Name}{Environment.ProcessId}-probe");
            try
            {
                RemoveLeft(candidate);
                using var hold = MakeHeld(probe);
                var counts = File.Exists(Path.Combine(probe, "pids.max"));
                var moves = counts && home is not null && CanComeBack(probe, home);
                _ = LinuxCalls.RemoveFolder(probe);
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
