using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Bridle.Workspaces;

/// <summary>Takes an open socket that another process hands over through a Unix socket (<c>SCM_RIGHTS</c>), which .NET has no call for. Linux only.</summary>
public static partial class HandedSocket
{
    private const int NoWait = 0x40;
    private const int CloseOnExec = 0x4000_0000;
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int ControlRoom = 64;

    /// <summary>
    /// Waits for one message on a connection and takes the one socket in it; null when the connection ends, or when it brings anything else. Whatever else was
    /// handed over is closed.
    /// </summary>
    public static async ValueTask<Socket?> ReceiveAsync(Socket connection, CancellationToken cancellationToken)
    {
        // A read of nothing waits until there is something, without taking it.
        _ = await connection.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken);
        var descriptors = Take((int)connection.Handle);
        if (descriptors is not [var one])
        {
            foreach (var other in descriptors)
            {
                _ = LinuxProcessCalls.Close(other);
            }

            return null;
        }

        try
        {
            return new Socket(new SafeSocketHandle(one, ownsHandle: true));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static unsafe List<int> Take(int connection)
    {
        var control = stackalloc byte[ControlRoom];
        byte letter;
        var piece = new Piece { Start = &letter, Length = 1 };
        var message = new Message { Pieces = &piece, PieceCount = 1, Control = control, ControlLength = ControlRoom };
        var descriptors = new List<int>();
        if (ReceiveMessage(connection, &message, NoWait | CloseOnExec) < 1 || message.ControlLength < 16)
        {
            return descriptors;
        }

        // A header of 16 bytes (its length, level, type), then the descriptors.
        var length = Math.Min((int)*(nuint*)control, (int)message.ControlLength);
        if (*(int*)(control + 8) == SocketLevel && *(int*)(control + 12) == Rights)
        {
            for (var at = 16; at + 4 <= length; at += 4)
            {
                descriptors.Add(*(int*)(control + at));
            }
        }

        return descriptors;
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static unsafe partial nint ReceiveMessage(int socket, Message* message, int flags);

    private unsafe struct Piece
    {
        public byte* Start;
        public nuint Length;
    }

    private unsafe struct Message
    {
        public void* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint PieceCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
