using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Workspaces;

/// <summary>The calls of the C library that files need and .NET does not offer: everything relative to an open folder.</summary>
internal static unsafe partial class LinuxCalls
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public const ulong Beneath = 0x08;
    public const ulong NoSymlinks = 0x04;
    public const ulong NoMagicLinks = 0x02;

    /// <summary>For <see cref="Lock"/>: together with others, or alone; in no case waiting.</summary>
    public const int LockTogether = 1 | 4;

    /// <summary>The same: alone.</summary>
    public const int LockAlone = 2 | 4;

    private const string C = "libc";

    // Where an absolute path needs no folder (AT_FDCWD).
    private static readonly SafeFileHandle s_anywhere = new(-100, ownsHandle: false);
    private const long OpenAt2Number = 437;
    private const int RemoveFolderFlag = 0x200;
    private const int EmptyPath = 0x1000;
    private const int NoFollowAt = 0x100;
    private const uint BasicStatistics = 0x7ff;

    // renameat2 and getdents64.
    private static readonly int s_move = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 276 : 316;
    private static readonly int s_readFolder = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 61 : 217;

    /// <summary>Whether the constants and layouts here are true on this machine.</summary>
    public static bool Known { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>O_DIRECTORY, which differs between processors.</summary>
    public static int Directory { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW, which differs between processors.</summary>
    public static int NoFollow { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>openat2, repeated when a rename anywhere in the tree made the kernel give up. Null and the error when it failed.</summary>
    public static SafeFileHandle? OpenProved(SafeFileHandle folder, string path, int flags, uint mode, ulong resolve, out int error)
    {
        var how = new OpenHow { Flags = (uint)(flags | CloseOnExec), Mode = mode, Resolve = resolve };
        fixed (byte* name = Terminated(path))
        {
            for (var attempt = 0; ; attempt++)
            {
                var opened = OpenAt2(OpenAt2Number, folder, name, &how, (nuint)sizeof(OpenHow));
                error = opened < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (opened >= 0)
                {
                    return new SafeFileHandle((nint)opened, ownsHandle: true);
                }

                if ((error != ErrorNumber.Again && error != ErrorNumber.Interrupted) || attempt == 32)
                {
                    return null;
                }
            }
        }
    }

    /// <summary>openat without proof; the caller proves.</summary>
    public static SafeFileHandle? Open(SafeFileHandle folder, string path, int flags, uint mode, out int error)
    {
        int opened;
        do
        {
            opened = OpenAt(folder, path, flags | CloseOnExec, mode);
            error = opened < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        while (error == ErrorNumber.Interrupted);
        return opened < 0 ? null : new SafeFileHandle(opened, ownsHandle: true);
    }

    /// <summary>The same for an absolute path.</summary>
    public static SafeFileHandle? Open(string path, int flags, uint mode, out int error) => Open(s_anywhere, path, flags, mode, out error);

    /// <summary>Makes a folder at an absolute path; the error number, or 0.</summary>
    public static int MakeFolder(string path, uint mode) => MakeFolder(s_anywhere, path, mode) < 0 ? Marshal.GetLastPInvokeError() : 0;

    /// <summary>Removes the folder at an absolute path, if it is empty; the error number, or 0.</summary>
    public static int RemoveFolder(string path) => Remove(s_anywhere, path, RemoveFolderFlag) < 0 ? Marshal.GetLastPInvokeError() : 0;

    /// <summary>What an open handle stands for.</summary>
    public static int Stat(SafeFileHandle handle, out LinuxStat stat) => Stat(handle, [0], EmptyPath, out stat);

    /// <summary>What a name in a folder stands for; a link is not followed.</summary>
    public static int StatName(SafeFileHandle folder, ReadOnlySpan<byte> terminatedName, out LinuxStat stat) =>
        Stat(folder, terminatedName, NoFollowAt, out stat);

    /// <summary>What an absolute path stands for; a link in its last part is not followed. The error number, or 0.</summary>
    public static int StatPath(string path, out LinuxStat stat)
    {
        stat = default;
        Span<byte> room = stackalloc byte[512];
        var name = Encoding.UTF8.TryGetBytes(path, room[..^1], out var length) ? room[..(length + 1)] : Terminated(path);
        name[^1] = 0;
        fixed (LinuxStat* target = &stat)
        fixed (byte* start = name)
        {
            return StatX(-100, start, NoFollowAt, BasicStatistics, target) < 0 ? Marshal.GetLastPInvokeError() : 0; // AT_FDCWD
        }
    }

    /// <summary>The text of a link, or null. Follows no links in the last part.</summary>
    public static string? ReadLink(string path)
    {
        var buffer = stackalloc byte[4096];
        var length = ReadLink(path, buffer, 4096);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
    }

    /// <summary>Names in a folder as bytes with a zero at the end, without <c>.</c> and <c>..</c>, in no order. The handle must be open for reading.</summary>
    public static List<byte[]>? Names(SafeFileHandle folder, out int error) => Entries(folder, out error)?.ConvertAll(entry => entry.Name);

    /// <summary>The same with what each is, as far as the folder itself knows: 4 a folder, 10 a link, 0 not known.</summary>
    public static List<(byte[] Name, byte Type)>? Entries(SafeFileHandle folder, out int error)
    {
        // The stream owns what it is given, so it gets a handle of its own.
        var copy = OpenAt(folder, ".", Directory | CloseOnExec, 0);
        var stream = copy < 0 ? 0 : OpenStream(copy);
        if (stream == 0)
        {
            error = Marshal.GetLastPInvokeError();
            if (copy >= 0)
            {
                _ = Close(copy);
            }

            return null;
        }

        var names = new List<(byte[] Name, byte Type)>();
        try
        {
            // struct dirent on 64 bits: inode 8, offset 8, length 2, type 1, name.
            for (var entry = ReadEntry(stream); entry != null; entry = ReadEntry(stream))
            {
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19);
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add(([.. name, 0], entry[18]));
                }
            }
        }
        finally
        {
            _ = CloseStream(stream);
        }

        error = 0;
        return names;
    }

    /// <summary>Whether it is an open folder with nothing in it. Cheaper than a list of it.</summary>
    public static bool IsEmptyFolder(SafeFileHandle folder)
    {
        // Its first two entries are itself and what is around it, 24 bytes each; a third one fits as well.
        var buffer = stackalloc byte[512];
        return Seek(folder, 0, 0) == 0 && ReadFolder(s_readFolder, folder, buffer, 512) is > 0 and <= 48;
    }

    /// <summary>Moves what is at one path to another one, unless something is there; the error number, or 0.</summary>
    public static int MoveToNothing(string from, string to) =>
        MoveWithoutReplacing(s_move, s_anywhere, Terminated(from), s_anywhere, Terminated(to), 1) < 0 ? Marshal.GetLastPInvokeError() : 0;

    /// <summary>Moves what is at one path to another one, whatever it is: a link is moved itself. The error number, or 0.</summary>
    public static int Move(string from, string to) => Rename(s_anywhere, from, s_anywhere, to) < 0 ? Marshal.GetLastPInvokeError() : 0;

    /// <summary>Writes all of it; the error number, or 0.</summary>
    public static int WriteAll(SafeFileHandle file, ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            for (var at = 0; at < content.Length;)
            {
                var written = Write(file, start + at, (nuint)(content.Length - at));
                if (written >= 0)
                {
                    at += (int)written;
                }
                else if (Marshal.GetLastPInvokeError() is var error && error != ErrorNumber.Interrupted)
                {
                    return error;
                }
            }
        }

        return 0;
    }

    /// <summary>The path as bytes with a zero at the end.</summary>
    public static byte[] Terminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    [LibraryImport(C, EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolder(SafeFileHandle folder, string name, uint mode);

    [LibraryImport(C, EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(SafeFileHandle fromFolder, string from, SafeFileHandle toFolder, string to);

    [LibraryImport(C, EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Remove(SafeFileHandle folder, string name, int flags);

    [LibraryImport(C, EntryPoint = "faccessat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(SafeFileHandle folder, string name, int mode, int flags);

    [LibraryImport(C, EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(SafeFileHandle file, uint mode);

    [LibraryImport(C, EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    /// <summary>A lock that ends when the handle is closed or its process ends, however it ends.</summary>
    [LibraryImport(C, EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport(C, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, int command, int value);

    private static int Stat(SafeFileHandle folder, ReadOnlySpan<byte> terminatedName, int flags, out LinuxStat stat)
    {
        stat = default;
        fixed (LinuxStat* target = &stat)
        fixed (byte* name = terminatedName)
        {
            return StatX(folder, name, flags, BasicStatistics, target) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial long OpenAt2(long number, SafeFileHandle folder, byte* path, OpenHow* how, nuint size);

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial long MoveWithoutReplacing(long number, SafeFileHandle fromFolder, byte[] from, SafeFileHandle toFolder, byte[] to, long flags);

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial long ReadFolder(long number, SafeFileHandle folder, byte* entries, nuint size);

    [LibraryImport(C, EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long to, int from);

    [LibraryImport(C, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(SafeFileHandle folder, string path, int flags, uint mode);

    [LibraryImport(C, EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(SafeFileHandle folder, byte* path, int flags, uint mask, LinuxStat* result);

    [LibraryImport(C, EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(int folder, byte* path, int flags, uint mask, LinuxStat* result);

    [LibraryImport(C, EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, byte* buffer, nuint size);

    [LibraryImport(C, EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, byte* bytes, nuint count);

    [LibraryImport(C, EntryPoint = "fdopendir", SetLastError = true)]
    private static partial nint OpenStream(int descriptor);

    [LibraryImport(C, EntryPoint = "readdir")]
    private static partial byte* ReadEntry(nint stream);

    [LibraryImport(C, EntryPoint = "closedir")]
    private static partial int CloseStream(nint stream);

    [LibraryImport(C, EntryPoint = "close")]
    private static partial int Close(int descriptor);

    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
