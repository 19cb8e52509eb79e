namespace Bridle.Journal;

/// <summary>What stands where the file of a session belongs and is none: a folder that a person or a program put there.</summary>
public static class SessionAbsence
{
    /// <summary>Says that a folder stands in the place of a session's file, where it is, and what to do; null when none does.</summary>
    public static string? FolderInPlace(SessionStore store, string name)
    {
        ArgumentNullException.ThrowIfNull(store);
        return SessionStore.WhyNotName(name) is null && Directory.Exists(store.PathOf(name)) ? Words(name, store.PathOf(name)) : null;
    }

    /// <summary>The names of all sessions in the place of whose file a folder stands, in order, each with what <see cref="FolderInPlace"/> says of it.</summary>
    public static IReadOnlyList<(string Name, string Words)> Folders(SessionStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var sessions = new DirectoryInfo(Path.Combine(store.DataFolder, "sessions"));
        return !sessions.Exists ? []
            : [.. sessions.EnumerateDirectories(SessionFile.Prefix + "*" + SessionFile.Suffix).Where(folder => folder.Name.Length > SessionFile.Prefix.Length + SessionFile.Suffix.Length)
                .OrderBy(folder => folder.Name, StringComparer.Ordinal).ToList().ConvertAll(folder => (SessionFile.NameOf(folder.Name), Words(SessionFile.NameOf(folder.Name), folder.FullName)))];
    }

    private static string Words(string name, string path) => $"A folder stands where the file of session '{name}' belongs: {path}. Move the folder away and put the file back.";
}
