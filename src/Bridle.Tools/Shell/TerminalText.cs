using System.Text;

namespace Bridle.Tools.Shell;

/// <summary>
/// Makes plain text of what a program writes to a terminal, piece by piece: escape sequences and control characters are dropped,
/// and any line end becomes a line feed.
/// </summary>
internal sealed class TerminalText
{
    /// <summary>A sequence that is still open after so many characters was none.</summary>
    private const int LongestSequence = 4096;

    private State _state;
    private int _length;
    private bool _afterReturn;

    private enum State
    {
        Text,
        Escape,
        Intermediate,
        Control,
        String,
        StringEscape,
    }

    /// <summary>The text of a whole output.</summary>
    public static string Of(string output) => new TerminalText().Take(output);

    /// <summary>The text of the next piece.</summary>
    public string Take(ReadOnlySpan<char> piece)
    {
        var text = new StringBuilder(piece.Length);
        foreach (var c in piece)
        {
            _length = _state is State.Text ? 0 : _length + 1;
            _state = _length > LongestSequence ? State.Text : _state;
            if (_state is State.Text)
            {
                TakeText(c, text);
            }
            else
            {
                _state = After(_state, c);
            }
        }

        return text.ToString();
    }

    private void TakeText(char c, StringBuilder text)
    {
        var afterReturn = _afterReturn;
        _afterReturn = c == '\r';
        switch (c)
        {
            case '\e':
                _state = State.Escape;
                break;
            case '\u009b':
                _state = State.Control;
                break;
            case '\r':
            case '\n' when !afterReturn:
                text.Append('\n');
                break;
            case '\t':
            case not '\n' when !char.IsControl(c):
                text.Append(c);
                break;
        }
    }

    private static State After(State state, char c) => (state, c) switch
    {
        (State.Escape, '[') => State.Control,
        (State.Escape, ']' or 'P' or 'X' or '^' or '_') => State.String,
        (State.Escape or State.Intermediate, >= ' ' and <= '/') => State.Intermediate,
        (State.Escape or State.Intermediate, _) => State.Text,
        (State.Control, >= '@' and <= '~') => State.Text,
        (State.Control, '\e') => State.Escape,
        (State.String, '\a' or '\u009c') => State.Text,
        (State.String, '\e') => State.StringEscape,
        (State.StringEscape, '\\') => State.Text,
        (State.StringEscape, _) => State.String,
        _ => state,
    };
}
