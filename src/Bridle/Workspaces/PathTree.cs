using System.Security.Cryptography;
using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>Files by path, for systems without <c>openat2</c>: the real path is worked out again after opening and must be the same.</summary>
internal sealed class PathTree : IFileTree
{
    public FileEntry? Stat(ResolvedPath path)
    {
        FileSystemInfo info = Directory.Exists(path.Real) ? new DirectoryInfo(path.Real) : new FileInfo(path.Real);
        return EntriesOf([info]) is [var entry] ? entry : null;
    }

    public Stream OpenRead(ResolvedPath path)
    {
        RefuseChanged(path);
        if (Stat(path) is not { } entry)
        {
            throw FileFailure.From(ErrorNumber.NoEntry, path, "read");
        }

        if (entry.Kind != FileKind.File)
        {
            throw entry.Kind == FileKind.Directory ? FileFailure.From(ErrorNumber.IsAFolder, path, "read") : FileFailure.NotRegular(path);
        }

        return Translated(path, "read", () =>
        {
            var stream = new FileStream(path.Real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            try
            {
                RefuseChanged(path);
                return stream;
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        });
    }

    public void Write(ResolvedPath path, ReadOnlySpan<byte> content)
    {
        RefuseChanged(path);
        var entry = Stat(path);
        if (entry is { Kind: not FileKind.File })
        {
            throw entry.Kind == FileKind.Directory ? FileFailure.From(ErrorNumber.IsAFolder, path, "written") : FileFailure.NotRegular(path);
        }

        var bytes = content.ToArray();
        Translated(path, "written", () =>
        {
            var folder = Path.GetDirectoryName(path.Real)!;
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, $".bridle-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
            try
            {
                using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.WriteThrough))
                {
                    file.Write(bytes);
                }

                if (!OperatingSystem.IsWindows() && entry is not null)
                {
                    File.SetUnixFileMode(temporary, (UnixFileMode)(entry.UnixMode & 0x1FF));
                }

                RefuseChanged(path);
                File.Move(temporary, path.Real, overwrite: true);
                return true;
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
        });
    }

    public void Remove(ResolvedPath path)
    {
        RefuseChanged(path);
        if (Stat(path) is { } entry)
        {
            Translated(path, "removed", () =>
            {
                if (entry.Kind != FileKind.File)
                {
                    throw FileFailure.NotRegular(path);
                }

                File.Delete(path.Real);
                return true;
            });
        }
    }

    public IReadOnlyList<FileEntry> List(ResolvedPath directory)
    {
        RefuseChanged(directory);
        return Translated(directory, "listed", () =>
        {
            var entries = EntriesOf(new DirectoryInfo(directory.Real).EnumerateFileSystemInfos());
            entries.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
            return entries;
        });
    }

    /// <summary>The entries of what a listing found; what went away meanwhile is left out.</summary>
    internal static List<FileEntry> EntriesOf(IEnumerable<FileSystemInfo> found)
    {
        var entries = new List<FileEntry>();
        foreach (var info in found)
        {
            try
            {
                info.Refresh();
                if (info.Exists || info.LinkTarget is not null)
                {
                    entries.Add(Entry(info));
                }
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
            {
            }
        }

        return entries;
    }

    private static FileEntry Entry(FileSystemInfo info)
    {
        var isLink = info.LinkTarget is not null;
        var special = (info.Attributes & FileAttributes.Device) != 0 || isLink;
        var kind = special ? FileKind.Other : info is DirectoryInfo ? FileKind.Directory : FileKind.File;
        var length = kind == FileKind.File ? ((FileInfo)info).Length : 0;
        var mode = OperatingSystem.IsWindows() ? 0 : (int)info.UnixFileMode;
        return new FileEntry(info.Name, kind, length, new DateTimeOffset(info.LastWriteTimeUtc), isLink, mode);
    }

    private static void RefuseChanged(ResolvedPath path)
    {
        if (!PathResolution.TryReal(path.Real, out var now) || now != path.Real)
        {
            throw FileFailure.From(ErrorNumber.Loop, path, "opened");
        }
    }

    private static T Translated<T>(ResolvedPath path, string deed, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileFailure.From(ErrorNumber.NoEntry, path, deed);
        }
        catch (UnauthorizedAccessException)
        {
            throw FileFailure.From(ErrorNumber.AccessDenied, path, deed);
        }
        catch (PathTooLongException)
        {
            throw FileFailure.From(ErrorNumber.NameTooLong, path, deed);
        }
        catch (IOException problem)
        {
            throw new ToolException($"{path.Given} was not {deed}: {problem.Message}", problem);
        }
    }
}
