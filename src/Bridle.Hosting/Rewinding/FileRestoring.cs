using System.Security.Cryptography;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Hosting.Rewinding;

/// <summary>How a file stands to what it was before the agent's edits.</summary>
public enum FileStanding
{
    /// <summary>It is as it was: nothing is to be done.</summary>
    AsBefore,

    /// <summary>It is as the agent's last edit left it, in the workspace.</summary>
    AsTheAgentLeftIt,

    /// <summary>Somebody else changed it since, it is outside of the workspace, or nobody knows what the last edit left: not put back unasked.</summary>
    Doubtful,

    /// <summary>It was too large to be kept, or its copy is gone: it cannot be put back.</summary>
    NotKept,
}

/// <summary>Puts files back through the door of the workspace. Looking and restoring are two steps, between which a person says yes; not for concurrent use.</summary>
public sealed class FileRestoring(IFiles files, IBlobs blobs)
{
    /// <summary>How the file stands now.</summary>
    public FileStanding Look(FileBefore file)
    {
        if (!file.Kept || (file.Blob is { } blob && blobs.Get(blob) is null))
        {
            return FileStanding.NotKept;
        }

        try
        {
            var path = files.Resolve(file.Path, files.Root);
            var now = HashOf(path);
            return path.Real == file.Path && now == file.Blob ? FileStanding.AsBefore
                : path.Real == file.Path && path.InsideRoot && now is not null && now == file.LeftAs ? FileStanding.AsTheAgentLeftIt
                : FileStanding.Doubtful;
        }
        catch (ToolException)
        {
            // A folder or a link stands there, or it may not be read.
            return FileStanding.Doubtful;
        }
    }

    /// <summary>Makes the file what it was, or removes it where it was not there. Null, or why not.</summary>
    public string? Restore(FileBefore file)
    {
        try
        {
            var path = files.Resolve(file.Path, files.Root);
            if (path.Real != file.Path)
            {
                return $"{file.Path} is now a link to {path.Real} and was left alone.";
            }

            if (file.Blob is null)
            {
                files.Remove(path);
                return null;
            }

            if (blobs.Get(file.Blob) is not { } bytes)
            {
                return $"The copy of {file.Path} is gone or damaged; the file was left as it is.";
            }

            files.Write(path, bytes);
            KeepMode(path, file.UnixMode);
            return null;
        }
        catch (Exception problem) when (problem is ToolException or IOException or UnauthorizedAccessException)
        {
            return problem.Message;
        }
    }

    // By the handle that the door gave, never by the path again.
    private void KeepMode(ResolvedPath path, int? mode)
    {
        if (mode is { } before && !OperatingSystem.IsWindows() && files.Stat(path) is { } now && ((now.UnixMode ^ before) & 0x1FF) != 0)
        {
            using var stream = files.OpenRead(path);
            if (stream is FileStream file)
            {
                File.SetUnixFileMode(file.SafeFileHandle, (UnixFileMode)(before & 0x1FF));
            }
        }
    }

    private string? HashOf(ResolvedPath path)
    {
        if (files.Stat(path) is null)
        {
            return null;
        }

        using var stream = files.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
