using System.Buffers.Binary;
using System.Net.Sockets;

namespace Bridle.Workspaces;

/// <summary>Who is at the other end of a Unix socket, as the kernel says it. Linux only.</summary>
public static class PeerProcess
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int MostAncestors = 64;

    /// <summary>
    /// The ids of the process that made the connection and of those above it, up to this one or to one that cannot be seen; empty when the kernel does not tell.
    /// Ask while the other end is open: afterwards its id may be another's.
    /// </summary>
    public static IReadOnlyList<int> WithAncestors(Socket connection)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        Span<byte> credentials = stackalloc byte[12];
        try
        {
            connection.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        }
        catch (SocketException)
        {
            return [];
        }

        var chain = new List<int>();
        for (var id = BitConverter.IsLittleEndian ? BinaryPrimitives.ReadInt32LittleEndian(credentials) : BinaryPrimitives.ReadInt32BigEndian(credentials);
            id > 1 && id != Environment.ProcessId && chain.Count < MostAncestors && ProcessTable.Find(id) is { } row; id = row.Parent)
        {
            chain.Add(id);
        }

        return chain;
    }
}
