using System.Text;
using Bridle.Workspaces;

namespace Bridle.Testing;

/// <summary>What a scripted program writes while it runs, and how it learns that it is killed. Safe to use concurrently.</summary>
public sealed class ScriptedPlay
{
    private readonly Lock _lock = new();
    private readonly Action<OutputChunk> _deliver;
    private bool _isOver;

    internal ScriptedPlay(Action<OutputChunk> deliver, CancellationToken killed)
    {
        _deliver = deliver;
        Killed = killed;
    }

    /// <summary>Cancelled when the process is killed.</summary>
    public CancellationToken Killed { get; }

    /// <summary>Writes to standard output, at once.</summary>
    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text), isError: false);

    /// <summary>Writes to standard error, at once.</summary>
    public void WriteError(string text) => Write(Encoding.UTF8.GetBytes(text), isError: true);

    /// <summary>Writes bytes as one chunk; nothing when there are none or the program has ended.</summary>
    public void Write(ReadOnlyMemory<byte> bytes, bool isError)
    {
        lock (_lock)
        {
            if (!_isOver && bytes.Length > 0)
            {
                _deliver(new OutputChunk(bytes, isError));
            }
        }
    }

    internal void End()
    {
        lock (_lock)
        {
            _isOver = true;
        }
    }
}
