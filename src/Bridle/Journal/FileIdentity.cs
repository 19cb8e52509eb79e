using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Which file stands behind a name, and how it was left: enough to notice that somebody else wrote or replaced it.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long Size, long Modified)
{
    /// <summary>When its content or its name changed last, in nanoseconds: unlike <see cref="Modified"/> a time that nobody can set back. 0 where the system does not tell.</summary>
    public long Changed { get; init; }

    /// <summary>Of the file with this name, or null when there is none.</summary>
    public static FileIdentity? Of(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            return Libc.Statx(Libc.CurrentFolder, path, 0, Libc.BasicStats, out var result) == 0 ? Of(result) : null;
        }

        var info = new FileInfo(path);
        return info.Exists ? new FileIdentity(0, (ulong)info.CreationTimeUtc.Ticks, info.Length, info.LastWriteTimeUtc.Ticks) : null;
    }

    /// <summary>When the file was last written, copied, moved or put here, whatever time it claims: to the second, UTC.</summary>
    public static DateTimeOffset LastTouched(string path)
    {
        if (OperatingSystem.IsLinux() && Libc.Statx(Libc.CurrentFolder, path, 0, Libc.BasicStats, out var result) == 0)
        {
            return DateTimeOffset.FromUnixTimeSeconds(result.ChangedSeconds);
        }

        var (written, made) = (File.GetLastWriteTimeUtc(path), File.GetCreationTimeUtc(path));
        return new DateTimeOffset(written > made ? written : made, TimeSpan.Zero);
    }

    /// <summary>Of an open file.</summary>
    public static FileIdentity? Of(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsLinux())
        {
            return Libc.Statx(file, "", Libc.EmptyPath, Libc.BasicStats, out var result) == 0 ? Of(result) : null;
        }

        return Of(path);
    }

    /// <summary>Whether both are the same file, whatever is in it.</summary>
    public bool IsSameFile(FileIdentity other) => Device == other.Device && Inode == other.Inode;

    private static FileIdentity Of(in Libc.StatxResult result) => new(
        ((ulong)result.DeviceMajor << 32) | result.DeviceMinor,
        result.Inode,
        (long)result.Size,
        (result.ModifiedSeconds * 1_000_000_000) + result.ModifiedNanoseconds)
    {
        Changed = (result.ChangedSeconds * 1_000_000_000) + result.ChangedNanoseconds,
    };
}
