using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Bridle.Messages;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Workspaces;

/// <summary>
/// Files by handle on Linux. <c>openat2</c> refuses every link on the way, so that a folder swapped for a link after the path was judged
/// cannot lead anywhere else. Where the kernel has no <c>openat2</c>, the path of what was opened is compared instead.
/// </summary>
internal sealed class HandleTree : IFileTree
{
    private const int SetFlags = 4;
    private const int WriteAccess = 2;
    private readonly string _root;
    private readonly SafeFileHandle _top;
    private readonly SafeFileHandle _rootFolder;
    private readonly bool _proved;

    public HandleTree(string root, bool prove)
    {
        _root = root;
        using var here = new SafeFileHandle(-100, ownsHandle: false); // AT_FDCWD
        _top = OpenStart(here, "/");
        _rootFolder = OpenStart(here, root);
        _proved = prove && IsProvable(_top);
    }

    public FileEntry? Stat(ResolvedPath path)
    {
        using var handle = Open(path.Real, LinuxCalls.PathOnly | LinuxCalls.NoFollow, out var error);
        if (handle is null)
        {
            return error is ErrorNumber.NoEntry or ErrorNumber.NotAFolder or ErrorNumber.NameTooLong ? null : throw FileFailure.From(error, path, "looked at");
        }

        error = LinuxCalls.Stat(handle, out var stat);
        return error == 0 ? stat.Entry(Path.GetFileName(path.Real) is { Length: > 0 } name ? name : path.Real) : throw FileFailure.From(error, path, "looked at");
    }

    public Stream OpenRead(ResolvedPath path)
    {
        // Non-blocking, because opening a pipe nobody writes to would wait for ever before anyone could look at what it is.
        var handle = Open(path.Real, LinuxCalls.ReadOnly | LinuxCalls.NonBlocking, out var error) ?? throw FileFailure.From(error, path, "read");
        try
        {
            error = LinuxCalls.Stat(handle, out var stat);
            if (error != 0)
            {
                throw FileFailure.From(error, path, "read");
            }

            if (stat.Kind == FileKind.Directory)
            {
                throw FileFailure.From(ErrorNumber.IsAFolder, path, "read");
            }

            if (stat.Kind != FileKind.File)
            {
                throw FileFailure.NotRegular(path);
            }

            _ = LinuxCalls.Control(handle, SetFlags, 0);
            return new FileStream(handle, FileAccess.Read);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public IReadOnlyList<FileEntry> List(ResolvedPath directory)
    {
        using var folder = Open(directory.Real, LinuxCalls.ReadOnly | LinuxCalls.Directory | LinuxCalls.NonBlocking, out var error);
        if (folder is null)
        {
            throw error == ErrorNumber.NotAFolder && Stat(directory) is not null
                ? new ToolException($"{directory.Given} is not a folder.")
                : FileFailure.From(error, directory, "listed");
        }

        var names = LinuxCalls.Names(folder, out error) ?? throw FileFailure.From(error, directory, "listed");
        var entries = new List<FileEntry>(names.Count);
        foreach (var name in names)
        {
            // What went away meanwhile is left out.
            if (LinuxCalls.StatName(folder, name, out var stat) == 0)
            {
                entries.Add(stat.Entry(Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1))));
            }
        }

        entries.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return entries;
    }

    public void Write(ResolvedPath path, ReadOnlySpan<byte> content)
    {
        var name = Path.GetFileName(path.Real);
        if (name.Length == 0)
        {
            throw FileFailure.From(ErrorNumber.IsAFolder, path, "written");
        }

        using var folder = OpenOrMakeFolder(Path.GetDirectoryName(path.Real)!, path);
        var before = Replaced(folder, name, path);
        var temporary = $".bridle-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var mode = before is null ? 0x1B6u : 0x180u; // 0666 less the umask for a new file; 0600 until it has the old one's mode
        using var file = LinuxCalls.Open(folder, temporary, LinuxCalls.WriteOnly | LinuxCalls.Create | LinuxCalls.Exclusive | LinuxCalls.NoFollow, mode, out var error);
        if (file is null)
        {
            throw FileFailure.From(error, path, "written");
        }

        error = Fill(file, content, before);
        if (error == 0 && LinuxCalls.Rename(folder, temporary, folder, name) < 0)
        {
            error = Marshal.GetLastPInvokeError();
        }

        if (error != 0)
        {
            _ = LinuxCalls.Remove(folder, temporary, 0);
            throw FileFailure.From(error, path, "written");
        }

        SyncFolder(folder, path);
    }

    public void Remove(ResolvedPath path)
    {
        var name = Path.GetFileName(path.Real);
        if (name.Length == 0)
        {
            throw FileFailure.From(ErrorNumber.IsAFolder, path, "removed");
        }

        using var folder = Open(Path.GetDirectoryName(path.Real)!, LinuxCalls.PathOnly | LinuxCalls.Directory, out var error);
        if (folder is null)
        {
            throw FileFailure.From(error, path, "removed");
        }

        if (Replaced(folder, name, path) is not null && LinuxCalls.Remove(folder, name, 0) < 0)
        {
            throw FileFailure.From(Marshal.GetLastPInvokeError(), path, "removed");
        }
    }

    private static SafeFileHandle OpenStart(SafeFileHandle here, string path) =>
        LinuxCalls.Open(here, path, LinuxCalls.PathOnly | LinuxCalls.Directory, 0, out var error)
        ?? throw new DirectoryNotFoundException($"The folder {path} cannot be opened: {ErrorNumber.Text(error)}. Name a folder that you may enter.");

    private static bool IsProvable(SafeFileHandle top)
    {
        using var handle = LinuxCalls.OpenProved(top, ".", LinuxCalls.PathOnly | LinuxCalls.Directory, 0, LinuxCalls.NoSymlinks, out _);
        return handle is not null;
    }

    private static int Fill(SafeFileHandle file, ReadOnlySpan<byte> content, LinuxStat? before)
    {
        var error = LinuxCalls.WriteAll(file, content);
        if (error == 0 && before is { } old)
        {
            // Only root can give a file away; for others the file becomes theirs, as with any editor that replaces.
            _ = LinuxCalls.ChangeOwner(file, old.User, old.Group);
            error = LinuxCalls.ChangeMode(file, old.Mode & 0x1FFu) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        return error == 0 && LinuxCalls.Sync(file) < 0 ? Marshal.GetLastPInvokeError() : error;
    }

    /// <summary>What the write will take the place of: a regular file that may be written, or nothing.</summary>
    private static LinuxStat? Replaced(SafeFileHandle folder, string name, ResolvedPath path)
    {
        var error = LinuxCalls.StatName(folder, LinuxCalls.Terminated(name), out var stat);
        if (error == ErrorNumber.NoEntry)
        {
            return null;
        }

        if (error != 0)
        {
            throw FileFailure.From(error, path, "written");
        }

        if (stat.IsLink)
        {
            throw FileFailure.From(ErrorNumber.Loop, path, "written");
        }

        if (stat.Kind != FileKind.File)
        {
            throw stat.Kind == FileKind.Directory ? FileFailure.From(ErrorNumber.IsAFolder, path, "written") : FileFailure.NotRegular(path);
        }

        // A rename would pass over a read-only mark that a person set on purpose.
        return LinuxCalls.Access(folder, name, WriteAccess, 0) < 0
            ? throw FileFailure.From(Marshal.GetLastPInvokeError(), path, "written")
            : stat;
    }

    private static void SyncFolder(SafeFileHandle folder, ResolvedPath path)
    {
        using var readable = LinuxCalls.Open(folder, ".", LinuxCalls.ReadOnly | LinuxCalls.Directory, 0, out _);
        if (readable is not null && LinuxCalls.Sync(readable) < 0)
        {
            throw new ToolException($"{path.Given} was written, but the disk did not confirm it: {ErrorNumber.Text(Marshal.GetLastPInvokeError())}.");
        }
    }

    private SafeFileHandle OpenOrMakeFolder(string real, ResolvedPath path)
    {
        var flags = LinuxCalls.PathOnly | LinuxCalls.Directory;
        var folder = Open(real, flags, out var error);
        if (folder is not null)
        {
            return folder;
        }

        if (error != ErrorNumber.NoEntry || Path.GetDirectoryName(real) is not { } above)
        {
            throw FileFailure.From(error, path, "written");
        }

        using var parent = OpenOrMakeFolder(above, path);
        var name = Path.GetFileName(real);
        if (LinuxCalls.MakeFolder(parent, name, 0x1FF) < 0 && Marshal.GetLastPInvokeError() is var made and not ErrorNumber.Exists)
        {
            throw FileFailure.From(made, path, "written");
        }

        return LinuxCalls.Open(parent, name, flags | LinuxCalls.NoFollow, 0, out error) ?? throw FileFailure.From(error, path, "written");
    }

    private SafeFileHandle? Open(string real, int flags, out int error)
    {
        var inside = PathResolution.IsInside(real, _root);
        var start = inside ? _rootFolder : _top;
        var relative = Path.GetRelativePath(inside ? _root : "/", real);
        if (_proved)
        {
            var resolve = LinuxCalls.NoSymlinks | LinuxCalls.NoMagicLinks | LinuxCalls.Beneath;
            return LinuxCalls.OpenProved(start, relative, flags, 0, resolve, out error);
        }

        var handle = LinuxCalls.Open(start, relative, flags | LinuxCalls.NoFollow, 0, out error);
        if (handle is not null && LinuxCalls.ReadLink($"/proc/self/fd/{handle.DangerousGetHandle()}") != real)
        {
            handle.Dispose();
            error = ErrorNumber.Loop;
            return null;
        }

        return handle;
    }
}
