using System.Security.Cryptography;
using Bridle.Events;
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
    // As much as is kept before an edit.
    private const int MostKept = 10 * 1024 * 1024;

    private const int DigitsToKnow = 32;

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
                : path.Real == file.Path && path.InsideRoot && (now is null ? file.WasTakenAway : IsAsLeft(now, file.LeftAs)) ? FileStanding.AsTheAgentLeftIt
                : FileStanding.Doubtful;
        }
        catch (ToolException)
        {
            // A folder or a link stands there, or it may not be read.
            return FileStanding.Doubtful;
        }
    }

    /// <summary>Keeps what stands there now, so that putting this file back can be undone.</summary>
    public RewoundFile Keep(FileBefore file)
    {
        try
        {
            var path = files.Resolve(file.Path, files.Root);
            if (files.Stat(path) is not { } now)
            {
                return new(file.Path, true, null, null, Short(file.Blob));
            }

            if (path.Real == file.Path && now.Kind is FileKind.File && now.Length <= MostKept)
            {
                using var stream = files.OpenRead(path);
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                return new(file.Path, true, blobs.Put(copy.GetBuffer().AsSpan(0, (int)copy.Length)), now.UnixMode, Short(file.Blob));
            }
        }
        catch (Exception problem) when (problem is ToolException or IOException or UnauthorizedAccessException or JournalException)
        {
            // Then it is not kept, and undoing says so.
        }

        return new(file.Path, false, null, null, Short(file.Blob));
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

    private static string? Short(string? hash) => hash?[..Math.Min(hash.Length, DigitsToKnow)];

    // The whole hash, or the beginning of it.
    private static bool IsAsLeft(string now, string? left) => left is { Length: >= DigitsToKnow } && now.StartsWith(left, StringComparison.Ordinal);

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
