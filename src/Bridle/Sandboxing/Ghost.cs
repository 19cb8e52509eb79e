using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// An empty file or folder that exists only to be mounted on. It is told from a real one by the sticky bit, with which it is born, and held by a lock for as long as
/// a program of ours needs it: another Bridle sees that it is in use, and one that was killed leaves a ghost that the next one knows for what it is.
/// </summary>
internal sealed class Ghost
{
    // The sticky bit means nothing on a file, and in an empty folder of one's own nothing either; nobody sets it by chance.
    private const uint Sticky = 0x200;
    private const uint FolderMode = Sticky | 0x1FF;
    private const uint PlainMode = Sticky | 0x1A4;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly string _path;
    private readonly PathHold? _hold;

    private Ghost(string path, PathHold? hold) => (_path, _hold) = (path, hold);

    /// <summary>Whether a ghost is there; a path that ends in a slash is a folder. What somebody has put something into is none.</summary>
    public static bool IsAt(string path)
    {
        if (!LinuxCalls.Known || LinuxCalls.StatPath(Bare(path), out var stat) != 0 || (stat.Mode & Sticky) == 0)
        {
            return false;
        }

        return IsFolder(path) ? stat.Kind == FileKind.Directory && IsEmpty(path) : stat is { Kind: FileKind.File, Length: 0 };
    }

    /// <summary>Makes one, or takes part in one that is there. Throws when that is impossible. One to <paramref name="spare"/> is moved there instead of being made.</summary>
    public static Ghost At(string path, SpareGhosts? spare = null)
    {
        if (IsFolder(path) && spare?.Place(Bare(path)) is { } placed)
        {
            return new(path, placed);
        }

        if (!LinuxCalls.Known)
        {
            MakePortably(path);
            return new(path, null);
        }

        for (var clock = System.Diagnostics.Stopwatch.StartNew(); ;)
        {
            if (Make(path) is not (0 or ErrorNumber.Exists) and var refused)
            {
                throw new IOException(ErrorNumber.Text(refused));
            }

            if (PathHold.Together(Bare(path), out var error) is { } hold)
            {
                return new(path, hold);
            }

            // One that may not be read cannot be held, and nobody but us can have removed it. One that is just going is made anew.
            if (error is not (0 or ErrorNumber.NoEntry))
            {
                return new(path, null);
            }

            if (clock.Elapsed > s_patience)
            {
                throw new IOException("another program keeps removing it");
            }

            // Who removes it may have to wait for a processor.
            Thread.Sleep(clock.ElapsedMilliseconds < 5 ? 0 : 1);
        }
    }

    /// <summary>Removes the ghost there unless somebody uses it. Does nothing where there is none.</summary>
    public static void RemoveLeft(string path)
    {
        if (IsAt(path) && PathHold.Together(Bare(path), out _) is { } hold)
        {
            new Ghost(path, hold).End()?.Dispose();
        }
    }

    /// <summary>
    /// Not needed here any more: removed, unless another Bridle needs it or somebody has put something into it. What is given back is still to be disposed; its name is gone,
    /// but to free what it took on the disk can take a while, for which nobody need wait. With <paramref name="spare"/> it is kept there for another time.
    /// </summary>
    public IDisposable? End(SpareGhosts? spare = null)
    {
        var isAlone = _hold?.TryAlone();
        if (isAlone is true && IsFolder(_path) && spare?.TakeBack(Bare(_path), _hold!) is true)
        {
            return null;
        }

        if (isAlone is false || !TryRemove())
        {
            _hold?.Dispose();
            return null;
        }

        return _hold;
    }

    private static bool IsEmpty(string folder)
    {
        try
        {
            return !Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsFolder(string path) => path.EndsWith('/');

    private static string Bare(string path) => path.TrimEnd('/');

    private static int Make(string path)
    {
        if (IsFolder(path))
        {
            return LinuxCalls.MakeFolder(Bare(path), FolderMode);
        }

        using var made = LinuxCalls.Open(path, LinuxCalls.WriteOnly | LinuxCalls.Create | LinuxCalls.Exclusive, PlainMode, out var error);
        return error;
    }

    private static void MakePortably(string path)
    {
        if (IsFolder(path))
        {
            Directory.CreateDirectory(path);
        }
        else if (!Path.Exists(path))
        {
            new FileStream(path, FileMode.CreateNew, FileAccess.Write).Dispose();
        }
    }

    // What is not empty stays: somebody outside has put something there meanwhile, and it is theirs.
    private bool TryRemove()
    {
        try
        {
            if (IsFolder(_path) && LinuxCalls.Known)
            {
                return LinuxCalls.RemoveFolder(Bare(_path)) == 0;
            }

            if (IsFolder(_path))
            {
                Directory.Delete(_path, recursive: false);
                return true;
            }

            if (new FileInfo(_path) is { Exists: true, Length: 0, LinkTarget: null })
            {
                File.Delete(_path);
                return true;
            }
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // The same.
        }

        return false;
    }
}
