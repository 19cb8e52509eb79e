namespace Bridle.Hosting.Sandboxes;

/// <summary>The folder of a session's confined programs: their temporary files, and what they find in place of masked ones. A lock in it says that its session lives.</summary>
internal sealed class PrivatePlace : IDisposable
{
    private const string LockName = "in-use.lock";
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(3);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;

    private PrivatePlace(string folder, TimeProvider time, FileStream held) => (_folder, _time, _lock) = (folder, time, held);

    /// <summary>Makes it and holds it until it is disposed, which removes it.</summary>
    public static PrivatePlace Take(string folder, TimeProvider time)
    {
        BridleFolders.CreatePrivate(folder);
        return new(folder, time, Hold(folder) ?? throw new IOException($"{folder} belongs to another session."));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        Remove(_folder, _time);
    }

    /// <summary>Removes it when it was made, and beside it what sessions left behind that were killed days ago.</summary>
    private static void Remove(string folder, TimeProvider time)
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
                // The time says little, because the folder itself hardly changes; the lock says that somebody is there.
                if (time.GetUtcNow() - Directory.GetLastWriteTimeUtc(other) > s_kept && Hold(other) is { } alone)
                {
                    alone.Dispose();
                    TryDelete(other);
                }
            }
        }
        catch (IOException)
        {
            // The next session tries again.
        }
    }

    // Null when another session holds it, or it cannot be said.
    private static FileStream? Hold(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return null;
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
