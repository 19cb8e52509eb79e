using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Workspaces;

/// <summary>
/// A file or folder that several programs use at once, each holding a lock on it. The system takes the lock from a program that ends, however it ends: who gets
/// <see cref="TryAlone"/> knows that nobody else uses it and may remove it. Linux only. Where the disk knows no locks, nobody is known of.
/// </summary>
internal sealed class PathHold : IDisposable
{
    private readonly SafeFileHandle _file;

    private PathHold(SafeFileHandle file) => _file = file;

    /// <summary>Holds what is at that path together with others. Null when there is nothing, or somebody is just removing it: <paramref name="error"/> is then the number, or 0 for the latter.</summary>
    public static PathHold? Together(string path, out int error)
    {
        if (LinuxCalls.Open(path, LinuxCalls.ReadOnly | LinuxCalls.NoFollow | LinuxCalls.NonBlocking, 0, out error) is not { } file)
        {
            return null;
        }

        // Whoever removes it does so under the lock. So once we have ours it is still there, or it never was what is there now.
        var isHeld = LinuxCalls.Lock(file, LinuxCalls.LockTogether) == 0 || Marshal.GetLastPInvokeError() != ErrorNumber.Again;
        var hold = new PathHold(file);
        if (isHeld && hold.IsStillAt(path))
        {
            return hold;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Whether nobody else holds it. Either way the shared lock is gone then, so dispose it next.</summary>
    public bool TryAlone() => LinuxCalls.Lock(_file, LinuxCalls.LockAlone) == 0 || Marshal.GetLastPInvokeError() != ErrorNumber.Again;

    /// <summary>After <see cref="TryAlone"/>: held together with others again.</summary>
    public void ShareAgain() => _ = LinuxCalls.Lock(_file, LinuxCalls.LockTogether);

    /// <summary>Whether what is held is what stands at that path now.</summary>
    public bool IsStillAt(string path) => LinuxCalls.StatPath(path, out var there) == 0 && LinuxCalls.Stat(_file, out var held) == 0 && there.IsSameAs(held);

    /// <summary>Whether it is a folder with nothing in it.</summary>
    public bool IsEmptyFolder() => LinuxCalls.IsEmptyFolder(_file);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
