using System.Globalization;

namespace Bridle.Hosting.Assembly;

/// <summary>
/// The log of one run of the program, named by when it began: what it did in outline, and unexpected failures in full under a number that the model or the person was given.
/// It is for people; nothing reads it back. The file is made with the first line, and the oldest of many are removed then.
/// </summary>
public sealed class FaultLog(string? folder, TimeProvider time)
{
    private const int MostKept = 200;

    private readonly Lock _lock = new();
    private string? _file;

    /// <summary>The log of a run of the program that makes a request; it keeps no file where the session keeps none.</summary>
    public static FaultLog Of(HarnessRequest request) => new(request.InMemory ? null : Path.Combine(BridleFolders.For(request.Environment).State, "logs"), request.Time);

    /// <summary>The file, once there is something in it.</summary>
    public string? File => _file;

    /// <summary>Writes a failure down. Never throws: a log that cannot be written must not add a failure to a failure.</summary>
    public void Report(string id, Exception fault) => Note($"{id} {fault}");

    /// <summary>Writes a line. Never throws.</summary>
    public void Note(string line)
    {
        if (folder is null)
        {
            return;
        }

        lock (_lock)
        {
            try
            {
                _file ??= Make(folder);
                System.IO.File.AppendAllText(_file, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {line}\n");
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                _file = null;
            }
        }
    }

    // Two runs may begin in the same second.
    private string Make(string folder)
    {
        BridleFolders.CreatePrivate(folder);
        foreach (var old in Directory.GetFiles(folder).Order(StringComparer.Ordinal).SkipLast(MostKept - 1))
        {
            System.IO.File.Delete(old);
        }

        var name = Path.Combine(folder, time.GetLocalNow().ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture));
        for (var i = 1; ; i++)
        {
            var file = i == 1 ? name : $"{name}-{i}";
            try
            {
                using var made = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
                return file;
            }
            catch (IOException) when (System.IO.File.Exists(file))
            {
                // Another run has it; the next number is tried.
            }
        }
    }
}
