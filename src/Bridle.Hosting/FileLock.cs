namespace Bridle.Hosting;

/// <summary>Keeps several programs from changing one file of the harness's own state at once: who changes it holds the file beside it that ends in <c>.lock</c>, reads, changes and writes.</summary>
internal static class FileLock
{
    private const int Attempts = 100;

    // Held while one small file is written, so waiting is rare and short, and a second is the bound for a writer that hangs. .NET has no lock between processes that waits for a bounded
    // time: FileShare.None and FileStream.Lock fail at once, and a named mutex keeps its state in a folder that everybody may write. It is real time on purpose: what is
    // waited for is another process, which a test's clock does not move.

    /// <summary>Waits up to a second for the lock; dispose to let go. Throws <see cref="IOException"/> when another program keeps it. The folder must exist.</summary>
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
                // Held while one small file is written, so waiting is rare and short. .NET has no lock between processes that waits for a bounded time: FileShare.None and
                // FileStream.Lock fail at once, and a named mutex keeps its state in a folder that everybody may write. It is real time on purpose: what is waited for is
                // another process, which a test's clock does not move.
                Thread.Sleep(10);
            }
        }
    }
}
