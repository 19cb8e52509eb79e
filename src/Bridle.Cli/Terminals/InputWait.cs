using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Bridle.Cli.Terminals;

/// <summary>Waits until standard input has something, and can be woken from another thread meanwhile, which a read that blocks cannot. Not for Windows.</summary>
internal sealed partial class InputWait : IDisposable
{
    private const short Readable = 1;
    private const short Wrong = 0x08 | 0x10 | 0x20;
    private const int Interrupted = 4;

    private readonly AnonymousPipeServerStream _waking = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _woken;

    public InputWait() => _woken = new(PipeDirection.In, _waking.ClientSafePipeHandle);

    /// <summary>Whether the terminal was closed: whoever reads it now gets nothing again and again.</summary>
    public bool IsGone { get; private set; }

    /// <summary>True when there is input, or will be none any more; false when somebody woke it. One thread waits.</summary>
    public bool ForInput()
    {
        Span<Watched> watched = stackalloc Watched[2];
        while (true)
        {
            watched[0] = new() { Descriptor = 0, Wanted = Readable };
            watched[1] = new() { Descriptor = (int)_woken.SafePipeHandle.DangerousGetHandle(), Wanted = Readable };
            if (Poll(watched, (nuint)watched.Length, -1) < 0)
            {
                if (Marshal.GetLastPInvokeError() == Interrupted)
                {
                    continue;
                }

                // Nothing to wait with: whoever reads waits there, as long as it takes.
                return true;
            }

            if (watched[1].Found != 0)
            {
                _woken.ReadByte();
                return false;
            }

            if (watched[0].Found != 0)
            {
                IsGone = (watched[0].Found & Wrong) != 0;
                return true;
            }
        }
    }

    /// <summary>Wakes whoever waits, or the next one who does.</summary>
    public void Wake()
    {
        _waking.WriteByte(0);
        _waking.Flush();
    }

    public void Dispose()
    {
        _waking.Dispose();
        _woken.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(Span<Watched> watched, nuint count, int milliseconds);

    // struct pollfd
    private struct Watched
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }
}
