using System.Security.Cryptography;

namespace Bridle.Journal;

/// <summary>Blobs as files named by their hash. Shared by all sessions of a data folder and by several processes at once.</summary>
public sealed class FileBlobs : IBlobs
{
    private readonly string _folder;

    /// <summary>Blobs in the given folder, which is made when the first one is stored.</summary>
    public FileBlobs(string folder) => _folder = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public string Put(ReadOnlySpan<byte> bytes)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = Path.Combine(_folder, hash);
        try
        {
            if (Get(hash) is not null)
            {
                // So that nobody who cleans up takes it for forgotten before a record names it.
                File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
                return hash;
            }

            PrivateFiles.MakeFolder(_folder);
            var content = bytes.ToArray();
            PrivateFiles.Replace(path, overwrite: true, file => RandomAccess.Write(file, content, 0));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The blob {path} could not be stored: {failure.Message.TrimEnd('.')}. Free some room or mend the folder, then open the session again.", failure);
        }

        return hash;
    }

    /// <inheritdoc/>
    public byte[]? Get(string hash)
    {
        // Mostly there is none yet when one is stored, and an exception for that would be the dearest part of a start.
        if (PathOf(hash) is not { } path || !File.Exists(path))
        {
            return null;
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == hash ? bytes : null;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The blob {path} could not be read: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public string? PathOf(string hash) => IsHash(hash) ? Path.Combine(_folder, hash) : null;

    private static bool IsHash(string hash) => hash.Length == 64 && hash.All(digit => digit is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}
