using System.Text;
using System.Text.Json;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Hosting.Assembly;

/// <summary>Finds the session that was used last in a folder.</summary>
internal static class LatestSession
{
    private const int MostHeadBytes = 64 * 1024;

    /// <summary>Its name, or null. Reads the first line of one file after another, the latest first, until one is of this folder.</summary>
    public static string? In(SessionStore store, string folder) =>
        store.List().FirstOrDefault(session => FolderOf(session.Path) is { } began && Path.TrimEndingDirectorySeparator(began) == Path.TrimEndingDirectorySeparator(folder))?.Name;

    /// <summary>The folder in which the session of a file began, or null where its first line does not say.</summary>
    public static string? FolderOf(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var head = new byte[(int)Math.Min(stream.Length, MostHeadBytes)];
            var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var end = head.AsSpan(0, length).IndexOf((byte)'\n');
            using var first = SoundJson.Parse(Encoding.UTF8.GetString(head, 0, end < 0 ? length : end));
            return first.RootElement is { ValueKind: JsonValueKind.Object } record && record.TryGetProperty("working_directory", out var began) && began.ValueKind is JsonValueKind.String
                ? began.GetString() : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
