using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Syncs to the disk and reports when that fails, which the framework's own calls do not do on Linux.</summary>
internal static class Fsync
{
    /// <summary>Syncs a file. Throws <see cref="IOException"/>; after that the descriptor must not be synced again, since the kernel may have dropped the data.</summary>
    public static void File(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!Libc.FlushFileBuffers(file))
            {
                throw Failed(path);
            }

            return;
        }

        if (OperatingSystem.IsMacOS() && Libc.Fcntl(file, Libc.FullFsync) == 0)
        {
            return;
        }

        while (Libc.Fsync(file) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.Interrupted)
            {
                throw Failed(path);
            }
        }
    }

    /// <summary>Syncs a folder, so that names made, renamed or removed in it last. Windows keeps names by itself.</summary>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Libc.Open(path, 0);
        if (descriptor < 0)
        {
            throw Failed(path);
        }

        try
        {
            while (Libc.Fsync(descriptor) != 0)
            {
                if (Marshal.GetLastPInvokeError() != Libc.Interrupted)
                {
                    throw Failed(path);
                }
            }
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    private static IOException Failed(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"Syncing {path} to the disk failed: {new Win32Exception(error).Message} (error {error}).", error);
    }
}
