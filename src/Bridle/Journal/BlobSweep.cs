namespace Bridle.Journal;

/// <summary>
/// Removes blobs that no log names. What was stored a short while ago stays: the record that will name it may not be written yet. Anything in a log that looks
/// like a hash keeps its blob, so that records of unknown types lose nothing.
/// </summary>
internal static class BlobSweep
{
    private const int HashLength = 64;

    /// <summary>Removes and counts the unnamed blobs that were last stored before <paramref name="before"/>. A log that cannot be read keeps everything.</summary>
    public static int Run(string folder, IEnumerable<string> logs, DateTime before)
    {
        var blobs = new DirectoryInfo(folder);
        if (!blobs.Exists)
        {
            return 0;
        }

        var unnamed = blobs.EnumerateFiles().Where(file => file.Name.Length == HashLength && file.LastWriteTimeUtc < before).Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var log in logs)
        {
            if (unnamed.Count == 0)
            {
                break;
            }

            Strike(unnamed, log);
        }

        foreach (var name in unnamed)
        {
            File.Delete(Path.Combine(folder, name));
        }

        return unnamed.Count;
    }

    private static void Strike(HashSet<string> unnamed, string log)
    {
        using var file = File.OpenHandle(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var lines = new LogLines(file, 0, RandomAccess.GetLength(file));
        while (lines.Next())
        {
            foreach (var hash in Hashes(lines.Line))
            {
                unnamed.Remove(hash);
            }
        }
    }

    private static IEnumerable<string> Hashes(ReadOnlyMemory<byte> line)
    {
        var run = 0;
        for (var i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && line.Span[i] is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f'))
            {
                run++;
                continue;
            }

            if (run == HashLength)
            {
                yield return System.Text.Encoding.ASCII.GetString(line.Span[(i - HashLength)..i]);
            }

            run = 0;
        }
    }
}
