using System.Text;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>A program in the sandbox. What the launcher says before the program begins is kept apart; what was planted is put right before the end is told.</summary>
internal sealed class ConfinedProcess(Action<OutputChunk> deliver, Protection protection) : IRunningProcess
{
    /// <summary>The exit code of a program that ended well and had planted something.</summary>
    private const int Planted = 125;
    private const int NotRun = 126;
    private const int KilledBySignal = 128;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly StringBuilder _launcher = new();
    private readonly object _lock = new();
    private IRunningProcess? _process;
    private int _status = -1;
    private bool _hasBegun;
    private bool _isAbandoned;
    private int _ended;

    /// <summary>Limits how many processes it has, or null.</summary>
    public ProcessCount? Count { get; set; }

    public int Id => _process!.Id;

    public Task<int> Exit => _process!.Exit;

    public Task KillAsync() => _process!.KillAsync();

    public ValueTask DisposeAsync() => _process!.DisposeAsync();

    /// <summary>The launcher runs.</summary>
    public void Follow(IRunningProcess process) => _process = process;

    /// <summary>The program is about to begin. The launcher says through <paramref name="status"/> how it ended, if it ever began.</summary>
    public void Begin(int status)
    {
        lock (_lock)
        {
            (_hasBegun, _status) = (true, status);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>
    /// The first process inside, by a handle on it that is this one's from now on, or -1. When it has ended nothing inside runs any more; the launcher ends a moment before it.
    /// </summary>
    public int First { get; set; } = -1;

    /// <summary>Why the launcher ended before the program began.</summary>
    public string WhyNotStarted()
    {
        GiveUp();
        _ = _process!.Exit.Wait(s_patience);
        lock (_lock)
        {
            var said = _launcher.ToString().Trim();
            return said.StartsWith("bwrap: ", StringComparison.Ordinal) ? said["bwrap: ".Length..] : said.Length > 0 ? said : "bubblewrap ended without a word";
        }
    }

    /// <summary>It will not begin.</summary>
    public void Abandon()
    {
        GiveUp();

        // Killed before what it waits for is closed: it must not begin after all.
        if (_process is not null)
        {
            _process.KillAsync().GetAwaiter().GetResult();
        }

        CleanUp();
    }

    /// <summary>Takes output.</summary>
    public void Take(OutputChunk chunk)
    {
        lock (_lock)
        {
            if (!_hasBegun)
            {
                _launcher.Append(_launcher.Length < 4000 ? Encoding.UTF8.GetString(chunk.Bytes.Span) : "");
                return;
            }
        }

        deliver(chunk);
    }

    /// <summary>The launcher has ended, with that code: looks after what it left, and gives the code to tell. On the thread that follows it.</summary>
    public int AtEnd(int code)
    {
        if (!HasBegun())
        {
            return code;
        }

        try
        {
            AwaitFirst();
            var said = LauncherPipes.TakeRest(_status);
            if (code < KilledBySignal && !said.Contains("exit-code", StringComparison.Ordinal))
            {
                deliver(new OutputChunk("\n[The sandbox could not be set up; the command did not run.]\n"u8.ToArray(), IsError: true));
                code = NotRun;
            }

            if (protection.Check() is { } wrong)
            {
                deliver(new OutputChunk(Encoding.UTF8.GetBytes($"\n[The sandbox failed this command: {wrong}.]\n"), IsError: true));
                code = code == 0 ? Planted : code;
            }

            return code;
        }
        finally
        {
            CleanUp();
        }
    }

    // The launcher may end before who started it has settled whether the program begins.
    private bool HasBegun()
    {
        lock (_lock)
        {
            while (!_hasBegun && !_isAbandoned)
            {
                Monitor.Wait(_lock);
            }

            return _hasBegun;
        }
    }

    private void GiveUp()
    {
        lock (_lock)
        {
            _isAbandoned = true;
            Monitor.PulseAll(_lock);
        }
    }

    private unsafe void AwaitFirst()
    {
        if (First >= 0)
        {
            var entry = new PollEntry { Descriptor = First, Wanted = LinuxProcessCalls.Readable };
            _ = LinuxProcessCalls.Poll(&entry, 1, (int)s_patience.TotalMilliseconds);

            // It came to us when the launcher ended. Taken in here, nobody has to find out from the process table what it was.
            LinuxProcessCalls.ReapHandle(First);
        }
    }

    private void CleanUp()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            if (First >= 0)
            {
                _ = LinuxProcessCalls.Close(First);
            }

            Count?.Dispose();
            protection.Dispose();
        }
    }
}
