using System.Runtime.InteropServices;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>The kernel's calls for Landlock (444 to 446 on every processor) and what goes with them. What restricts does so to the calling thread and what it starts.</summary>
internal static unsafe partial class LandlockCalls
{
    /// <summary>From this version on a file outside cannot be cut off either.</summary>
    public const int LeastVersion = 3;

    /// <summary>From this version on signals can be kept in.</summary>
    public const int SignalVersion = 6;

    private const string C = "libc";
    private const long CreateNumber = 444;
    private const long AddNumber = 445;
    private const long RestrictNumber = 446;
    private const int AskVersion = 1;
    private const int AskErrata = 2;
    private const int PathBeneath = 1;
    private const int NoNewPrivileges = 38;
    private const int SystemCallFilterOption = 22;
    private const nuint FilterMode = 2;
    private const uint CapabilityVersion = 0x20080522;

    // Threads of one program may signal each other whatever confines them: without this the runtime could not stop our own thread.
    private const long SignalErratum = 1 << 1;

    /// <summary>Which version the kernel has; 0 when it has none or it is switched off.</summary>
    public static int Version { get; } = LinuxCalls.Known ? (int)Math.Max(0, Call(CreateNumber, 0, 0, AskVersion, 0)) : 0;

    /// <summary>Whether signals to other processes can be kept in without harm to ourselves.</summary>
    public static bool KeepsSignals { get; } = Version >= SignalVersion && (Call(CreateNumber, 0, 0, AskErrata, 0) & SignalErratum) != 0;

    /// <summary>An empty set of rules that handles these rights; the descriptor, or -1.</summary>
    public static int Create(ulong files, ulong ports, ulong scopes)
    {
        var attributes = stackalloc ulong[] { files, ports, scopes };
        return (int)Call(CreateNumber, (nint)attributes, 3 * sizeof(ulong), 0, 0);
    }

    /// <summary>Grants rights on a file or on all in a folder. A path that is gone, or that is a link, is passed over; false when the kernel refused the rule.</summary>
    public static bool Grant(int rules, string path, ulong rights)
    {
        var descriptor = Open(path, LinuxCalls.PathOnly | LinuxCalls.NoFollow | LinuxCalls.CloseOnExec);
        if (descriptor < 0)
        {
            return true;
        }

        var rule = new Rule { Allowed = rights, Descriptor = descriptor };
        var failed = Call(AddNumber, rules, PathBeneath, (nint)(&rule), 0) < 0;
        _ = LinuxProcessCalls.Close(descriptor);
        return !failed;
    }

    /// <summary>Restricts this thread for ever, with all it starts: no new rights, no capabilities, these rules and this filter. The step that failed, or null.</summary>
    public static string? RestrictThisThread(int rules, ReadOnlySpan<byte> filter)
    {
        if (Control(NoNewPrivileges, 1, 0, 0, 0) != 0)
        {
            return "no_new_privs cannot be set";
        }

        if (Call(RestrictNumber, rules, 0, 0, 0) != 0)
        {
            return $"Landlock refused ({ErrorNumber.Text(Marshal.GetLastPInvokeError())})";
        }

        var header = stackalloc uint[] { CapabilityVersion, 0 };
        var none = stackalloc uint[] { 0, 0, 0, 0, 0, 0 };
        if (Call(RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? 91 : 126, (nint)header, (nint)none, 0, 0) != 0)
        {
            return "capabilities cannot be dropped";
        }

        fixed (byte* code = filter)
        {
            var program = new Filter { Length = (ushort)(filter.Length / 8), Code = code };
            return Control(SystemCallFilterOption, FilterMode, (nuint)(&program), 0, 0) == 0 ? null : "the system call filter cannot be set";
        }
    }

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial long Call(long number, nint first, nint second, nint third, nint fourth);

    [LibraryImport(C, EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(C, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Rule
    {
        public ulong Allowed;
        public int Descriptor;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Filter
    {
        public ushort Length;
        public byte* Code;
    }
}
