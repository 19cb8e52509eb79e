using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>What was planted is kept for the person to look at, under a name that nothing reads.</summary>
internal static class Aside
{
    private const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Moves whatever is there: a file, a folder, a link to anything, a pipe, a socket. Its new path, also when nothing was there any more; null with a reason when it cannot be moved.
    /// </summary>
    public static string? Move(string path, out string problem)
    {
        var (folder, mark) = (Path.GetDirectoryName(path)!, Guid.NewGuid().ToString("N")[..8]);
        var aside = $"{path}.{mark}.refused";
        var error = MoveTo(path, aside);
        if (error is ErrorNumber.NameTooLong)
        {
            aside = Path.Combine(folder, $"{mark}.refused");
            error = MoveTo(path, aside);
        }

        // A program may take away our right to change its own folder, and keep what is in it that way.
        if (error is ErrorNumber.AccessDenied or ErrorNumber.NotPermitted && Open(folder))
        {
            error = MoveTo(path, aside);
        }

        // The same number may speak of the new name.
        var isDone = error == 0 || (error is ErrorNumber.NoEntry && PathResolution.LinkTarget(path) is null && !Path.Exists(path));
        problem = isDone ? "" : ErrorNumber.Text(error);
        if (isDone)
        {
            Disarm(aside);
        }

        return isDone ? aside : null;
    }

    // Who goes into a folder to look at it, with git in the prompt, must not run what its configuration names: without a HEAD git takes no folder for a repository.
    private static void Disarm(string aside)
    {
        var head = Path.Join(aside, "HEAD");
        if (PathResolution.LinkTarget(aside) is null && (File.Exists(head) || PathResolution.LinkTarget(head) is not null))
        {
            _ = MoveTo(head, $"{head}.refused");
        }
    }

    private static int MoveTo(string path, string aside)
    {
        if (LinuxCalls.Known)
        {
            return LinuxCalls.Move(path, aside);
        }

        try
        {
            if (PathResolution.LinkTarget(path) is { } target)
            {
                File.CreateSymbolicLink(aside, target);
                File.Delete(path);
            }
            else if (Directory.Exists(path))
            {
                Directory.Move(path, aside);
            }
            else
            {
                File.Move(path, aside);
            }

            return 0;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return failed is FileNotFoundException or DirectoryNotFoundException ? ErrorNumber.NoEntry : ErrorNumber.AccessDenied;
        }
    }

    private static bool Open(string folder)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | Ours);
            }

            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
