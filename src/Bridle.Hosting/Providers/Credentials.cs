using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridle.Hosting.Providers;

/// <summary>Keys that a person stored with <c>bridle init</c>: one file outside any project that only its owner may read.</summary>
public sealed class Credentials(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where the keys are.</summary>
    public string Path { get; } = path;

    /// <summary>The names of the providers that have a key here, and why the file cannot be used if it cannot.</summary>
    public (IReadOnlyDictionary<string, string> Keys, string? Problem) Read()
    {
        if (!File.Exists(Path))
        {
            return (new Dictionary<string, string>(), null);
        }

        try
        {
            // Closing it in silence would hide that others may have read the keys already.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(Path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            {
                return (new Dictionary<string, string>(), $"{Path} holds keys and may be read or changed by others, so it is not used. Close it with `chmod 600 {Path}`, and replace the keys if somebody may have read them.");
            }

            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(Path), CredentialsJson.Default.DictionaryStringStoredKey) ?? [];
            return (stored.Where(entry => entry.Value?.Key is { Length: > 0 }).ToDictionary(entry => entry.Key, entry => entry.Value.Key), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return (new Dictionary<string, string>(), $"{Path} cannot be read as keys ({exception.GetType().Name}). Correct it, or remove it and run `bridle init` again.");
        }
    }

    /// <summary>Stores the key of one provider and keeps the others. The file is replaced as a whole and is never readable for others, not even for a moment.</summary>
    public void Store(string provider, string key)
    {
        var (keys, problem) = Read();
        if (problem is not null)
        {
            throw new IOException(problem);
        }

        var stored = keys.ToDictionary(entry => entry.Key, entry => new StoredKey(entry.Value));
        stored[provider] = new(key);
        PrivateFile.Replace(Path, JsonSerializer.SerializeToUtf8Bytes(stored, CredentialsJson.Default.DictionaryStringStoredKey));
    }
}

internal sealed record StoredKey(string Key);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, StoredKey>))]
internal sealed partial class CredentialsJson : JsonSerializerContext;
