namespace Bridle.Workspaces;

/// <summary>
/// A shell that outlives this process for a moment. It sees our end by a pipe that nobody else holds open, so <c>kill -9</c> cannot pass it by, and does then what its
/// script says after the last line was read. One that is itself killed is taken in, and followed by another at the next start. Linux only. Safe to use concurrently.
/// </summary>
internal sealed class WatchingShell
{
    private const string Shell = "/bin/sh";
    private static readonly List<WatchingShell> s_all = [];
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<string> _arguments;
    private readonly List<string> _variables;
    private bool _isImpossible;
    private int _kept = -1;
    private volatile int _id;

    /// <summary>With its script, what the script gets as <c>$1</c> and so on, and its environment. Starts nothing yet.</summary>
    public WatchingShell(string script, IEnumerable<string> arguments, IEnumerable<string> variables)
    {
        (_arguments, _variables) = (["-c", script, "bridle-watch", .. arguments], [.. variables]);
        lock (s_all)
        {
            s_all.Add(this);
        }
    }

    /// <summary>Its process id; 0 when it does not run.</summary>
    public int Id => _id;

    /// <summary>Whether that process is one of these.</summary>
    public static bool IsOne(int id)
    {
        lock (s_all)
        {
            return s_all.Exists(shell => shell._id == id);
        }
    }

    /// <summary>Takes in those that have ended, which they do only when somebody kills them.</summary>
    public static void TakeInAll()
    {
        lock (s_all)
        {
            foreach (var shell in s_all.Where(shell => shell._id != 0))
            {
                lock (shell._lock)
                {
                    shell.TakeInEnded();
                }
            }
        }
    }

    /// <summary>Sees to it that it runs. True when it does; <paramref name="isNew"/> when it has just been started and knows nothing of what its predecessor was told.</summary>
    public bool Ensure(out bool isNew)
    {
        lock (_lock)
        {
            TakeInEnded();
            isNew = _id == 0 && !_isImpossible;
            _isImpossible = _isImpossible || (isNew && !Begin());
            return _id != 0;
        }
    }

    /// <summary>Gives it a line to read; false when it does not run.</summary>
    public bool Tell(string line)
    {
        lock (_lock)
        {
            return _id != 0 && LinuxProcessCalls.WriteAll(_kept, System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        }
    }

    private void TakeInEnded()
    {
        if (_id != 0 && LinuxProcessCalls.Reap(_id, wait: false) is not null)
        {
            ProcessTree.EndedBeside(_id);
            _id = 0;
            _ = LinuxProcessCalls.Close(_kept);
        }
    }

    private bool Begin()
    {
        if (!File.Exists(Shell) || LinuxProcessCalls.MakePipe(out var read, out var kept) != 0)
        {
            return false;
        }

        if (LinuxProcessCalls.MakePipe(out var unread, out var output) != 0)
        {
            _ = LinuxProcessCalls.Close(read);
            _ = LinuxProcessCalls.Close(kept);
            return false;
        }

        var spec = new ProcessSpec("sh", _arguments, "/") { OnOutput = _ => { } };
        var begun = ProcessTree.StartBeside(() => (PosixSpawn.Start(Shell, spec, _variables, (read, output, output), out var id), id));
        _ = LinuxProcessCalls.Close(read);
        _ = LinuxProcessCalls.Close(unread);
        _ = LinuxProcessCalls.Close(output);
        if (begun == 0)
        {
            _ = LinuxProcessCalls.Close(kept);
            return false;
        }

        // Kept open for as long as we live, and by us alone.
        (_kept, _id) = (kept, begun);
        return true;
    }
}
