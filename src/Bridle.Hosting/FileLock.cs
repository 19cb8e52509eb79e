namespace Bridle.Hosting;

/// <summary>Keeps several programs from changing one file of the harness's own state at once: who changes it holds the file beside it that ends in <c>.lock</c>, reads, changes and writes.</summary>
internal static class FileLock
{
    private const int Attempts = 100;

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
                Thread.Sleep(10);
            }
        }
    }
}
