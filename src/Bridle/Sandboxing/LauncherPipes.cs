using System.Text;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>The three descriptors that the launcher gets: the filter to read, where to say what becomes of the program, and what it waits for.</summary>
internal sealed class LauncherPipes : IDisposable
{
    private readonly int[] _theirs = [-1, -1, -1];
    private int _status = -1;
    private int _block = -1;

    public LauncherPipes(byte[] filter)
    {
        try
        {
            (_theirs[0], var write) = Pipe(oursIsWrite: true);
            _ = LinuxProcessCalls.WriteAll(write, filter);
            Close(ref write);
            (_theirs[1], _status) = Pipe(oursIsWrite: false);
            (_theirs[2], _block) = Pipe(oursIsWrite: true);
        }
        catch (ToolException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the launcher is handed, in the order of its numbers.</summary>
    public IReadOnlyList<int> Handed => _theirs;

    /// <summary>Once it has them, ours would only keep them open.</summary>
    public void CloseTheirs()
    {
        for (var at = 0; at < _theirs.Length; at++)
        {
            Close(ref _theirs[at]);
        }
    }

    /// <summary>The first process of the confined tree, as this machine numbers it; null when the launcher ended or said nothing.</summary>
    public unsafe int? ReadChild(int patience)
    {
        var text = new StringBuilder();
        var buffer = stackalloc byte[512];
        var entry = stackalloc PollEntry[1];
        var until = Environment.TickCount64 + patience;
        while (!text.ToString().Contains('}', StringComparison.Ordinal))
        {
            entry[0] = new PollEntry { Descriptor = _status, Wanted = LinuxProcessCalls.Readable };
            var left = (int)(until - Environment.TickCount64);
            if (left <= 0)
            {
                return null;
            }

            if (LinuxProcessCalls.Poll(entry, 1, left) <= 0)
            {
                continue;
            }

            var count = LinuxProcessCalls.Read(_status, buffer, 512);
            if (count <= 0)
            {
                return null;
            }

            text.Append(Encoding.ASCII.GetString(buffer, (int)count));
        }

        var first = text.ToString();
        using var document = JsonDocument.Parse(first[..(first.IndexOf('}', StringComparison.Ordinal) + 1)]);
        return document.RootElement.TryGetProperty("child-pid", out var child) ? child.GetInt32() : null;
    }

    /// <summary>Where the launcher says how the program ended; from now on the caller's to close.</summary>
    public int TakeStatus()
    {
        var status = _status;
        _status = -1;
        return status;
    }

    /// <summary>What the launcher said there and was not read yet, without waiting; closes it.</summary>
    public static unsafe string TakeRest(int status)
    {
        var text = new StringBuilder();
        var buffer = stackalloc byte[512];
        var entry = stackalloc PollEntry[1];
        while (true)
        {
            entry[0] = new PollEntry { Descriptor = status, Wanted = LinuxProcessCalls.Readable };
            var count = LinuxProcessCalls.Poll(entry, 1, 0) > 0 ? LinuxProcessCalls.Read(status, buffer, 512) : 0;
            if (count <= 0)
            {
                _ = LinuxProcessCalls.Close(status);
                return text.ToString();
            }

            text.Append(Encoding.ASCII.GetString(buffer, (int)count));
        }
    }

    /// <summary>Closing what it waits for lets it begin, so this is last.</summary>
    public void Dispose()
    {
        CloseTheirs();
        Close(ref _status);
        Close(ref _block);
    }

    private static (int Theirs, int Ours) Pipe(bool oursIsWrite)
    {
        var error = LinuxProcessCalls.MakePipe(out var read, out var write);
        if (error != 0)
        {
            throw new ToolException($"The sandbox could not be set up: {ErrorNumber.Text(error)}. Nothing was run.");
        }

        // Theirs become 3, 4 and 5 one after another; their own numbers must be none of these.
        var theirs = oursIsWrite ? read : write;
        var lifted = LinuxProcessCalls.Lift(theirs);
        Close(ref theirs);
        return (lifted, oursIsWrite ? write : read);
    }

    private static void Close(ref int descriptor)
    {
        if (descriptor >= 0)
        {
            _ = LinuxProcessCalls.Close(descriptor);
            descriptor = -1;
        }
    }
}
