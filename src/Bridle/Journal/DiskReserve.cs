namespace Bridle.Journal;

/// <summary>1 MiB of room in the data folder, given up when the disk is full so that a session can still be closed properly.</summary>
internal sealed class DiskReserve(string dataFolder)
{
    private const long Size = 1 << 20;

    private readonly string _path = Path.Combine(dataFolder, ".reserve");

    /// <summary>Sets the room aside when there is enough; nothing depends on it.</summary>
    public void SetAside()
    {
        try
        {
            // On a disk that is almost full the room is needed for the closing records themselves.
            if (new FileInfo(_path) is { Exists: true, Length: Size } || new DriveInfo(dataFolder).AvailableFreeSpace < 3 * Size)
            {
                return;
            }

            using var file = PrivateFiles.Create(_path, FileMode.Create);
            RandomAccess.Write(file, new byte[Size], 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            GiveUp();
        }
    }

    /// <summary>Frees the room.</summary>
    public void GiveUp()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nothing more can be freed; the failure that led here is reported by the caller.
        }
    }
}
