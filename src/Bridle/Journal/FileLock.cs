namespace Bridle.Journal;

/// <summary>
/// Keeps several programs from changing one file or folder of the harness's own state at once: who changes it holds a lock file beside it, reads, changes and writes. The lock of a dead
/// process frees itself. Safe to use concurrently.
/// </summary>
public static class FileLock
{
    // A writer holds the lock for one small file and its sync. That is a few milliseconds, on a busy disk a hundred; a dozen who want it at once must all get their turn, whoever is
    // lucky, so the bound is far above that and only a writer that hangs meets it. .NET has no lock between processes that waits for a bounded time: FileShare.None and FileStream.Lock
    // fail at once, and a named mutex keeps its state in a folder that everybody may write. It is real time on purpose: what is waited for is another process, which a test's clock
    // does not move.
    private const int Attempts = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Takes the lock at once, to be held as long as a piece of work takes; null when another program, or another holder in this one, has it. Dispose to let go. The file, and a missing
    /// folder, are made for their owner only. Throws <see cref="IOException"/> when the folder cannot be made, and <see cref="UnauthorizedAccessException"/> when the file may not be opened.
    /// </summary>
    /// <param name="file">The lock file, an absolute path.</param>
    public static IDisposable? TryTake(string file)
    {
        PrivateFiles.MakeFolder(Path.GetDirectoryName(file)!);
        try
        {
            return PrivateFiles.Create(file, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Waits for the lock, some ten seconds at most; dispose to let go. The file, and a missing folder, are made for their owner only. Throws <see cref="IOException"/> when another program
    /// keeps it, and <see cref="UnauthorizedAccessException"/> when it may not be opened.
    /// </summary>
    /// <param name="file">The lock file, an absolute path; by habit the name of what it guards with <c>.lock</c> at its end.</param>
    public static IDisposable Take(string file)
    {
        PrivateFiles.MakeFolder(Path.GetDirectoryName(file)!);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return PrivateFiles.Create(file, FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException) when (attempt < Attempts)
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
