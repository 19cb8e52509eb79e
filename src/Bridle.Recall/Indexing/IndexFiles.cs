using System.Globalization;

namespace Bridle.Recall.Indexing;

/// <summary>
/// The files of the index. One is in use, <c>index-N.db</c> with the highest N; making it anew makes N + 1 beside it, under another name until it is whole, so that a killed process
/// leaves the old one or the new one, and nobody ever meets the write-ahead log of another file under the name of its own.
/// </summary>
internal sealed class IndexFiles(string folder)
{
    private const string Prefix = "index-";
    private const string Suffix = ".db";
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // EAGAIN of Linux and macOS, and what Windows says of a file that is in use. Anything else is no lock but a disk that cannot be written.
    private static readonly int[] s_held = [11, 35, 32, 33];

    public string Folder => folder;

    /// <summary>The one in use, or null.</summary>
    public string? Current() => Numbers().OrderDescending().Select(PathOf).FirstOrDefault();

    /// <summary>The name of the next one.</summary>
    public string Next() => PathOf(Numbers().DefaultIfEmpty(0).Max() + 1);

    /// <summary>The right to change the index, or null while another process, or another part of this one, has it.</summary>
    public FileStream? TryLock()
    {
        MakeFolder();
        try
        {
            return Private(Path.Combine(folder, "index.lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException failure) when (s_held.Contains(failure.HResult & 0xffff))
        {
            return null;
        }
    }

    /// <summary>An empty file that only its owner may read, under a name that is not in use yet.</summary>
    public string MakeUnfinished()
    {
        var path = Next() + ".new";
        File.Delete(path);
        Private(path, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
        return path;
    }

    /// <summary>Removes all but one; under the lock only. What cannot be removed now is the next time.</summary>
    public void RemoveOthers(string? keep)
    {
        foreach (var path in Directory.EnumerateFiles(folder, Prefix + "*").Where(path => keep is null || !path.StartsWith(keep, StringComparison.Ordinal) || path.EndsWith(".new", StringComparison.Ordinal)).ToList())
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // On Windows, while another process still reads it.
            }
        }
    }

    /// <summary>The bytes of the index on disk.</summary>
    public long Bytes() => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles(Prefix + "*").Sum(file => file.Length) : 0;

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, OwnerFile | UnixFileMode.UserExecute);
        File.SetUnixFileMode(folder, OwnerFile | UnixFileMode.UserExecute);
    }

    private IEnumerable<int> Numbers() => !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, Prefix + "*" + Suffix)
        .Select(path => Path.GetFileName(path)[Prefix.Length..^Suffix.Length])
        .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 0);

    private string PathOf(int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}{Suffix}"));

    private static FileStream Private(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return new FileStream(path, options);
    }
}
