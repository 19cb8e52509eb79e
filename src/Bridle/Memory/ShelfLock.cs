using Bridle.Journal;

namespace Bridle.Memory;

/// <summary>Keeps several sessions from changing the notes of one scope at once. The lock of a dead process frees itself.</summary>
internal static class ShelfLock
{
    private const int Attempts = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the lock, seconds at most; dispose to let go. Throws <see cref="IOException"/> when another process keeps it.</summary>
    public static IDisposable Take(string path)
    {
        PrivateFiles.MakeFolder(Path.GetDirectoryName(path)!);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return PrivateFiles.Create(path, FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException) when (attempt < Attempts)
            {
                // .NET has no lock between processes that waits for a bounded time. Real time on purpose: what is waited for is another process, which a test's clock does not move.
                Thread.Sleep(Pause);
            }
        }
    }
}
