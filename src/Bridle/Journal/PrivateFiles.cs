using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>Files that only their owner may read, made and replaced so that a crash leaves the old or the new content and nothing between.</summary>
public static class PrivateFiles
{
    private const UnixFileMode FileBits = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderBits = FileBits | UnixFileMode.UserExecute;
    private const string Unfinished = ".new";

    // No process takes this long between making a file and giving it its name.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);
    private static readonly ConcurrentDictionary<string, bool> Swept = new(StringComparer.Ordinal);

    /// <summary>Makes a folder and those above it, and syncs the names of the new ones unless told not to.</summary>
    internal static void MakeFolder(string path, bool synced = true)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path)!;
        MakeFolder(parent, synced);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, FolderBits);
        }

        if (synced)
        {
            Fsync.Folder(parent);
        }
    }

    internal static SafeFileHandle Create(string path, FileMode mode, FileShare share = FileShare.Read)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileBits;
        }

        // FileStream is the only opener that takes a creation mode; its handle outlives it.
        var stream = new FileStream(path, options);
        GC.SuppressFinalize(stream);
        return stream.SafeFileHandle;
    }

    /// <summary>
    /// Gives a file this content as a whole, synced to the disk under its name; the folder is made when it is missing.
    /// Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when that is not possible, and then the file is as it was. Of two writers at once the last one counts.
    /// </summary>
    public static void Replace(string path, ReadOnlyMemory<byte> content)
    {
        MakeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Replace(path, overwrite: true, file => RandomAccess.Write(file, content.Span, 0));
    }

    /// <summary>Writes the content beside the target, syncs it, gives it the target's name and syncs the folder.</summary>
    internal static void Replace(string path, bool overwrite, Action<SafeFileHandle> write) => ReplaceIf(path, overwrite, write, () => true);

    /// <summary>As <see cref="Replace(string, bool, Action{SafeFileHandle})"/>, if <paramref name="still"/> says so at the last moment; else the target is left alone and false is given.</summary>
    internal static bool ReplaceIf(string path, bool overwrite, Action<SafeFileHandle> write, Func<bool> still)
    {
        var folder = Path.GetDirectoryName(path)!;
        Sweep(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}{Unfinished}");
        try
        {
            using (var file = Create(temporary, FileMode.CreateNew))
            {
                write(file);
                Fsync.File(file, temporary);
            }

            if (!still())
            {
                File.Delete(temporary);
                return false;
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        Fsync.Folder(folder);
        return true;
    }

    /// <summary>Once for each folder: removes what a process left that was killed before its file had its name.</summary>
    private static void Sweep(string folder)
    {
        if (!Swept.TryAdd(folder, true))
        {
            return;
        }

        foreach (var file in new DirectoryInfo(folder).EnumerateFiles(".*" + Unfinished).Where(IsAbandoned))
        {
            try
            {
                file.Delete();
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // Litter harms nobody.
            }
        }
    }

    private static bool IsAbandoned(FileInfo file)
    {
        var name = file.Name.AsSpan(0, file.Name.Length - Unfinished.Length);
        return name.Length > 13 && name[^13] == '.' && name[^12..].IndexOfAnyExcept("0123456789abcdef") < 0 && file.LastWriteTimeUtc < TimeProvider.System.GetUtcNow() - Abandoned;
    }
}
