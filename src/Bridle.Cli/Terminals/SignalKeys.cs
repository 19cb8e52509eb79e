namespace Bridle.Cli.Terminals;

/// <summary>
/// Ctrl+C, Ctrl+\ and Ctrl+Z where the terminal hands them over as characters and makes no signals of them: those that are pressed are told from those that stand in a paste,
/// which are part of its text.
/// </summary>
internal sealed class SignalKeys(TimeProvider time)
{
    private const string Begin = "\x1b[200~";
    private const string End = "\x1b[201~";

    // A terminal that never closes its bracket must not keep Ctrl+C from a person.
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);

    private bool _pasting;
    private int _matched;
    private long _last;

    /// <summary>The signal that a key stands for, or null where it is a key like any other. Every key has to pass here, in the order in which they came.</summary>
    public OwnSignal? Of(ConsoleKeyInfo key)
    {
        _pasting &= time.GetElapsedTime(_last) < Gap;
        _last = time.GetTimestamp();
        if (key.Modifiers.HasFlag(ConsoleModifiers.Alt))
        {
            Match('\x1b');
        }

        Match(key.KeyChar);
        return _pasting ? null : key switch
        {
            { KeyChar: '\x03' } => OwnSignal.Interrupt,
            { KeyChar: '\x1a' } => OwnSignal.Stop,

            // The console tells Ctrl+\ as the key that some terminals send it for.
            { KeyChar: '\x1c' } or { Key: ConsoleKey.D4, Modifiers: ConsoleModifiers.Control } => OwnSignal.Quit,
            _ => null,
        };
    }

    private void Match(char character)
    {
        var sought = _pasting ? End : Begin;
        _matched = character == sought[_matched] ? _matched + 1 : character == '\x1b' ? 1 : 0;
        if (_matched == sought.Length)
        {
            (_pasting, _matched) = (!_pasting, 0);
        }
    }
}
