using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// Empty folders that were ghosts and will be again, moved to a private folder of ours meanwhile. To make and remove one costs the disk several times what moving it
/// does; on some (ext4 without a journal) the more the more were removed within the last minutes. Works where that folder and the workspace are of one file system,
/// and does nothing elsewhere. Used under the lock of <see cref="GhostFiles"/>.
/// </summary>
internal sealed class SpareGhosts(string folder)
{
    private const int Most = 32;
    private readonly Stack<(string Path, PathHold Hold)> _spare = new();
    private int _made;
    private bool _isOf = true;

    /// <summary>Moves one to that path, where nothing is; its hold, or null when there is none or something is there.</summary>
    public PathHold? Place(string path)
    {
        if (!_spare.TryPeek(out var spare))
        {
            return null;
        }

        var error = LinuxCalls.MoveToNothing(spare.Path, path);
        if (error is ErrorNumber.Exists)
        {
            return null;
        }

        _ = _spare.Pop();
        if (error == 0)
        {
            return spare.Hold;
        }

        // Elsewhere than the ones before, or the session's folder is gone.
        spare.Hold.Dispose();
        _ = LinuxCalls.RemoveFolder(spare.Path);
        return null;
    }

    /// <summary>
    /// Takes a ghost away from its path that nobody else uses, if it is still the one that stands there and has nothing in it. When somebody puts something into it in
    /// that very moment, it is given back.
    /// </summary>
    public bool TakeBack(string path, PathHold hold)
    {
        if (!_isOf || _spare.Count == Most || !hold.IsStillAt(path) || !hold.IsEmptyFolder() || !(_isOf = IsReady()))
        {
            return false;
        }

        var spare = Path.Join(folder, (_made++).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (LinuxCalls.MoveToNothing(path, spare) is not 0 and var error)
        {
            _isOf = error is ErrorNumber.Exists;
            return false;
        }

        if (!hold.IsEmptyFolder())
        {
            // What is there by now is theirs, and so is what was put into ours: it gets a name beside it.
            _ = LinuxCalls.MoveToNothing(spare, path) == 0 || LinuxCalls.MoveToNothing(spare, $"{path}.{Guid.NewGuid().ToString("N")[..8]}") == 0;
            return false;
        }

        hold.ShareAgain();
        _spare.Push((spare, hold));
        return true;
    }

    private bool IsReady()
    {
        try
        {
            if (_made == 0 && !OperatingSystem.IsWindows())
            {
                _ = Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether the session that it belongs to has ended; then nothing is held any more.</summary>
    public bool Forget()
    {
        if (_made > 0 && !Directory.Exists(folder))
        {
            while (_spare.TryPop(out var spare))
            {
                spare.Hold.Dispose();
            }

            return true;
        }

        return false;
    }
}
