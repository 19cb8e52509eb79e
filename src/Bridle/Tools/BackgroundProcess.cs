using System.Text;
using Bridle.Workspaces;

namespace Bridle.Tools;

/// <summary>
/// One process in the background. Keeps the output that nobody took yet: all of it up to 16 million characters, beyond that the first of them
/// and the last half a million. Safe to use concurrently.
/// </summary>
public sealed class BackgroundProcess : IAsyncDisposable
{
    private const int MostFirst = 16 * 1024 * 1024;
    private const int MostLast = 512 * 1024;
    private readonly Lock _lock = new();
    private readonly StringBuilder _first = new();
    private readonly StringBuilder _last = new();
    private readonly Decoder[] _decoders = [Encoding.UTF8.GetDecoder(), Encoding.UTF8.GetDecoder()];
    private readonly long _began = TimeProvider.System.GetTimestamp();
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

    /// <summary>How long ago it was started.</summary>
    public TimeSpan Runs => TimeProvider.System.GetElapsedTime(_began);

    internal int Number { get; }

    /// <summary>
    /// The output that came since the last call. A character of which only a part has come waits for the rest until the process has ended.
    /// </summary>
    public BackgroundOutput TakeNew()
    {
        // Asked before the output is taken: what comes after the end is known to be none.
        var isOver = _process?.Exit.IsCompleted == true;
        lock (_lock)
        {
            if (isOver)
            {
                Keep(default, isError: false, flush: true);
                Keep(default, isError: true, flush: true);
            }

            Trim(MostLast);
            var after = _last.ToString();
            var lineEnd = _dropped > 0 ? after.IndexOf('\n') + 1 : 0;
            var taken = _dropped == 0 ? new BackgroundOutput(_first.Append(after).ToString(), 0, "") : new(_first.ToString(), _dropped + lineEnd, after[lineEnd..]);
            _first.Clear();
            _last.Clear();
            _dropped = 0;
            return taken;
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
            Keep(chunk.Bytes.Span, chunk.IsError, flush: false);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes, bool isError, bool flush)
    {
        var decoder = _decoders[isError ? 1 : 0];
        var chars = new char[decoder.GetCharCount(bytes, flush)];
        var text = chars.AsSpan(0, decoder.GetChars(bytes, chars, flush));
        var room = _last.Length > 0 || _dropped > 0 ? 0 : Math.Min(MostFirst - _first.Length, text.Length);
        room -= room > 0 && room < text.Length && char.IsHighSurrogate(text[room - 1]) ? 1 : 0;
        _first.Append(text[..room]);
        _last.Append(text[room..]);
        if (_last.Length > 4 * MostLast)
        {
            Trim(MostLast);
        }
    }

    /// <summary>Drops all of the last but so many characters, and no half of one.</summary>
    private void Trim(int most)
    {
        var over = _last.Length - most;
        if (over > 0)
        {
            over += char.IsLowSurrogate(_last[over]) ? 1 : 0;
            _last.Remove(0, over);
            _dropped += over;
        }
    }
}
