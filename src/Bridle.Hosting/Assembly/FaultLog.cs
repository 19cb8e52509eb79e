using System.Globalization;

namespace Bridle.Hosting.Assembly;

/// <summary>Where unexpected failures are kept for people, under a number that the model or the person was given. The file is made with the first one.</summary>
public sealed class FaultLog(string? folder, TimeProvider time)
{
    private readonly Lock _lock = new();
    private string? _file;

    /// <summary>The file, once there is something in it.</summary>
    public string? File => _file;

    /// <summary>Writes one down. Never throws: a log that cannot be written must not add a failure to a failure.</summary>
    public void Report(string id, Exception fault)
    {
        if (folder is null)
        {
            return;
        }

        lock (_lock)
        {
            try
            {
                BridleFolders.CreatePrivate(folder);
                _file ??= Path.Combine(folder, time.GetLocalNow().ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture));
                System.IO.File.AppendAllText(_file, $"{time.GetUtcNow():O} {id} {fault}\n");
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                _file = null;
            }
        }
    }
}
