namespace Bridle.Models.Prompted;

/// <summary>
/// Follows the lines of Markdown just closely enough to know where a fence opens, and whether the next character stands inside one. As CommonMark has it, a fence is
/// three or more back ticks or tildes at the start of a line, after three spaces at most, and ends with a line of at least as many of the same. One that opens after
/// the mark of a list item counts too, and where a list ends is not asked: what may be quoted is taken as quoted.
/// </summary>
internal sealed class ProseLines
{
    private const int ShortestFence = 3;
    private const int DeepestFence = 3;
    private const int TabStop = 4;

    private At _at;
    private int _column;
    private int _item;
    private char _mark;
    private int _run;
    private char _open;
    private int _openLength;
    private int _openItem;

    private enum At
    {
        Start,
        Number,
        ItemMark,
        Run,
        Opening,
        Closing,
        Rest,
    }

    /// <summary>Whether a fence that begins with the next character would be one of its own: at the start of a line, not inside another, not in a list item's first line.</summary>
    public bool MayOpen => _at == At.Start && _item == 0 && _open == default && _column <= DeepestFence;

    /// <summary>Takes the next character of the prose.</summary>
    public void Take(char character)
    {
        if (character == '\n')
        {
            EndLine();
            return;
        }

        if (_at == At.Run && character != _mark)
        {
            EndRun();
        }

        switch (_at)
        {
            case At.Start:
                TakeStart(character);
                break;
            case At.Number when !char.IsAsciiDigit(character):
                _at = character is '.' or ')' ? At.ItemMark : At.Rest;
                break;
            case At.ItemMark:
                _at = character is ' ' or '\t' ? At.Start : At.Rest;
                _item = _column + 1;
                break;
            case At.Run:
                _run++;
                break;
            case At.Opening when _mark == '`' && character == '`':
                // With back ticks later in its line it is code in a line.
                _at = At.Rest;
                break;
            case At.Closing when character is not (' ' or '\t' or '\r'):
                _at = At.Rest;
                break;
        }

        _column += character == '\t' ? TabStop - (_column % TabStop) : 1;
    }

    /// <summary>What follows stands at the start of a line, whatever stood before it in the same one.</summary>
    public void StartLine() => (_at, _column, _item, _run) = (At.Start, 0, 0, 0);

    private void TakeStart(char character)
    {
        if (character is ' ' or '\t' or '\r')
        {
            return;
        }

        if (character is '`' or '~')
        {
            var deepest = DeepestFence + (_open == default ? _item : _openItem);
            (_at, _mark, _run) = _column <= deepest ? (At.Run, character, 1) : (At.Rest, _mark, _run);
            return;
        }

        _at = _open != default ? At.Rest : character is '-' or '*' or '+' ? At.ItemMark : char.IsAsciiDigit(character) ? At.Number : At.Rest;
    }

    private void EndRun()
    {
        if (_open == default)
        {
            _at = _run >= ShortestFence ? At.Opening : At.Rest;
        }
        else
        {
            _at = _mark == _open && _run >= _openLength ? At.Closing : At.Rest;
        }
    }

    private void EndLine()
    {
        if (_at == At.Run)
        {
            EndRun();
        }

        if (_at == At.Opening)
        {
            (_open, _openLength, _openItem) = (_mark, _run, _item);
        }
        else if (_at == At.Closing)
        {
            _open = default;
        }

        StartLine();
    }
}
