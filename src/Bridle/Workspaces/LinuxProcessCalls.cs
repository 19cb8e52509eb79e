using System.Runtime.InteropServices;

namespace Bridle.Workspaces;

/// <summary>The calls of the C library that processes need and .NET does not offer: a session of its own, exact signals, waiting on several things.</summary>
internal static unsafe partial class LinuxProcessCalls
{
    public const int Terminate = 15;
    public const int Kill = 9;
    public const int Continue = 18;

    public const short Readable = 1;
    public const short Writable = 4;
    /// <summary>For <see cref="Access"/>.</summary>
    public const int MayRead = 4;

    /// <summary>The same: to change it.</summary>
    public const int MayWrite = 2;

    /// <summary>The same: to run a file, or to go through a folder.</summary>
    public const int MayEnter = 1;

    private const string C = "libc";
    private const long PidFdOpenNumber = 434;
    private const long PidFdSendSignalNumber = 424;
    private const int ChildSubreaper = 36;
    private const int RealtimeLimit = 15;
    private const int CloseOnExec = 0x80000;
    private const int DuplicateFdCloseOnExec = 1030;
    private const int LowestLifted = 64;
    private const nuint BytesWaiting = 0x541B;
    private const int HandleOfProcess = 3;
    private const int AtOnce = 1;
    private const int Ended = 4;
    private const ulong Unlimited = ulong.MaxValue;

    /// <summary>A pipe whose two ends no program inherits by accident; the error number, or 0.</summary>
    public static int MakePipe(out int read, out int write)
    {
        var ends = stackalloc int[2];
        var error = Pipe(ends, CloseOnExec) < 0 ? Marshal.GetLastPInvokeError() : 0;
        (read, write) = (ends[0], ends[1]);
        return error;
    }

    /// <summary>A handle on a process, readable once it has ended; -1 when the kernel has none or the process is gone.</summary>
    public static int OpenProcess(int id) => (int)SystemCall(PidFdOpenNumber, id, 0, 0, 0);

    /// <summary>A signal to exactly the process of that handle.</summary>
    public static void Signal(int process, int signal) => _ = SystemCall(PidFdSendSignalNumber, process, signal, 0, 0);

    /// <summary>Orphans of what we started become our children instead of init's.</summary>
    public static void AdoptOrphans() => _ = ProcessControl(ChildSubreaper, 1, 0, 0, 0);

    /// <summary>Takes in an ended child. Its exit code (128 + signal); null while it runs; 255 when somebody else took it in.</summary>
    public static int? Reap(int id, bool wait)
    {
        int status;
        int reaped;
        do
        {
            reaped = WaitFor(id, &status, wait ? 0 : 1);
        }
        while (reaped < 0 && Marshal.GetLastPInvokeError() == ErrorNumber.Interrupted);

        if (reaped == 0)
        {
            return null;
        }

        return reaped < 0 ? 255 : (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
    }

    /// <summary>Takes in the ended child of that handle, if it has ended and is ours to take in.</summary>
    public static void ReapHandle(int process) => _ = WaitForHandle(HandleOfProcess, process, null, Ended | AtOnce);

    /// <summary>
    /// Sets the soft limit on real-time work of this process; false when it cannot be set to that. A number that nothing ever reaches serves as
    /// a mark: every descendant inherits it, and unlike the environment it is not emptied by <c>env -i</c>.
    /// </summary>
    public static bool TryMark(ulong mark, out ulong before)
    {
        var limits = stackalloc ulong[2];
        before = 0;
        if (ProcessLimit(0, RealtimeLimit, null, limits) < 0 || limits[1] != Unlimited)
        {
            return false;
        }

        before = limits[0];
        limits[0] = mark;
        return ProcessLimit(0, RealtimeLimit, limits, null) == 0;
    }

    /// <summary>Lowers a limit of another process, and what it starts from then on; never above what it may have. The error number, or 0.</summary>
    public static int Limit(int id, int resource, ulong most)
    {
        var limits = stackalloc ulong[2];
        if (ProcessLimit(id, resource, null, limits) < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        limits[1] = Math.Min(limits[1], most);
        limits[0] = Math.Min(limits[0], limits[1]);
        return ProcessLimit(id, resource, limits, null) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>A copy of a descriptor that no program inherits by accident and whose number is none of the first few; -1 on failure.</summary>
    public static int Lift(int descriptor) => Control(descriptor, DuplicateFdCloseOnExec, LowestLifted);

    /// <summary>Writes all of it; false when the other end is gone.</summary>
    public static bool WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes)
            {
                written = Write(descriptor, start, (nuint)bytes.Length);
            }

            if (written < 0 && Marshal.GetLastPInvokeError() != ErrorNumber.Interrupted)
            {
                return false;
            }

            bytes = bytes[(int)Math.Max(0, written)..];
        }

        return true;
    }

    /// <summary>How many bytes wait in a pipe.</summary>
    public static int Waiting(int descriptor)
    {
        int count;
        return DeviceControl(descriptor, BytesWaiting, &count) < 0 ? 0 : count;
    }

    [LibraryImport(C, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport(C, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(C, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport(C, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(C, EntryPoint = "kill", SetLastError = true)]
    public static partial int SendSignal(int id, int signal);

    /// <summary>Sets a signal's disposition: 0 is the default one.</summary>
    [LibraryImport(C, EntryPoint = "signal")]
    public static partial nint SetSignal(int signal, nint disposition);

    [LibraryImport(C, EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport(C, EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe(int* ends, int flags);

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long first, long second, long third, long fourth);

    [LibraryImport(C, EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(C, EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitFor(int id, int* status, int options);

    [LibraryImport(C, EntryPoint = "waitid")]
    private static partial int WaitForHandle(int kind, int process, void* told, int options);

    [LibraryImport(C, EntryPoint = "prlimit", SetLastError = true)]
    private static partial int ProcessLimit(int id, int resource, ulong* set, ulong* old);

    [LibraryImport(C, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int DeviceControl(int descriptor, nuint request, int* value);
}

/// <summary>The kernel's <c>struct pollfd</c>.</summary>
internal struct PollEntry
{
    public int Descriptor;
    public short Wanted;
    public short Got;
}
