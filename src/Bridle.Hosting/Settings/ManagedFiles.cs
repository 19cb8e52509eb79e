namespace Bridle.Hosting.Settings;

/// <summary>
/// The administrator's files: <c>managed-settings.json</c> and what lies in <c>managed-settings.d</c>, of which a later name beats an earlier one.
/// What is there and cannot be read closes: a start without the administrator's rules would be worse than none.
/// </summary>
internal static class ManagedFiles
{
    /// <summary>Reads them, strongest first; the broken ones included.</summary>
    public static IReadOnlyList<PlacedFile> Read(HostEnvironment environment)
    {
        var folder = environment.ManagedFolder;
        var files = new List<PlacedFile>();
        void Add(SettingsFile file) => files.Add(new(SettingsOrigin.Managed, Slip(file) is { } slip ? SettingsFile.Broken(file.Path, slip) : file, folder));

        var parts = Path.Combine(folder, "managed-settings.d");
        try
        {
            foreach (var path in NamesIn(parts).Where(IsPart).OrderDescending(StringComparer.Ordinal))
            {
                Add(SettingsFile.ReadExisting(path, environment.IgnoredSettings));
            }

            var single = Path.Combine(folder, "managed-settings.json");
            if (NamesIn(folder).Contains(single))
            {
                Add(SettingsFile.ReadExisting(single, environment.IgnoredSettings));
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Add(SettingsFile.Broken(folder, $"It cannot be read: {unreadable.Message}"));
        }

        return files;
    }

    // A lock that is misspelt or stands at the wrong level locks nothing, a key that is given twice may take back what stands before it, and nobody would notice.
    private static string? Slip(SettingsFile file) => file.Settings is null ? null : file.Notices.FirstOrDefault(notice => notice.Contains("Did you mean", StringComparison.Ordinal) || notice.Contains("' is given twice; ", StringComparison.Ordinal));

    private static bool IsPart(string path) => path.EndsWith(".json", StringComparison.Ordinal) && Path.GetFileName(path)[0] != '.';

    // Listing tells a folder that is missing from one that may not be looked into, which asking for a file does not.
    private static IReadOnlyList<string> NamesIn(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
