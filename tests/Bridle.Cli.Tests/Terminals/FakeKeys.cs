using System.Threading.Channels;
using Bridle.Cli.Terminals;

namespace Bridle.Cli.Tests.Terminals;

/// <summary>Keys from a script. What is between braces names a key: <c>{enter}</c>, <c>{left}</c>, <c>{ctrl-w}</c>; a whole paste comes by <see cref="Paste"/>.</summary>
internal sealed class FakeKeys : IKeys
{
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();
    private int _pasted;

    public FakeKeys(string script = "") => Type(script);

    public bool Waiting => _pasted > 0;

    public FakeKeys Type(string script)
    {
        for (var i = 0; i < script.Length; i++)
        {
            if (script[i] == '{' && script.IndexOf('}', i) is > 0 and var end)
            {
                _keys.Writer.TryWrite(Named(script[(i + 1)..end]));
                i = end;
            }
            else
            {
                _keys.Writer.TryWrite(new(script[i], 0, false, false, false));
            }
        }

        return this;
    }

    /// <summary>Text that arrives at once; the key after it comes later.</summary>
    public FakeKeys Paste(string text)
    {
        _pasted += text.Length;
        foreach (var character in text)
        {
            _keys.Writer.TryWrite(character == '\n' ? Named("enter") : new(character, 0, false, false, false));
        }

        return this;
    }

    public FakeKeys Close()
    {
        _keys.Writer.TryComplete();
        return this;
    }

    public async ValueTask<ConsoleKeyInfo?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await _keys.Reader.WaitToReadAsync(cancellationToken) || !_keys.Reader.TryRead(out var key))
        {
            return null;
        }

        _pasted = Math.Max(0, _pasted - 1);
        return key;
    }

    /// <summary>How often the terminal was left to another program, and whether it is now.</summary>
    public (int Times, bool Now) Lent { get; private set; }

    public IDisposable Lend()
    {
        Lent = (Lent.Times + 1, true);
        return new Return(this);
    }

    public void Dispose()
    {
    }

    private sealed class Return(FakeKeys keys) : IDisposable
    {
        public void Dispose() => keys.Lent = (keys.Lent.Times, false);
    }

    private static ConsoleKeyInfo Named(string name)
    {
        var (control, alt) = (name.StartsWith("ctrl-", StringComparison.Ordinal), name.StartsWith("alt-", StringComparison.Ordinal));
        var plain = name[(name.IndexOf('-') + 1)..];
        if (plain is [not (>= 'a' and <= 'z')])
        {
            return new(plain[0], 0, false, alt, control);
        }

        var key = plain switch
        {
            "enter" => ConsoleKey.Enter, "left" => ConsoleKey.LeftArrow, "right" => ConsoleKey.RightArrow, "up" => ConsoleKey.UpArrow, "down" => ConsoleKey.DownArrow,
            "home" => ConsoleKey.Home, "end" => ConsoleKey.End, "back" => ConsoleKey.Backspace, "del" => ConsoleKey.Delete, "esc" => ConsoleKey.Escape, "tab" => ConsoleKey.Tab,
            _ => Enum.Parse<ConsoleKey>(plain.ToUpperInvariant()),
        };
        return new(plain.Length == 1 ? alt ? plain[0] : (char)(plain[0] - 'a' + 1) : key is ConsoleKey.Enter ? '\r' : key is ConsoleKey.Escape ? '\x1b' : key is ConsoleKey.Tab ? '\t' : '\0', key, false, alt, control);
    }
}
