using System.Text;
using System.Threading.Channels;

namespace Bridle.Cli.Terminals;

/// <summary>The keys that a person presses, one after another.</summary>
internal interface IKeys : IDisposable
{
    /// <summary>Waits for the next key; null when there will be none. A key is never lost to a cancelled wait.</summary>
    ValueTask<ConsoleKeyInfo?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Whether another key is there already, as it is in the middle of pasted text.</summary>
    bool Waiting { get; }

    /// <summary>Leaves the terminal to another program until the result is disposed: reads no key and puts the terminal's modes back meanwhile. Null where that cannot be done.</summary>
    IDisposable? Lend() => null;
}

/// <summary>Keys of the console. One thread reads them for the whole conversation, so that nothing typed in between is echoed or lost.</summary>
internal sealed class ConsoleKeys : IKeys
{
    private readonly Channel<ConsoleKeyInfo[]> _batches = Channel.CreateUnbounded<ConsoleKeyInfo[]>();
    private readonly Queue<ConsoleKeyInfo> _arrived = new();

    public ConsoleKeys() => new Thread(Pump) { IsBackground = true, Name = "keys" }.Start();

    public bool Waiting => _arrived.Count > 0;

    public async ValueTask<ConsoleKeyInfo?> ReadAsync(CancellationToken cancellationToken)
    {
        while (_arrived.Count == 0)
        {
            if (!await _batches.Reader.WaitToReadAsync(cancellationToken))
            {
                return null;
            }

            while (_batches.Reader.TryRead(out var batch))
            {
                foreach (var key in batch)
                {
                    _arrived.Enqueue(key);
                }
            }
        }

        return _arrived.Dequeue();
    }

    public void Dispose() => _batches.Writer.TryComplete();

    /// <summary>Reads a line without showing it.</summary>
    public static string? ReadSecret()
    {
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return text.ToString();
                case ConsoleKey.Backspace when text.Length > 0:
                    text.Length--;
                    break;
                case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control && text.Length == 0:
                    Console.Error.WriteLine();
                    return null;
                case var _ when !char.IsControl(key.KeyChar):
                    text.Append(key.KeyChar);
                    break;
            }
        }
    }

    // What arrives together is handed on together: only that way a paste can be told from typing. KeyAvailable may be asked by this
    // thread alone, since the console holds a lock while it waits for a key.
    private void Pump()
    {
        try
        {
            var batch = new List<ConsoleKeyInfo>();
            do
            {
                batch.Clear();
                batch.Add(Console.ReadKey(intercept: true));
                while (Console.KeyAvailable)
                {
                    batch.Add(Console.ReadKey(intercept: true));
                }
            }
            while (_batches.Writer.TryWrite([.. batch]));
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException)
        {
            _batches.Writer.TryComplete();
        }
    }
}
