namespace Bridle.Workspaces;

/// <summary>
/// A shell that waits for this process to end, however it ends, and then kills whatever it had started and still runs. It sees the end by a pipe that nobody else
/// holds open, so <c>kill -9</c> cannot pass it by; it knows our programs by the mark and the variable that each inherits. What changed its user, or took off
/// both, is not found. A shell that was itself killed is taken in and followed by another at the next start; what runs at that moment is then watched again.
/// </summary>
internal static class DeathWatch
{
    private const string Shell = "/bin/sh";

    // $1: our marks without their counter, as a number; $2: the same in hexadecimal, as it stands in the variable. Looked for until three looks found nobody.
    private const string Script = """
        trap '' HUP INT
        read -r never
        empty=0 looks=0
        while [ $empty -lt 3 ] && [ $looks -lt 100 ]; do
          looks=$((looks + 1)) empty=$((empty + 1))
          for hit in $(grep -s '^Max realtime timeout  *[0-9]' /proc/[0-9]*/limits | tr -s ' ' ,) $(grep -sal "[= ]$2[0-9a-f]\{6\}\." /proc/[0-9]*/environ); do
            id=${hit#/proc/} id=${id%%/*}
            case $hit in
              */limits:*) mark=${hit#*timeout,} mark=${mark%%,*}; [ $((mark >> 24)) = "$1" ] || continue ;;
            esac
            kill -9 "$id" 2>/dev/null && empty=0
          done
        done
        """;

    private static readonly Lock s_lock = new();
    private static bool s_isImpossible;
    private static int s_kept = -1;
    private static volatile int s_id;

    /// <summary>The process id of the shell; 0 when there is none.</summary>
    public static int Id => s_id;

    /// <summary>Sees to it that somebody watches; true when somebody does. On the thread that starts programs.</summary>
    public static bool Ensure()
    {
        lock (s_lock)
        {
            TakeInEnded();
            s_isImpossible = s_isImpossible || (s_id == 0 && !Begin());
            return s_id != 0;
        }
    }

    /// <summary>Takes the shell in if it has ended, which it does only when somebody kills it.</summary>
    public static void TakeIn()
    {
        if (s_id != 0)
        {
            lock (s_lock)
            {
                TakeInEnded();
            }
        }
    }

    private static void TakeInEnded()
    {
        if (s_id != 0 && LinuxProcessCalls.Reap(s_id, wait: false) is not null)
        {
            ProcessTree.EndedBeside(s_id);
            s_id = 0;
            _ = LinuxProcessCalls.Close(s_kept);
        }
    }

    private static bool Begin()
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

        var spec = new ProcessSpec("sh", ["-c", Script, "bridle-watch", ProcessTree.Family.ToString(System.Globalization.CultureInfo.InvariantCulture), $"{ProcessTree.Family:x}"], "/") { OnOutput = _ => { } };
        var begun = ProcessTree.StartBeside(() => (PosixSpawn.Start(Shell, spec, Variables(), (read, output, output), out var id), id));
        _ = LinuxProcessCalls.Close(read);
        _ = LinuxProcessCalls.Close(unread);
        _ = LinuxProcessCalls.Close(output);
        if (begun == 0)
        {
            _ = LinuxProcessCalls.Close(kept);
            return false;
        }

        // Kept open for as long as we live, and by us alone.
        (s_kept, s_id) = (kept, begun);
        return true;
    }

    // A Bridle around this one must find it as well.
    private static List<string> Variables() =>
        [.. new[] { "PATH", ChildEnvironment.CallVariable }.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(one => one.Value is not null).Select(one => $"{one.Name}={one.Value}")];
}
