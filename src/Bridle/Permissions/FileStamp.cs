using System.Collections.Concurrent;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>What the kernel says of a file that was read: another one, or one that changed, says something else, and no program can set that time back.</summary>
internal readonly record struct FileStamp(ulong Inode, uint DeviceMajor, uint DeviceMinor, long ChangedSeconds, uint ChangedNanoseconds, ulong Length);

/// <summary>
/// Remembers what was made of files until they change. Only for file systems of this machine, whose clock is ours, and for files that did not change a moment ago: a time has its
/// grain. Safe to use concurrently.
/// </summary>
internal sealed class ReadFiles<T>
{
    // The coarsest grain of those file systems is a second.
    private const long SettledSeconds = 3;
    private const int Most = 2_048;

    private static readonly ConcurrentDictionary<(uint Major, uint Minor), bool> s_devices = new();
    private readonly ConcurrentDictionary<string, (FileStamp Stamp, T Made)> _known = new(StringComparer.Ordinal);

    /// <summary>What the file at a real path comes to; made anew where that is not known.</summary>
    public T Of(string path, IFiles door, Func<T> make)
    {
        // Before it is read: what changes meanwhile is seen at the next look.
        if (door is not LocalFiles || !LinuxCalls.Known || LinuxCalls.StatPath(path, out var stat) != 0 || stat.Kind is not FileKind.File)
        {
            return make();
        }

        var stamp = new FileStamp(stat.Inode, stat.DeviceMajor, stat.DeviceMinor, stat.ChangedSeconds, stat.ChangedNanoseconds, stat.Length);
        if (_known.TryGetValue(path, out var known) && known.Stamp == stamp)
        {
            return known.Made;
        }

        var made = make();
        if (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - stat.ChangedSeconds > SettledSeconds && s_devices.GetOrAdd((stat.DeviceMajor, stat.DeviceMinor), static (_, file) => FolderStamps.IsLocal(file), path))
        {
            if (_known.Count >= Most)
            {
                _known.Clear();
            }

            _known[path] = (stamp, made);
        }

        return made;
    }
}
