using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Hosting.Trust;
using Bridle.Journal;

namespace Bridle.Hosting.Goals;

/// <summary>A goal and the file that holds it.</summary>
/// <param name="Path">The file, links followed.</param>
/// <param name="Goal">What it holds.</param>
public sealed record GoalFile(string Path, Goal Goal)
{
    private const int MostBytes = 1024 * 1024;
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>Reads a file, or says what is wrong with it, each with the field's name.</summary>
    public static (GoalFile? File, IReadOnlyList<string> Problems) Load(string path)
    {
        var (file, _, problems) = Read(path);
        return (file, problems);
    }

    /// <summary>Writes a new file; false when there is one already. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when it cannot be written.</summary>
    internal static bool Make(string path, JsonObject fields)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        if (System.IO.Path.Exists(path))
        {
            return false;
        }

        using var made = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        made.Write(Bytes(fields));
        return true;
    }

    /// <summary>
    /// Changes a phase in what the file holds by now, and saves the whole atomically: fields that nobody knows, and what a person wrote meanwhile, stay. Gives the goal as it is then,
    /// or why it cannot be saved. For who holds <see cref="TryLock"/>.
    /// </summary>
    internal (GoalFile? File, string? Problem) Change(string title, DateTimeOffset now, Action<JsonObject> change)
    {
        var (read, root, problems) = Read(Path);
        var place = read?.Goal.Phases.FirstOrDefault(phase => phase.Title == title);
        if (read is null || place is null || root!["phases"] is not JsonArray phases || phases[place.Number - 1] is not JsonObject fields)
        {
            return (null, $"{Path} cannot be brought up to date: {(read is null ? string.Join(' ', problems) : $"it has no phase '{title}' any more.")}");
        }

        change(fields);
        root["updated_ms"] = now.ToUnixTimeMilliseconds();
        try
        {
            var mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Path);
            PrivateFiles.Replace(Path, Bytes(root));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Path, mode);
            }
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            return (null, $"{Path} cannot be saved: {unusable.Message}");
        }

        var (file, after) = Load(Path);
        return (file, file is null ? string.Join(' ', after) : null);
    }

    /// <summary>Lets nobody else work on the goal until it is disposed; null when somebody does already. The lock is kept with Bridle's own state, where no model writes.</summary>
    internal IDisposable? TryLock(BridleFolders folders) => FileLock.TryTake(System.IO.Path.Combine(folders.State, "goals", $"{Key}.lock"));

    /// <summary>What only this file has: a part of the SHA-256 of its path.</summary>
    internal string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path)).AsSpan(0, 8));

    private static byte[] Bytes(JsonObject root) => Encoding.UTF8.GetBytes(root.ToJsonString(s_plain) + "\n");

    private static (GoalFile? File, JsonObject? Root, IReadOnlyList<string> Problems) Read(string path)
    {
        try
        {
            var real = RealFolder.Resolve(path) ?? path;
            var bytes = SmallFile.Read(real, MostBytes + 1);
            if (bytes.Length > MostBytes)
            {
                return (null, null, [$"It is larger than {MostBytes / 1024} KiB."]);
            }

            var (goal, root, problems) = GoalReading.Read(bytes);
            return goal is null ? (null, root, problems) : (new(real, goal), root, []);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            return (null, null, [$"It cannot be read: {unusable.Message}"]);
        }
    }
}
