namespace Bridle.Hosting;

/// <summary>Keeps several programs from changing one file of the harness's own state at once: who changes it holds the file beside it that ends in <c>.lock</c>, reads, changes and writes.</summary>
internal static class FileLock
{
    // A writer holds the lock for one small file and its sync. That is a few milliseconds, on a busy disk a hundred; a dozen who want it at once must all get their turn, whoever is
    // lucky, so the bound is far above that and only a writer that hangs meets it. .NET has no lock between processes that waits for a bounded time: FileShare.None and FileStream.Lock
    // fail at once, and a named mutex keeps its state in a folder that everybody may write. It is real time on purpose: what is waited for is another process, which a test's clock
    // does not move.
    private const int Attempts = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the lock, some ten seconds at most; dispose to let go. Throws <see cref="IOException"/> when another program keeps it. The folder must exist.</summary>
    public static FileStream Take(string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < Attempts)
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
