using System.Net.Sockets;

namespace Bridle.Hosting.Networking;

/// <summary>Folders of <see cref="ConfinedNetwork"/> whose program was killed: their sockets are there, and nobody listens any more.</summary>
internal static class LeftNetworks
{
    /// <summary>How the folders' names begin.</summary>
    public const string Prefix = "bridle-net-";

    /// <summary>How the socket in them is named.</summary>
    public const string SocketName = "proxy";

    // One that is just being opened has no listener for a moment.
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);

    /// <summary>Removes those that lie in a folder for temporary files, until it is to stop. What belongs to somebody else or cannot be removed stays; nothing is thrown.</summary>
    public static void Remove(string temporary, TimeProvider time, CancellationToken stop)
    {
        foreach (var folder in Directory.Exists(temporary) ? Directory.EnumerateDirectories(temporary, $"{Prefix}*") : [])
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }

            try
            {
                RemoveIfLeft(new(folder), time);
            }
            catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
            {
                // Another program of ours was quicker, or it is somebody else's.
            }
        }
    }

    private static void RemoveIfLeft(DirectoryInfo folder, TimeProvider time)
    {
        if (time.GetUtcNow() - folder.LastWriteTimeUtc > Young && folder.LinkTarget is null && IsLeft(folder))
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsLeft(DirectoryInfo folder)
    {
        var path = Path.Combine(folder.FullName, SocketName);
        if (!File.Exists(path))
        {
            return !folder.EnumerateFileSystemInfos().Any();
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode is SocketError.ConnectionRefused;
        }
    }
}
