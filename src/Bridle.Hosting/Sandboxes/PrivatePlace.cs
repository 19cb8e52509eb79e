namespace Bridle.Hosting.Sandboxes;

/// <summary>The folder of a session's confined programs: their temporary files, and what they find in place of masked ones.</summary>
internal static class PrivatePlace
{
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(3);

    /// <summary>Removes it when it was made, and beside it what sessions left behind that were killed days ago.</summary>
    public static void Remove(string folder, TimeProvider time)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        TryDelete(folder);
        try
        {
            foreach (var other in Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!, "bridle-*").Where(other => Guid.TryParse(Path.GetFileName(other)["bridle-".Length..], out _)))
            {
                if (time.GetUtcNow() - Directory.GetLastWriteTimeUtc(other) > s_kept)
                {
                    TryDelete(other);
                }
            }
        }
        catch (IOException)
        {
            // The next session tries again.
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // Left for the next session.
        }
    }
}
