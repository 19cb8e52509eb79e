using System.Text;

namespace Bridle.Permissions;

/// <summary>The first line of a file that is run: what it says that it is run by.</summary>
internal static class FirstLine
{
    private const int Most = 256;

    /// <summary>The words behind <c>#!</c>; empty for a text without them, which a shell runs; null for what is no text, or cannot be read.</summary>
    public static string? Of(string file)
    {
        Span<byte> start = stackalloc byte[Most];
        try
        {
            // Already the opening of a pipe waits, for somebody to open its other end.
            if (new FileInfo(file).Length == 0)
            {
                return null;
            }

            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            start = start[..stream.ReadAtLeast(start, Most, throwOnEndOfStream: false)];
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (start.Contains((byte)0))
        {
            return null;
        }

        if (!start.StartsWith("#!"u8))
        {
            return "";
        }

        var end = start.IndexOf((byte)'\n');
        return end < 0 && start.Length == Most ? null : Encoding.UTF8.GetString(start[2..(end < 0 ? start.Length : end)]).Trim();
    }
}
