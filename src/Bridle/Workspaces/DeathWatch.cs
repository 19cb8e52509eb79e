namespace Bridle.Workspaces;

/// <summary>
/// Waits for this process to end, however it ends, and then kills whatever it had started and still runs. It knows our programs by the mark and the variable that each
/// inherits. What changed its user, or took off both, is not found.
/// </summary>
internal static class DeathWatch
{
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

    private static readonly WatchingShell s_shell = new(Script, [ProcessTree.Family.ToString(System.Globalization.CultureInfo.InvariantCulture), $"{ProcessTree.Family:x}"], Variables());

    /// <summary>The process id of the shell; 0 when there is none.</summary>
    public static int Id => s_shell.Id;

    /// <summary>Sees to it that somebody watches; true when somebody does. On the thread that starts programs.</summary>
    public static bool Ensure() => s_shell.Ensure(out _);

    // A Bridle around this one must find it as well.
    private static List<string> Variables() =>
        [.. new[] { "PATH", ChildEnvironment.CallVariable }.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(one => one.Value is not null).Select(one => $"{one.Name}={one.Value}")];
}
