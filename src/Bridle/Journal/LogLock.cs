using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>The one writer of a log: a file beside it that is held exclusively. The lock of a dead process frees itself.</summary>
internal sealed class LogLock : IDisposable
{
    private const string JustBegun = "it has just begun";
    private readonly string _path;
    private readonly SafeFileHandle _file;

    private LogLock(string path, SafeFileHandle file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Takes the lock or throws a <see cref="JournalException"/> that names its holder.</summary>
    public static LogLock Take(string log, DateTimeOffset now)
    {
        var path = log + ".lock";
        while (true)
        {
            SafeFileHandle file;
            try
            {
                file = PrivateFiles.Create(path, FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && HolderOf(path) is { } holder)
            {
                throw new JournalLockedException($"{log} is open in another process ({holder}). Only one may write to a session: close it there, or clone the session.");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw NotTaken(path, failure);
            }

            // The last holder removes the file; a lock on a file that has lost its name excludes nobody.
            if (OperatingSystem.IsLinux() && FileIdentity.Of(path) is var named && (named is null || FileIdentity.Of(file, path)?.IsSameFile(named.Value) != true))
            {
                file.Dispose();
                continue;
            }

            var text = string.Create(CultureInfo.InvariantCulture, $"{{\"pid\":{Environment.ProcessId},\"since\":\"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\"}}\n");
            try
            {
                RandomAccess.SetLength(file, 0);
                RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), 0);
                return new LogLock(path, file);
            }
            catch (IOException failure)
            {
                new LogLock(path, file).Dispose();
                throw NotTaken(path, failure);
            }
        }
    }

    private static JournalException NotTaken(string path, Exception failure) =>
        new($"The lock {path} could not be taken: {failure.Message.TrimEnd('.')}. Free some room or make the folder writable, then try again.", failure);

    public void Dispose()
    {
        if (!_file.IsClosed && OperatingSystem.IsLinux())
        {
            File.Delete(_path);
        }

        _file.Dispose();
    }

    /// <summary>Who holds the lock of a log, in words, without taking it; null where nobody does who still runs.</summary>
    public static string? LookAt(string log) =>
        OperatingSystem.IsLinux() && LookAtHolder(log + ".lock") is { } holder && (holder == JustBegun || Directory.Exists($"/proc/{holder.Split(' ', ',')[1]}")) ? holder : null;

    /// <summary>Who holds the lock, in words. A holder that has just begun is given a moment to write its name.</summary>
    private static string? HolderOf(string path)
    {
        for (var look = 0; ; look++)
        {
            var holder = LookAtHolder(path);
            if (holder != JustBegun || look >= 20)
            {
                return holder;
            }

            Thread.Sleep(10);
        }
    }

    // Read past the framework, whose readers respect the lock.
    private static string? LookAtHolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return "it does not say which";
        }

        var descriptor = Libc.Open(path, 0);
        if (descriptor < 0)
        {
            return null;
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var bytes = new byte[200];
        var length = RandomAccess.Read(file, bytes, 0);
        try
        {
            using var holder = JsonDocument.Parse(bytes.AsMemory(0, length));
            return $"pid {holder.RootElement.GetProperty("pid").GetInt32()}, since {holder.RootElement.GetProperty("since").GetString()}";
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return JustBegun;
        }
    }
}
