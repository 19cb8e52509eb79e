using System.Text;
using Bridle.Workspaces;

namespace Bridle.Tools;

/// <summary>One process in the background. Keeps the last megabyte of output that nobody took yet.</summary>
public sealed class BackgroundProcess : IAsyncDisposable
{
    private const int Kept = 1024 * 1024;
    private readonly Lock _lock = new();
    private readonly MemoryStream _output = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private IRunningProcess? _process;
    private long _dropped;

    internal BackgroundProcess(int number, string command)
    {
        Number = number;
        Command = command;
    }

    /// <summary>Such as <c>bg1</c>.</summary>
    public string Id => $"bg{Number}";

    /// <summary>The command line it was started with.</summary>
    public string Command { get; }

    /// <summary>The exit code, or null while it runs.</summary>
    public int? ExitCode => _process is { Exit: { IsCompletedSuccessfully: true } exit } ? exit.Result : null;

    internal int Number { get; }

    /// <summary>The output that came since the last call, and how many bytes of it were dropped because nobody took them in time.</summary>
    public (string Text, long Dropped) TakeNew()
    {
        lock (_lock)
        {
            var bytes = _output.GetBuffer().AsSpan(0, (int)_output.Length);
            var chars = new char[_decoder.GetCharCount(bytes, flush: false)];
            var count = _decoder.GetChars(bytes, chars, flush: false);
            _output.SetLength(0);
            var dropped = _dropped;
            _dropped = 0;
            return (new string(chars, 0, count), dropped);
        }
    }

    /// <summary>Ends it and everything it started.</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal void Attach(IRunningProcess process) => _process = process;

    internal void Append(OutputChunk chunk)
    {
        lock (_lock)
        {
            _output.Write(chunk.Bytes.Span);
            if (_output.Length > Kept)
            {
                var over = (int)_output.Length - Kept;
                var rest = _output.GetBuffer().AsSpan(over, Kept).ToArray();
                _output.SetLength(0);
                _output.Write(rest);
                _dropped += over;
            }
        }
    }
}
