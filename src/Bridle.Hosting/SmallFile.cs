namespace Bridle.Hosting;

/// <summary>Reads small files that come with a project, from whoever wrote it: a link to a device or a pipe must neither fill the memory nor wait for ever.</summary>
internal static class SmallFile
{
    /// <summary>How long the file is, links followed; 0 for what is missing, a folder, a device or a pipe.</summary>
    public static long Length(string path)
    {
        var info = new FileInfo(path);
        var target = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        return target is { Exists: true } ? target.Length : 0;
    }

    /// <summary>At most the given number of bytes from its beginning; none of a device or a pipe. Throws what opening and reading files throws.</summary>
    public static byte[] Read(string path, int most)
    {
        // Already the opening of a pipe waits, for somebody to open its other end.
        if (File.Exists(path) && Length(path) is 0)
        {
            return [];
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var bytes = new byte[Math.Min(most, stream.CanSeek ? stream.Length : 0)];
        return bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).ToArray();
    }
}
