using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Bridle.Cli.Terminals.Screens;

/// <summary>
/// Keys and frames in turn: every key that waits is handled before the next frame, and there are at most <see cref="FramesASecond"/> of those.
/// What comes faster, or faster than the terminal takes it, is shown together.
/// </summary>
internal sealed class ScreenLoop
{
    /// <summary>The most frames in a second.</summary>
    public const int FramesASecond = 60;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1.0 / FramesASecond);

    private readonly Screen _screen;
    private readonly Action<Stroke> _press;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<Stroke> _strokes = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long? _painted;

    public ScreenLoop(Screen screen, Action<Stroke> press, TimeProvider time)
    {
        (_screen, _press, _time) = (screen, press, time);
        screen.Wanted = () => _signal.Writer.TryWrite(true);
    }

    /// <summary>Hands a key in; from any thread.</summary>
    public void Press(Stroke stroke)
    {
        _strokes.Enqueue(stroke);
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Handles the keys that wait, then paints a frame if one is due. Gives the time until the next one, or null when there is nothing to paint.</summary>
    public TimeSpan? Step()
    {
        while (_strokes.TryDequeue(out var stroke))
        {
            _press(stroke);
        }

        if (!_screen.IsDirty)
        {
            return null;
        }

        if (_painted is { } painted && Between - _time.GetElapsedTime(painted) is { Ticks: > 0 } left)
        {
            return left;
        }

        _screen.Frame();
        _painted = _time.GetTimestamp();
        return _screen.IsDirty ? Between : null;
    }

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var left = Step();
                if (left is { } wait)
                {
                    using var due = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    await Task.WhenAny(Task.Delay(wait, _time, due.Token), _signal.Reader.WaitToReadAsync(due.Token).AsTask());
                    await due.CancelAsync();
                    cancellationToken.ThrowIfCancellationRequested();
                }
                else
                {
                    await _signal.Reader.WaitToReadAsync(cancellationToken);
                }

                _signal.Reader.TryRead(out _);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The conversation is over.
        }
    }
}
