using System.Runtime.InteropServices;

namespace Bridle.Cli.Terminals;

/// <summary>
/// Whether the program was started without a standard input (<c>&lt;&amp;-</c>). Its number then goes to the first thing that the runtime opens, often a pipe into which nobody
/// ever writes; unlike what was handed over it is marked to be closed for other programs.
/// </summary>
internal static partial class ClosedInput
{
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;

    public static bool IsSo() => !OperatingSystem.IsWindows() && Control(0, GetFlags) is var flags && (flags < 0 || (flags & CloseOnExec) != 0);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);
}
