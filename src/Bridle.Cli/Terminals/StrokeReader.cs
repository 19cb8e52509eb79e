using System.Text;

namespace Bridle.Cli.Terminals;

/// <summary>
/// Puts together what the console hands over in pieces: text pasted in brackets, Alt with a key, characters of two halves, and sequences that nobody here knows,
/// which are dropped. A lone Escape is told from the beginning of a sequence by what follows within a moment.
/// </summary>
internal sealed class StrokeReader(IKeys keys, TimeSpan? moment = null, TimeSpan? pasteGap = null)
{
    private readonly TimeSpan _moment = moment ?? TimeSpan.FromMilliseconds(30);

    // A terminal that never closes its bracket must not keep the keyboard.
    private readonly TimeSpan _pasteGap = pasteGap ?? TimeSpan.FromSeconds(5);
    private ConsoleKeyInfo? _back;

    /// <summary>The next stroke; null when there will be none.</summary>
    public async ValueTask<Stroke?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var key = _back ?? await keys.ReadAsync(cancellationToken);
            _back = null;
            if (key is not { } pressed)
            {
                return null;
            }

            if (pressed is { Key: ConsoleKey.Escape, Modifiers: 0 })
            {
                if (await EscapedAsync(pressed, cancellationToken) is { } stroke)
                {
                    return stroke;
                }
            }
            else if (pressed is { KeyChar: '[', Modifiers: ConsoleModifiers.Alt })
            {
                // What a read of the terminal cut off behind "ESC [" comes as one key.
                if (await SequenceAsync(cancellationToken) is { } stroke)
                {
                    return stroke;
                }
            }
            else if (char.IsHighSurrogate(pressed.KeyChar) && await SoonAsync(_moment, cancellationToken) is { } low)
            {
                return new Stroke(pressed, new string([pressed.KeyChar, low.KeyChar]), false);
            }
            else
            {
                // Without brackets a paste shows only in that more is there already.
                return pressed is { Key: ConsoleKey.Enter, Modifiers: 0 } && keys.Waiting ? Stroke.Paste("\n") : Stroke.Of(pressed);
            }
        }
    }

    private async ValueTask<ConsoleKeyInfo?> SoonAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(patience);
        try
        {
            return await keys.ReadAsync(soon.Token);
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
            case { Key: ConsoleKey.Escape } again:
                _back = again;
                return Stroke.Of(escape);
            case { } other:
                var modifiers = other.Modifiers | ConsoleModifiers.Alt;
                return Stroke.Of(new(other.KeyChar, other.Key, modifiers.HasFlag(ConsoleModifiers.Shift), true, modifiers.HasFlag(ConsoleModifiers.Control)));
        }
    }

    private async ValueTask<Stroke?> SequenceAsync(CancellationToken cancellationToken)
    {
        var sequence = new StringBuilder();
        while (sequence.Length < 32 && await SoonAsync(_moment, cancellationToken) is { } next)
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
            // Where a read of the terminal ends behind an Escape and one more character, both come as one key with Alt.
            _ = key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? text.Append('\x1b') : text;
            text.Append(key.KeyChar == '\0' && key.Key is ConsoleKey.Enter ? '\r' : key.KeyChar);
            if (key.KeyChar == '~' && text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end)
            {
                text.Length -= end.Length;
                break;
            }
        }

        return Stroke.Paste(text.Replace("\r\n", "\n").Replace('\r', '\n').ToString());
    }
}
