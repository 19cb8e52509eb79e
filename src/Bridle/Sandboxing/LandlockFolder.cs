using Bridle.Messages;

namespace Bridle.Sandboxing;

/// <summary>The folder for temporary files of a program: the session's own, or one for this program alone that is removed with it.</summary>
internal sealed class LandlockFolder : IDisposable
{
    private readonly bool _isOwn;

    public LandlockFolder(string? kept)
    {
        try
        {
            _isOwn = kept is null;
            Path = kept ?? Directory.CreateTempSubdirectory("bridle-").FullName;
            if (!OperatingSystem.IsWindows() && !Directory.Exists(Path))
            {
                Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The sandbox could not be set up: {refused.Message.TrimEnd('.')}. Nothing was run.");
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    public void Dispose()
    {
        try
        {
            if (_isOwn && Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed is left in the temporary folder of the machine, which clears itself.
        }
    }
}
