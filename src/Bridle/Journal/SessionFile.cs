using System.Reflection;
using System.Text;
using Bridle.Events;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>How sessions are named on disk.</summary>
internal static class SessionFile
{
    public const string Prefix = "session_";
    public const string Suffix = ".jsonl";

    private const int LongestName = 100;
    private const int LongestNameBytes = 200;

    private static readonly HashSet<string> Devices =
        new(["con", "prn", "aux", "nul", .. Enumerable.Range(1, 9).SelectMany(number => new[] { $"com{number}", $"lpt{number}" })], StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a name cannot be used, or null when it can.</summary>
    public static string? WhyNot(string name)
    {
        var why = name switch
        {
            "" => "it is empty",
            _ when name.Length > LongestName || Encoding.UTF8.GetByteCount(name) > LongestNameBytes => $"it is longer than {LongestName} characters or {LongestNameBytes} bytes",
            _ when name[0] == '.' => "it begins with a dot",
            _ when name.AsSpan().IndexOfAny(OperatingSystem.IsWindows() ? "/\\:*?\"<>|" : "/\\") is >= 0 and var at => $"it contains {name[at]}",
            _ when name.Any(char.IsControl) => "it contains a control character",
            _ when name.Trim() != name => "it begins or ends with a space",
            _ => null,
        };
        return why is null ? null : Refusal(name, why);
    }

    private static string Refusal(string name, string why) => $"\"{name}\" cannot be the name of a session: {why}. Use letters, digits, spaces, dots, - and _.";

    /// <summary>
    /// Why a session cannot be given this name, or null when it can. Also what only some systems do not take: a session may be carried to another one. Those that have such a name already keep it.
    /// </summary>
    public static string? WhyNotNew(string name)
    {
        var why = name.AsSpan().IndexOfAny(":*?\"<>|") is >= 0 and var at ? $"it contains {name[at]}"
            : Devices.Contains(name.Split('.')[0]) ? "Windows keeps it for a device"
            : name.EndsWith('.') ? "it ends in a dot"
            : null;
        return WhyNot(name) ?? (why is null ? null : Refusal(name, why));
    }

    public static string NameOf(string path) => Path.GetFileName(path)[Prefix.Length..^Suffix.Length];

    /// <summary>Reads a log from beside whoever writes it. Throws <see cref="JournalException"/> with the reason when it cannot be read.</summary>
    public static T Read<T>(string path, Func<SafeFileHandle, long, T> read)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return read(file, RandomAccess.GetLength(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"{path} could not be read: {failure.Message}", failure);
        }
    }

    /// <summary>The first record of a session.</summary>
    public static SessionStarted Started(string path, string workingDirectory) =>
        new(LogInspection.Format, NameOf(path), workingDirectory, Version);

    private static string Version { get; } =
        typeof(SessionFile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
