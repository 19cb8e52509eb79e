using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Cases;

/// <summary>A file with one case a line.</summary>
public static class CaseFile
{
    /// <summary>Its lines. Throws what reading files throws, and for what is no file: to open a pipe that nobody writes into would wait for ever. What the program was given open may be one.</summary>
    public static IEnumerable<string> Lines(string path) =>
        path is not "/dev/stdin" && !path.StartsWith("/dev/fd/", StringComparison.Ordinal) && SettingsFile.IsOdd(path) ? throw new IOException("It is not an ordinary file.") : File.ReadLines(path);
}
