namespace Bridle.Journal;

/// <summary>What stands where files of sessions belong and is none: a folder, a pipe or a device that somebody put there, or a log whose name no session can have.</summary>
public static class SessionAbsence
{
    private const uint BasicStats = 0x7ff;
    private const int KindOfFile = 0xf000;
    private const int OrdinaryFile = 0x8000;
    private const int CurrentFolder = -100;

    /// <summary>Says that something else stands in the place of a session's file, where it is, and what to do; null when nothing does.</summary>
    public static string? InPlace(SessionStore store, string name)
    {
        ArgumentNullException.ThrowIfNull(store);
        return SessionStore.WhyNotName(name) is not null ? null
            : Directory.Exists(store.PathOf(name)) ? Words("A folder stands", name, store.PathOf(name))
            : File.Exists(store.PathOf(name)) && !IsOrdinary(new FileInfo(store.PathOf(name))) ? Words("A pipe or a device stands", name, store.PathOf(name))
            : null;
    }

    /// <summary>Everything in the folder of the sessions that is called like a session's file and cannot be opened as one, in order: the name that stands there, and what to do.</summary>
    public static IReadOnlyList<(string Name, string Words)> All(SessionStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var sessions = new DirectoryInfo(Path.Combine(store.DataFolder, "sessions"));
        return !sessions.Exists ? []
            : [.. sessions.EnumerateFileSystemInfos(SessionFile.Prefix + "*" + SessionFile.Suffix).Where(entry => entry.Name.Length >= SessionFile.Prefix.Length + SessionFile.Suffix.Length)
                .OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList().ConvertAll(entry => (Name: SessionFile.NameOf(entry.Name), Words: Why(store, entry)!)).Where(entry => entry.Words is not null)];
    }

    /// <summary>Whether it is a file that can be read to its end: already the opening of a pipe waits, for somebody at its other end, and a device may have no end.</summary>
    internal static bool IsOrdinary(FileInfo file) =>
        OperatingSystem.IsWindows() || (file.Length > 0 && !file.Attributes.HasFlag(FileAttributes.ReparsePoint)) || !OperatingSystem.IsLinux()
        || (Libc.Statx(CurrentFolder, file.FullName, 0, BasicStats, out var found) == 0 && (found.Mode & KindOfFile) == OrdinaryFile);

    private static string? Why(SessionStore store, FileSystemInfo entry) =>
        SessionStore.WhyNotName(SessionFile.NameOf(entry.Name)) is { } why ? $"{entry.FullName} is not listed. {why} Rename the file." : InPlace(store, SessionFile.NameOf(entry.Name));

    private static string Words(string what, string name, string path) => $"{what} where the file of session '{name}' belongs: {path}. Move it away and put the file back.";
}
