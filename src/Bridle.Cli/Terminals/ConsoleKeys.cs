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
/// <param name="marked">
/// Whether the terminal puts brackets around what is pasted. Ctrl+C, Ctrl+\ and Ctrl+Z then come as characters, so that in a paste they are its text; those that are pressed do what they always do.
/// </param>
internal sealed class ConsoleKeys : IKeys
{
    private readonly Channel<ConsoleKeyInfo[]> _batches = Channel.CreateUnbounded<ConsoleKeyInfo[]>();
    private readonly Queue<ConsoleKeyInfo> _arrived = new();
    private readonly Lock _lending = new();

    // Null where a wait for keys cannot be broken off, and then the terminal is never lent.
    private readonly InputWait? _wait = OperatingSystem.IsWindows() ? null : new();
    private readonly SignalKeys? _signals;
    private Loan? _loan;
    private bool _ended;
    private volatile bool _over;

    public ConsoleKeys(bool marked)
    {
        _signals = marked && !OperatingSystem.IsWindows() ? new(TimeProvider.System) : null;
        new Thread(Pump) { IsBackground = true, Name = "keys" }.Start();
    }

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

    public IDisposable? Lend()
    {
        Loan loan;
        lock (_lending)
        {
            if (_wait is null || _ended || _loan is { Back.IsSet: false })
            {
                return null;
            }

            _loan = loan = new();
            _wait.Wake();
        }

        loan.Away.Wait();
        return loan;
    }

    public void Dispose()
    {
        _batches.Writer.TryComplete();
        lock (_lending)
        {
            _over = true;
            if (!_ended)
            {
                _wait?.Wake();
            }

            _loan?.Dispose();
        }
    }

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

    private void Pump()
    {
        try
        {
            Begin();
            while (!_over)
            {
                if (_wait?.ForInput() is false)
                {
                    StayAway();
                }
                else if (_wait is { IsGone: true } || !_batches.Writer.TryWrite(TakeBatch()))
                {
                    break;
                }
            }

            TakeSignals(false);
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException)
        {
            // The terminal is gone; there will be no more keys.
        }

        _batches.Writer.TryComplete();
        lock (_lending)
        {
            _ended = true;
            _loan?.Away.Set();
            _wait?.Dispose();
        }
    }

    // Asking makes the console hand over every key as it is pressed, and show none, from now on and not only while a key is read.
    private void Begin()
    {
        _ = Console.KeyAvailable;
        TakeSignals(true);
    }

    private void TakeSignals(bool take)
    {
        if (_signals is not null)
        {
            Console.TreatControlCAsInput = take;
        }
    }

    // What arrives together is handed on together: only that way a paste can be told from typing. KeyAvailable may be asked by this
    // thread alone, since the console holds a lock while it waits for a key.
    private ConsoleKeyInfo[] TakeBatch()
    {
        var batch = new List<ConsoleKeyInfo>();
        do
        {
            var key = Console.ReadKey(intercept: true);
            if (_signals?.Of(key) is { } signal)
            {
                OwnSignals.Send(signal);
            }
            else
            {
                batch.Add(key);
            }
        }
        while (Console.KeyAvailable);
        return [.. batch];
    }

    // Whoever starts a program in this terminal has the modes of before put back for it, and these here again when it has ended.
    private void StayAway()
    {
        Loan? loan;
        lock (_lending)
        {
            loan = _loan;
        }

        if (loan is not null && !_over)
        {
            TakeSignals(false);
            loan.Away.Set();
            loan.Back.Wait();
            Begin();
        }
    }

    // Each has its own events, so that the end of one is never taken for that of the next.
    private sealed class Loan : IDisposable
    {
        public ManualResetEventSlim Away { get; } = new();

        public ManualResetEventSlim Back { get; } = new();

        public void Dispose() => Back.Set();
    }
}
