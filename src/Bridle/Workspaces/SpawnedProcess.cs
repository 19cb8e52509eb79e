using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bridle.Workspaces;

/// <summary>
/// A process on Linux with a thread that waits for its output and its end at once. After <see cref="Exit"/> nothing more is delivered;
/// what a grandchild still writes is read and dropped, so that it neither blocks nor dies of a broken pipe.
/// </summary>
internal sealed class SpawnedProcess : IRunningProcess
{
    private const int Piece = 64 * 1024;
    private const int SurePiece = 4096;
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(100);
    // The threads that follow are kept, and so is what they read into.
    [ThreadStatic]
    private static byte[]? t_buffer;

    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<OutputChunk> _deliver;
    private readonly Func<int, int>? _atEnd;
    private readonly ProcessTree _tree;
    private readonly int[] _pipes;
    private readonly int _process;
    private ReadOnlyMemory<byte> _input;
    private int _inputPipe;
    private readonly ProcessFeed? _feed;
    private readonly Lock _killing = new();
    private Task? _killed;
    private Exception? _refused;
    private volatile bool _isLetGo;

    public SpawnedProcess(int id, (int Input, int Output, int Error) pipes, ProcessTree tree, ProcessSpec spec)
    {
        Id = id;
        _pipes = [pipes.Output, pipes.Error];
        (_inputPipe, _input) = (pipes.Input, spec.Input ?? default);
        _tree = tree;
        _deliver = spec.OnOutput;
        _atEnd = spec.AtEnd;
        _feed = spec.Feed;
        if (_feed is not null)
        {
            var pipe = pipes.Input;
            _inputPipe = -1;
            _feed.Attach(bytes => WriteAll(pipe, bytes.Span), () => Close(ref pipe));
        }

        _process = LinuxProcessCalls.OpenProcess(id);
        FollowingThreads.Run(Follow);
    }

    public int Id { get; }

    public Task<int> Exit => _exit.Task;

    public Task KillAsync()
    {
        lock (_killing)
        {
            return _killed is null || (_killed.IsCompleted && _tree.IsAlive()) ? _killed = EndAsync() : _killed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_tree.IsAlive())
        {
            await KillAsync();
        }

        _isLetGo = true;
    }

    private async Task EndAsync()
    {
        await _tree.KillAsync();

        // What cannot be killed (a broken disk holds it) must not hold us.
        await Task.WhenAny(_exit.Task, Task.Delay(TimeSpan.FromSeconds(2)));
    }

    private void Follow()
    {
        var buffer = t_buffer ??= new byte[Piece];
        var code = 0;
        try
        {
            code = FollowUntilEnd(buffer);
        }
        catch (Exception problem)
        {
            _refused ??= problem;
        }

        try
        {
            code = _atEnd?.Invoke(code) ?? code;
        }
        catch (Exception problem)
        {
            _refused ??= problem;
        }

        if (_refused is null)
        {
            _exit.SetResult(code);
        }
        else
        {
            _exit.SetException(_refused);
        }

        Close(ref _inputPipe);
        _feed?.End();
        Drain(buffer);
        Close(ref _pipes[0]);
        Close(ref _pipes[1]);
    }

    private unsafe int FollowUntilEnd(byte[] buffer)
    {
        int? code = null;
        var sinceEnd = new Stopwatch();
        long owed = 0;
        var entries = stackalloc PollEntry[4];
        while (code is null || (_pipes.Any(one => one >= 0) && (owed > 0 || sinceEnd.Elapsed < s_grace)))
        {
            entries[0] = new PollEntry { Descriptor = _pipes[0], Wanted = LinuxProcessCalls.Readable };
            entries[1] = new PollEntry { Descriptor = _pipes[1], Wanted = LinuxProcessCalls.Readable };
            entries[2] = new PollEntry { Descriptor = code is null ? _process : -1, Wanted = LinuxProcessCalls.Readable };
            var patience = code is not null ? Math.Max(1, (int)(s_grace - sinceEnd.Elapsed).TotalMilliseconds) : _process < 0 ? 10 : -1;
            entries[3] = new PollEntry { Descriptor = code is null ? _inputPipe : -1, Wanted = LinuxProcessCalls.Writable };
            _ = LinuxProcessCalls.Poll(entries, 4, patience);
            Give(entries[3].Got);
            owed -= Take(entries, 0, buffer) + Take(entries, 1, buffer);
            if (code is null && (_process < 0 || entries[2].Got != 0))
            {
                code = LinuxProcessCalls.Reap(Id, wait: _process >= 0);
                if (code is not null)
                {
                    Ended();
                    sinceEnd.Start();
                    owed = Waiting(_pipes[0]) + Waiting(_pipes[1]);
                }
            }
        }

        return code.Value;
    }

    private void Ended()
    {
        _tree.Reaped();
        if (_process >= 0)
        {
            _ = LinuxProcessCalls.Close(_process);
        }
    }

    /// <summary>Reads one piece when there is one. How many bytes; closes the pipe at its end.</summary>
    private unsafe int Take(PollEntry* entries, int pipe, byte[] buffer)
    {
        if (entries[pipe].Got == 0 || _pipes[pipe] < 0)
        {
            return 0;
        }

        nint count;
        fixed (byte* start = buffer)
        {
            count = LinuxProcessCalls.Read(_pipes[pipe], start, Piece);
        }

        if (count > 0)
        {
            Deliver(buffer.AsSpan(0, (int)count), pipe == 1);
        }
        else if (count == 0 || Marshal.GetLastPInvokeError() is not (ErrorNumber.Interrupted or ErrorNumber.Again))
        {
            Close(ref _pipes[pipe]);
        }

        return (int)Math.Max(0, count);
    }

    /// <summary>Writes one piece of the input when the pipe takes it; no more than a pipe takes for sure, so that this never waits. Closes it at the end, or when nobody reads.</summary>
    private unsafe void Give(short got)
    {
        if (got == 0 || _inputPipe < 0)
        {
            return;
        }

        var piece = _input.Span[..Math.Min(_input.Length, SurePiece)];
        nint count;
        fixed (byte* start = piece)
        {
            count = piece.Length == 0 ? 0 : LinuxProcessCalls.Write(_inputPipe, start, (nuint)piece.Length);
        }

        _input = _input[(int)Math.Max(0, count)..];
        if (_input.Length == 0 || (count < 0 && Marshal.GetLastPInvokeError() is not (ErrorNumber.Interrupted or ErrorNumber.Again)))
        {
            Close(ref _inputPipe);
        }
    }

    // Waits while the pipe is full; when the program ends, the pipe breaks and so does the wait.
    private static unsafe bool WriteAll(int pipe, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint count;
            fixed (byte* start = bytes)
            {
                count = LinuxProcessCalls.Write(pipe, start, (nuint)bytes.Length);
            }

            if (count < 0 && Marshal.GetLastPInvokeError() is not (ErrorNumber.Interrupted or ErrorNumber.Again))
            {
                return false;
            }

            bytes = bytes[(int)Math.Max(0, count)..];
        }

        return true;
    }

    private void Deliver(ReadOnlySpan<byte> bytes, bool isError)
    {
        if (_refused is not null || _exit.Task.IsCompleted)
        {
            return;
        }

        try
        {
            _deliver(new OutputChunk(bytes.ToArray(), isError));
        }
        catch (Exception problem)
        {
            // A receiver that fails is a bug; it comes out at Exit, not as the end of the whole program on this thread.
            _refused = problem;
        }
    }

    private unsafe void Drain(byte[] buffer)
    {
        var entries = stackalloc PollEntry[2];
        while (!_isLetGo && _pipes.Any(one => one >= 0))
        {
            entries[0] = new PollEntry { Descriptor = _pipes[0], Wanted = LinuxProcessCalls.Readable };
            entries[1] = new PollEntry { Descriptor = _pipes[1], Wanted = LinuxProcessCalls.Readable };
            if (LinuxProcessCalls.Poll(entries, 2, 200) > 0)
            {
                _ = Take(entries, 0, buffer);
                _ = Take(entries, 1, buffer);
            }
        }
    }

    private static int Waiting(int pipe) => pipe < 0 ? 0 : LinuxProcessCalls.Waiting(pipe);

    private static void Close(ref int pipe)
    {
        if (pipe >= 0)
        {
            _ = LinuxProcessCalls.Close(pipe);
            pipe = -1;
        }
    }
}
