namespace Bridle.Hosting.Toolchains;

/// <summary>Folders and files in a cache that confined commands may write: whatever they left in the way, also a link that leads elsewhere, is removed and never followed.</summary>
internal static class CacheTree
{
    /// <summary>Makes a folder below the cache and returns its path.</summary>
    public static string MakeFolder(string cache, string below)
    {
        var path = cache;
        foreach (var part in below.Split('/'))
        {
            path = Path.Combine(path, part);
            var found = new FileInfo(path);
            if (found.LinkTarget is not null || found.Exists)
            {
                found.Delete();
            }

            Directory.CreateDirectory(path);
        }

        return path;
    }

    /// <summary>Makes an empty file below the cache and returns its path.</summary>
    public static string MakeFile(string cache, string below)
    {
        var path = Path.Combine(MakeFolder(cache, below[..below.LastIndexOf('/')]), below[(below.LastIndexOf('/') + 1)..]);
        var found = new FileInfo(path);
        if (found.LinkTarget is not null)
        {
            found.Delete();
        }
        else if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        return path;
    }
}
