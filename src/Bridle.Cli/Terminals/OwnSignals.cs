using System.Runtime.InteropServices;

namespace Bridle.Cli.Terminals;

/// <summary>What a key at a terminal does to the programs that run there.</summary>
internal enum OwnSignal
{
    /// <summary>Ctrl+C.</summary>
    Interrupt,

    /// <summary>Ctrl+\.</summary>
    Quit,

    /// <summary>Ctrl+Z.</summary>
    Stop,
}

/// <summary>Sends this process what its terminal would. Not for Windows.</summary>
internal static partial class OwnSignals
{
    /// <summary>Sends it to the whole group of this process, as the terminal does.</summary>
    public static void Send(OwnSignal signal) => _ = Kill(0, signal switch { OwnSignal.Interrupt => 2, OwnSignal.Quit => 3, _ => OperatingSystem.IsLinux() ? 20 : 18 });

    /// <summary>Stops this process, whatever it does about signals, until it is told to go on.</summary>
    public static void Halt() => _ = Kill(Environment.ProcessId, OperatingSystem.IsLinux() ? 19 : 17);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
