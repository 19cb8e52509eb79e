using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// Tells whether the names in a folder are still those that were read. The kernel writes down when a folder last changed, which no program can set back. That time has its grain, so a
/// folder that changed a moment before it was read says nothing: something may have come in since, at the same time by that clock. Only for file systems of this machine, whose
/// clock is ours; elsewhere nothing can be told.
/// </summary>
/// <param name="root">The folder that all of them lie in.</param>
/// <param name="time">The clock of this machine.</param>
internal sealed class FolderStamps(string root, TimeProvider time)
{
    // The coarsest grain of those file systems is a second.
    private const long SettledSeconds = 3;
    private static readonly string[] s_local = ["ext", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "tmpfs", "overlay"];

    private readonly LinuxStat? _root = IsLocal(root) && LinuxCalls.StatPath(root, out var stat) == 0 ? stat : null;

    /// <summary>What the folder is now, or null where that cannot be told; and whether what is read from now on can be remembered by it.</summary>
    public (FolderStamp? Stamp, bool Settled) Of(string folder)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return _root is { } known && LinuxCalls.StatPath(folder, out var stat) == 0 && stat.Kind is FileKind.Directory && stat.DeviceMajor == known.DeviceMajor && stat.DeviceMinor == known.DeviceMinor
            ? (new(stat.Inode, stat.ChangedSeconds, stat.ChangedNanoseconds, stat.ModifiedSeconds, stat.ModifiedNanoseconds), now - stat.ChangedSeconds > SettledSeconds)
            : (null, false);
    }

    /// <summary>Whether a file or folder lies in a file system of this machine.</summary>
    public static bool IsLocal(string folder)
    {
        try
        {
            return LinuxCalls.Known && new DriveInfo(folder).DriveFormat is var format && s_local.Any(local => format.StartsWith(local, StringComparison.Ordinal));
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>What the kernel says of a folder: another one, or one that changed, says something else.</summary>
internal sealed record FolderStamp(ulong Inode, long ChangedSeconds, uint ChangedNanoseconds, long ModifiedSeconds, uint ModifiedNanoseconds);
