using System.Security.Cryptography;

namespace Bridle.Journal;

/// <summary>The hash of the beginning of a log: whoever keeps it can tell later whether anything up to there was changed.</summary>
public static class LogDigest
{
    /// <summary>The SHA-256, in lower-case hex, of the first lines of a file with their newlines; null when it has fewer. Throws what reading files throws.</summary>
    public static string? Of(string path, long lines)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new LogLines(file, 0, RandomAccess.GetLength(file));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0L; i < lines; i++)
        {
            if (!reader.Next() || !reader.IsTerminated)
            {
                return null;
            }

            hash.AppendData(reader.Line.Span);
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
