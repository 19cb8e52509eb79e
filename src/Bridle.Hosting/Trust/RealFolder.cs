using System.Runtime.InteropServices;

namespace Bridle.Hosting.Trust;

/// <summary>A folder as it really is: its path without links, and which folder on the disk stands behind it.</summary>
/// <param name="Path">The path without links.</param>
/// <param name="Identity">Differs when another folder takes the place of this one; empty where the platform does not tell.</param>
internal sealed partial record RealFolder(string Path, string Identity)
{
    private const int CurrentFolder = -100;
    private const uint BasicStatsAndBirth = 0xfff;

    /// <summary>The folder behind a path, or null when there is none.</summary>
    public static RealFolder? Of(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(full))
        {
            return null;
        }

        if (OperatingSystem.IsWindows())
        {
            var target = new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
            return new(target, Directory.GetCreationTimeUtc(target).Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return Resolve(full) is { } real ? new(real, IdentityOf(real)) : null;
    }

    /// <summary>The root of the repository that the folder lies in, or null.</summary>
    public string? Repository()
    {
        for (var at = new DirectoryInfo(Path); at is not null; at = at.Parent)
        {
            var git = System.IO.Path.Combine(at.FullName, ".git");
            if (Directory.Exists(git) || File.Exists(git))
            {
                return at.FullName;
            }
        }

        return null;
    }

    /// <summary>The path of a file or folder without links, or null when there is none.</summary>
    public static string? Resolve(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.Exists(path) ? new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? System.IO.Path.GetFullPath(path) : null;
        }

        var pointer = RealPath(path, 0);
        if (pointer == 0)
        {
            return null;
        }

        try
        {
            return Marshal.PtrToStringUTF8(pointer);
        }
        finally
        {
            Free(pointer);
        }
    }

    private static string IdentityOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Directory.GetCreationTimeUtc(path).Ticks}");
        }

        return Statx(CurrentFolder, path, 0, BasicStatsAndBirth, out var found) == 0
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{found.DeviceMajor}:{found.DeviceMinor}:{found.Inode}:{found.BornSeconds}.{found.BornNanoseconds}")
            : "";
    }

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint into);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint pointer);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out StatxResult result);

    /// <summary>The kernel's struct statx, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxResult
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(80)]
        public long BornSeconds;

        [FieldOffset(88)]
        public uint BornNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
