namespace Bridle.Workspaces;

/// <summary>
/// What a program is given to read while it runs, for programs that are talked to. Made by whoever starts the program and named in its <see cref="ProcessSpec.Feed"/>; for one program.
/// Safe to use concurrently: what is written at once arrives in one piece.
/// </summary>
public sealed class ProcessFeed
{
    private readonly Lock _lock = new();
    private Func<ReadOnlyMemory<byte>, bool>? _write;
    private Action? _close;
    private bool _ended;

    /// <summary>Gives it these bytes; waits while it does not read. False when it has ended, does not read any more, or cannot be talked to.</summary>
    public bool Write(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            return !_ended && _write?.Invoke(bytes) is true;
        }
    }

    /// <summary>There is nothing more to read. May be called twice.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (!_ended)
            {
                _ended = true;
                _close?.Invoke();
            }
        }
    }

    internal void Attach(Func<ReadOnlyMemory<byte>, bool> write, Action close)
    {
        lock (_lock)
        {
            (_write, _close) = (write, close);
            if (_ended)
            {
                close();
            }
        }
    }
}
