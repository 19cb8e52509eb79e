using System.Collections.Concurrent;

namespace Bridle.Workspaces;

/// <summary>
/// Everything that one call started, also what left its process group and session. Orphans become our own children (we are their subreaper)
/// and are known as this call's by their session, by the mark that every descendant inherits and by the call variable in their environment.
/// </summary>
internal sealed class ProcessTree
{
    // The table cannot be read at one instant: a process that hands over to a child and ends may be missed by one look, hardly by several.
    private const int EmptyLooks = 4;

    // Every mark has this bit. Alone it is the mark of who watches over programs, and of no call.
    private const ulong Anybody = 1UL << MarkBit;
    private const int MarkBit = 58;

    // A number by chance beside our own: in another container somebody else has the same one.
    private static readonly ulong s_marks = Anybody | ((ulong)Random.Shared.Next(1 << 12) << 46) | ((ulong)(uint)Environment.ProcessId << 24);
    private static readonly TimeSpan s_gentle = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<int, bool> s_leaders = new();
    private static readonly Lock s_starting = new();
    private static readonly int s_ownSession = ProcessTable.Find(Environment.ProcessId)?.Session ?? 0;
    private static readonly ulong s_inherited = ProcessTable.MarkOf(Environment.ProcessId);
    private static int s_made;

    private readonly Lock _lock = new();
    private readonly HashSet<(int Id, ulong Born)> _known = [];
    private readonly HashSet<int> _sessions = [];
    private readonly ulong _mark = s_marks + (ulong)Interlocked.Increment(ref s_made);
    private readonly string? _outer = Environment.GetEnvironmentVariable(ChildEnvironment.CallVariable);
    private int _leader;
    private ulong _born;
    private volatile bool _isReaped;

    /// <summary>Goes into the environment. A Bridle inside a Bridle keeps the outer one's, so that the outer one finds it too.</summary>
    public string CallId => _outer is null ? Own : $"{_outer} {Own}";

    /// <summary>What all marks of this process begin with: a mark without its lowest 24 bits, which count the calls.</summary>
    public static ulong Family => s_marks >> 24;

    private string Own => $"{_mark:x}.";

    /// <summary>Makes this process the one that orphans come to. Once, before the first start.</summary>
    public static void Prepare()
    {
        if (IsChildSignalIgnored())
        {
            // The kernel would throw exit codes away.
            _ = LinuxProcessCalls.SetSignal(17, 0);
        }

        LinuxProcessCalls.AdoptOrphans();
    }

    /// <summary>
    /// Starts the first process of the call so that it bears the mark from its first instruction. Children that something else in this program
    /// starts at the same moment get it as well; as long as they stay in our session they are left alone.
    /// </summary>
    public int Start(Func<(int Error, int Id)> spawn)
    {
        lock (s_starting)
        {
            var isMarked = LinuxProcessCalls.TryMark(_mark, out var before);
            try
            {
                var (error, id) = spawn();
                if (error == 0)
                {
                    _leader = id;
                    _born = ProcessTable.Find(id)?.Born ?? 0;
                    _sessions.Add(id);
                    s_leaders[id] = true;
                }

                return error;
            }
            finally
            {
                if (isMarked)
                {
                    _ = LinuxProcessCalls.TryMark(before, out _);
                }
            }
        }
    }

    /// <summary>Starts a program that belongs to no call and bears the mark of none. Its id, or 0 when it could not be; who started it takes it in.</summary>
    public static int StartBeside(Func<(int Error, int Id)> spawn)
    {
        lock (s_starting)
        {
            var isMarked = LinuxProcessCalls.TryMark(Anybody, out var before);
            try
            {
                var (error, id) = spawn();
                if (error == 0)
                {
                    s_leaders[id] = true;
                }

                return error == 0 ? id : 0;
            }
            finally
            {
                if (isMarked)
                {
                    _ = LinuxProcessCalls.TryMark(before, out _);
                }
            }
        }
    }

    /// <summary>A program that was started beside was taken in.</summary>
    public static void EndedBeside(int id) => _ = s_leaders.TryRemove(id, out _);

    public void Reaped()
    {
        _isReaped = true;
        _ = s_leaders.TryRemove(_leader, out _);
        WatchingShell.TakeInAll();
    }

    /// <summary>Whether anything of it still runs. Cheap when this process has adopted nobody.</summary>
    public bool IsAlive()
    {
        if (!_isReaped)
        {
            return true;
        }

        // With the leader gone, whatever is left hangs below one that we adopted.
        if (ProcessTable.ChildrenOfFirstThread() is { } children)
        {
            lock (_lock)
            {
                var rows = children.Where(id => !s_leaders.ContainsKey(id)).ToList().ConvertAll(ProcessTable.Find).OfType<ProcessRow>().ToList();

                // With the first process of a namespace everything in it has ended, so it cannot have handed over to anyone.
                var isLeft = rows.Where(IsOurs).Any(row => !row.IsEnded || !ProcessTable.IsFirstOfNamespace(row.Id));
                TakeInEnded(rows);
                if (!isLeft)
                {
                    return false;
                }
            }
        }

        // An ended orphan may have handed over to another just now, so only the thorough way tells.
        return true;
    }

    /// <summary>Asks, then kills, until nothing is left.</summary>
    public async Task KillAsync()
    {
        if (!IsAlive())
        {
            return;
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var asked = new HashSet<(int, ulong)>();
        var pause = 1;
        for (var empty = 0; empty < EmptyLooks && clock.Elapsed < s_patience;)
        {
            var members = Members();
            empty = members.Count == 0 ? empty + 1 : 0;
            var isGentle = clock.Elapsed < s_gentle;
            foreach (var member in members)
            {
                if (!isGentle)
                {
                    Send(member, LinuxProcessCalls.Kill);
                }
                else if (asked.Add((member.Id, member.Born)))
                {
                    Send(member, LinuxProcessCalls.Terminate);
                    Send(member, LinuxProcessCalls.Continue);
                }
            }

            await Task.Delay(pause);
            pause = members.Count == 0 ? 1 : Math.Min(pause * 2, 20);
        }
    }

    /// <summary>Kills the trees of all calls without a word before, and waits until none is left or a second is over. Who watches over them is left to look once more when we are gone.</summary>
    public static void KillAll()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var empty = 0; empty < EmptyLooks && clock.Elapsed < TimeSpan.FromSeconds(1);)
        {
            var rows = ProcessTable.All();
            var children = rows.Values.ToLookup(row => row.Parent);
            var todo = new Stack<ProcessRow>(children[Environment.ProcessId].Where(child => child.Session != s_ownSession && !WatchingShell.IsOne(child.Id)));
            var running = 0;
            while (todo.TryPop(out var row))
            {
                if (!row.IsEnded)
                {
                    running++;
                    Send(row, LinuxProcessCalls.Kill);
                }

                foreach (var child in children[row.Id])
                {
                    todo.Push(child);
                }
            }

            empty = running == 0 ? empty + 1 : 0;
            Thread.Sleep(1);
        }
    }

    private static bool IsChildSignalIgnored()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("SigIgn:", StringComparison.Ordinal))
            {
                return (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & (1UL << 16)) != 0;
            }
        }

        return false;
    }

    private static void Send(ProcessRow member, int signal)
    {
        var process = LinuxProcessCalls.OpenProcess(member.Id);
        if (process < 0)
        {
            if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == ErrorNumber.NoSuchCall)
            {
                _ = LinuxProcessCalls.SendSignal(member.Id, signal);
            }

            return;
        }

        // The handle is on whoever has the id now; only if that is still the same one may it be hit.
        if (ProcessTable.Find(member.Id)?.Born == member.Born)
        {
            LinuxProcessCalls.Signal(process, signal);
        }

        _ = LinuxProcessCalls.Close(process);
    }

    /// <summary>What runs now. Takes in its ended orphans on the way.</summary>
    private List<ProcessRow> Members()
    {
        var rows = ProcessTable.All();
        var us = Environment.ProcessId;
        var members = new List<ProcessRow>();
        lock (_lock)
        {
            var children = rows.Values.ToLookup(row => row.Parent);
            TakeInEnded(children[us]);
            var todo = new Stack<ProcessRow>(children[us].Where(IsOurs));
            while (todo.TryPop(out var row))
            {
                Remember(row);

                // An ended one that is not ours to take in yet has a parent that is just ending.
                if (!row.IsEnded || row.Parent != us)
                {
                    members.Add(row);
                }

                foreach (var child in children[row.Id])
                {
                    todo.Push(child);
                }
            }
        }

        return members;
    }

    /// <summary>
    /// Ended orphans of any call, and of a Bridle that one of our programs was and that was killed: who watched for it, and what it had started. Children that something
    /// else in this program started carry no mark but one that we inherited ourselves, and are left to it.
    /// </summary>
    private void TakeInEnded(IEnumerable<ProcessRow> children)
    {
        // Under the lock, so that the first process of a call that is just starting is already known as one.
        lock (s_starting)
        {
            foreach (var child in children)
            {
                if (child.IsEnded && child.Session != s_ownSession && !s_leaders.ContainsKey(child.Id)
                    && (IsMarked(child.Id) || IsOurs(child))
                    && ProcessTable.Find(child.Id)?.Born == child.Born)
                {
                    _ = LinuxProcessCalls.Reap(child.Id, wait: false);
                }
            }
        }
    }

    private static bool IsMarked(int id) => ProcessTable.MarkOf(id) is var mark && mark >> MarkBit == 1 && mark != s_inherited;

    private bool IsOurs(ProcessRow child)
    {
        if (child.Id == _leader && !_isReaped)
        {
            return true;
        }

        // The number of a session that ended is given to another call's first process soon where many programs start; that one and what bears its mark are not ours.
        var mark = ProcessTable.MarkOf(child.Id);
        if ((child.Id != _leader && s_leaders.ContainsKey(child.Id)) || (mark != _mark && mark >> 24 == Family))
        {
            return false;
        }

        return child.Born >= _born && child.Session != s_ownSession && (_known.Contains((child.Id, child.Born))
            || _sessions.Contains(child.Session)
            || mark == _mark
            || ProcessTable.EnvironmentHolds(child.Id, Own));
    }

    private void Remember(ProcessRow row)
    {
        _known.Add((row.Id, row.Born));
        _sessions.Add(row.Session);
    }
}
