using System.Text;
using Bridle.Workspaces;

namespace Bridle.Tools;

/// <summary>One process in the background. Keeps the last megabyte of output that nobody took yet. Safe to use concurrently.</summary>
public sealed class BackgroundProcess : IAsyncDisposable
{
    private const int Kept = 1024 * 1024;
    private readonly Lock _lock = new();
    private readonly LinkedList<OutputChunk> _output = new();
    private readonly Decoder[] _decoders = [Encoding.UTF8.GetDecoder(), Encoding.UTF8.GetDecoder()];
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private IRunningProcess? _process;
    private long _kept;
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

    /// <summary>How long ago it was started.</summary>
    public TimeSpan Runs => TimeProvider.System.GetElapsedTime(_began);

    internal int Number { get; }

    /// <summary>
    /// The output that came since the last call, in the order of arrival, and how many bytes of it were dropped because nobody took them in time.
    /// A character of which only a part has come waits for the rest until the process has ended.
    /// </summary>
    public (string Text, long Dropped) TakeNew()
    {
        // Asked before the output is taken: what comes after the end is known to be none.
        var isOver = _process?.Exit.IsCompleted == true;
        lock (_lock)
        {
            var text = new StringBuilder();
            foreach (var chunk in _output)
            {
                Decode(chunk, text);
            }

            if (isOver)
            {
                Decode(new OutputChunk(default, IsError: false), text, flush: true);
                Decode(new OutputChunk(default, IsError: true), text, flush: true);
            }

            var dropped = _dropped;
            _output.Clear();
            _kept = 0;
            _dropped = 0;
            return (text.ToString(), dropped);
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
            _output.AddLast(chunk);
            _kept += chunk.Bytes.Length;
            while (_kept > Kept)
            {
                DropOldest((int)Math.Min(_kept - Kept, int.MaxValue));
            }
        }
    }

    /// <summary>Drops up to that many bytes of the oldest chunk, and the rest of a character that was cut by it.</summary>
    private void DropOldest(int over)
    {
        var oldest = _output.First!.Value;
        var bytes = oldest.Bytes.Span;
        var cut = Math.Min(over, bytes.Length);
        while (cut < bytes.Length && (bytes[cut] & 0xC0) == 0x80)
        {
            cut++;
        }

        _decoders[oldest.IsError ? 1 : 0].Reset();
        _dropped += cut;
        _kept -= cut;
        if (cut < bytes.Length)
        {
            _output.First.Value = oldest with { Bytes = oldest.Bytes[cut..] };
        }
        else
        {
            _output.RemoveFirst();
        }
    }

    private void Decode(OutputChunk chunk, StringBuilder text, bool flush = false)
    {
        var decoder = _decoders[chunk.IsError ? 1 : 0];
        var chars = new char[decoder.GetCharCount(chunk.Bytes.Span, flush)];
        var count = decoder.GetChars(chunk.Bytes.Span, chars, flush);
        text.Append(chars, 0, count);
    }
}
