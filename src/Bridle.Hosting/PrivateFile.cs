using Bridle.Journal;

namespace Bridle.Hosting;

/// <summary>Files that only their owner may read: keys and settings.</summary>
internal static class PrivateFile
{
    /// <summary>Replaces the file as a whole, synced under its name. Its folder is made private if it is made here; the file has mode 0600 from its first moment.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content) => PrivateFiles.Replace(path, content.ToArray());
}
