using System.Text;

namespace Bridle.Cli.Terminals;

/// <summary>What a person does at the keyboard, one after another.</summary>
internal interface IStrokes
{
    /// <summary>The next stroke; null when there will be none. Nothing is lost to a cancelled wait.</summary>
    ValueTask<Stroke?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Whether more is there already.</summary>
    bool Waiting { get; }

    /// <summary>Gives a stroke back, to be read next.</summary>
    void PutBack(Stroke stroke);
}

/// <summary>
/// Puts together what the console hands over in pieces: text pasted in brackets, Alt with a key, characters of two halves, and sequences that nobody here knows,
/// which are dropped. A lone Escape is told from the beginning of a sequence by what follows within a moment.
/// </summary>
/// <param name="keys">The keys.</param>
/// <param name="moment">How long what belongs together may take.</param>
/// <param name="pasteGap">How long a paste may stand still before it counts as over.</param>
/// <param name="marked">
/// Whether the terminal puts brackets around a paste. Where it does not, characters that come together are taken for one; only a line end behind which nothing waits is the key.
/// </param>
internal sealed class StrokeReader(IKeys keys, TimeSpan? moment = null, TimeSpan? pasteGap = null, bool marked = true) : IStrokes
{
    private readonly TimeSpan _moment = moment ?? TimeSpan.FromMilliseconds(30);

    // What begins like a sequence is one, also over a slow line: its rest must not become keys.
    private readonly TimeSpan _rest = 10 * (moment ?? TimeSpan.FromMilliseconds(30));

    // A terminal that never closes its bracket must not keep the keyboard.
    private readonly TimeSpan _pasteGap = pasteGap ?? TimeSpan.FromSeconds(5);
    private readonly Stack<Stroke> _strokes = new();

    // The keys of the stroke that is being put together: a wait that is cancelled in the middle of it gives them back.
    private readonly List<ConsoleKeyInfo> _taken = [];
    private readonly LinkedList<ConsoleKeyInfo> _back = new();

    public bool Waiting => _strokes.Count > 0 || KeysWait;

    private bool KeysWait => _back.Count > 0 || keys.Waiting;

    public void PutBack(Stroke stroke) => _strokes.Push(stroke);

    public async ValueTask<Stroke?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_strokes.TryPop(out var given))
        {
            return given;
        }

        _taken.Clear();
        try
        {
            return await NextAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            while (_taken.Count > 0)
            {
                UnreadLast();
            }

            throw;
        }
    }

    /// <summary>Leaves the terminal to another program until the result is disposed; null where that cannot be done.</summary>
    public IDisposable? Lend() => keys.Lend();

    private async ValueTask<Stroke?> NextAsync(CancellationToken cancellationToken)
    {
        while (await KeyAsync(cancellationToken) is { } pressed)
        {
            switch (pressed)
            {
                case { Key: ConsoleKey.Escape, Modifiers: 0 }:
                    if (await EscapedAsync(pressed, cancellationToken) is { } escaped)
                    {
                        return escaped;
                    }

                    break;

                // What a read of the terminal cut off behind "ESC [" comes as one key.
                case { KeyChar: '[', Modifiers: ConsoleModifiers.Alt }:
                    if (await SequenceAsync(cancellationToken) is { } sequence)
                    {
                        return sequence;
                    }

                    break;
                case var _ when !marked && !char.IsControl(pressed.KeyChar):
                    return await TogetherAsync(pressed, cancellationToken);
                case var _ when char.IsHighSurrogate(pressed.KeyChar) && await SoonAsync(_moment, cancellationToken) is { } low:
                    return new Stroke(pressed, new string([pressed.KeyChar, low.KeyChar]), false);
                default:
                    // Without brackets a paste shows only in that more is there already.
                    return pressed is { Key: ConsoleKey.Enter, Modifiers: 0 } && KeysWait ? Stroke.Paste("\n") : Stroke.Of(pressed);
            }
        }

        return null;
    }

    private async ValueTask<ConsoleKeyInfo?> KeyAsync(CancellationToken cancellationToken)
    {
        ConsoleKeyInfo? key;
        if (_back.First is { } first)
        {
            key = first.Value;
            _back.RemoveFirst();
        }
        else
        {
            key = await keys.ReadAsync(cancellationToken);
        }

        if (key is { } pressed)
        {
            _taken.Add(pressed);
        }

        return key;
    }

    private void UnreadLast()
    {
        _back.AddFirst(_taken[^1]);
        _taken.RemoveAt(_taken.Count - 1);
    }

    private async ValueTask<ConsoleKeyInfo?> SoonAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (KeysWait)
        {
            return await KeyAsync(cancellationToken);
        }

        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(patience);
        try
        {
            return await KeyAsync(soon.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    // Null when the sequence means nothing here.
    private async ValueTask<Stroke?> EscapedAsync(ConsoleKeyInfo escape, CancellationToken cancellationToken)
    {
        switch (await SoonAsync(_moment, cancellationToken))
        {
            case null:
                return Stroke.Of(escape);
            case { KeyChar: '[' }:
                return await SequenceAsync(cancellationToken);
            case { Key: ConsoleKey.Escape }:
                UnreadLast();
                return Stroke.Of(escape);
            case { } other:
                var modifiers = other.Modifiers | ConsoleModifiers.Alt;
                return Stroke.Of(new(other.KeyChar, other.Key, modifiers.HasFlag(ConsoleModifiers.Shift), true, modifiers.HasFlag(ConsoleModifiers.Control)));
        }
    }

    private async ValueTask<Stroke?> SequenceAsync(CancellationToken cancellationToken)
    {
        var sequence = new StringBuilder();
        while (sequence.Length < 32 && await SoonAsync(_rest, cancellationToken) is { } next)
        {
            sequence.Append(next.KeyChar);
            if (next.KeyChar is >= '@' and <= '~')
            {
                break;
            }
        }

        return sequence.ToString() switch
        {
            "200~" => await PasteAsync(cancellationToken),
            "Z" => Stroke.Of(new('\t', ConsoleKey.Tab, true, false, false)),
            "A" => Stroke.Of(new('\0', ConsoleKey.UpArrow, false, false, false)),
            "B" => Stroke.Of(new('\0', ConsoleKey.DownArrow, false, false, false)),
            "C" => Stroke.Of(new('\0', ConsoleKey.RightArrow, false, false, false)),
            "D" => Stroke.Of(new('\0', ConsoleKey.LeftArrow, false, false, false)),

            // Shift, Alt or Control with Enter, from terminals that tell.
            "13;2u" or "13;3u" or "13;5u" or "27;2;13~" or "27;5;13~" => Stroke.Of(new('\r', ConsoleKey.Enter, false, true, false)),
            _ => null,
        };
    }

    private async ValueTask<Stroke?> PasteAsync(CancellationToken cancellationToken)
    {
        const string end = "\x1b[201~";
        var text = new StringBuilder();
        while (await SoonAsync(_pasteGap, cancellationToken) is { } key)
        {
            // The console has made a key of a sequence (an arrow, F5): which one stood there is not known any more, so it is left out.
            if (key.KeyChar == '\0' && key.Key is not ConsoleKey.Enter)
            {
                continue;
            }

            // Where a read of the terminal ends behind an Escape and one more character, both come as one key with Alt.
            _ = key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? text.Append('\x1b') : text;
            text.Append(key.KeyChar == '\0' ? '\r' : key.KeyChar);
            if (key.KeyChar == '~' && text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end)
            {
                text.Length -= end.Length;
                break;
            }
        }

        return Stroke.Paste(text.Replace("\r\n", "\n").Replace('\r', '\n').ToString());
    }

    // What comes together where no paste is marked. A single character is a key; a line end is one when nothing comes behind it; any other key ends it.
    private async ValueTask<Stroke?> TogetherAsync(ConsoleKeyInfo first, CancellationToken cancellationToken)
    {
        var text = new StringBuilder().Append(first.KeyChar);
        while (await SoonAsync(_moment, cancellationToken) is { } next)
        {
            if (next is { Key: ConsoleKey.Enter or ConsoleKey.Escape, Modifiers: 0 })
            {
                var last = await SoonAsync(_moment, cancellationToken) is null;
                UnreadLast();
                if (last)
                {
                    break;
                }

                text.Append(next.Key is ConsoleKey.Enter ? '\n' : '\x1b');
            }
            else if (next.Key is ConsoleKey.Tab || !char.IsControl(next.KeyChar))
            {
                _ = next.Modifiers.HasFlag(ConsoleModifiers.Alt) ? text.Append('\x1b') : text;
                text.Append(next.Key is ConsoleKey.Tab ? '\t' : next.KeyChar);
            }
            else
            {
                UnreadLast();
                break;
            }
        }

        return text.Length == 1 ? Stroke.Of(first) : Stroke.Paste(text.ToString());
    }
}
