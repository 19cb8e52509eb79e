namespace Bridle.Sandboxing;

/// <summary>Reads a file of a repository that a confined program may have made: it may be a pipe, which is never opened, or have no end.</summary>
internal static class GitFile
{
    private const int Most = 64 << 20;

    /// <summary>Its bytes, links followed, as far as they count; null when nothing is there, a folder or a link to nothing.</summary>
    public static byte[]? Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            var target = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            if (target is not { Exists: true } || (target.Attributes & FileAttributes.Directory) != 0)
            {
                return null;
            }

            // Already the opening of a pipe waits, for somebody to open its other end.
            if (target.Length is 0)
            {
                return [];
            }

            using var stream = new FileStream(target.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var bytes = new byte[stream.CanSeek ? Math.Min(stream.Length, Most) : 0];
            return bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).ToArray();
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
