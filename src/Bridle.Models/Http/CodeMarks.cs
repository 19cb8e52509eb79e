namespace Bridle.Models.Http;

/// <summary>
/// Follows Markdown character by character and knows whether the next one stands in code: between back ticks, in a fence, or after a deep indent. What is in code is spoken of,
/// not meant. Marks that are never closed end with their paragraph, those of a fence with the text.
/// </summary>
internal sealed class CodeMarks
{
    private const int FenceLength = 3;
    private const int CodeIndent = 4;

    private char _mark;
    private int _run;
    private char _open;
    private int _length;
    private bool _fence;
    private bool _fenceLine;
    private bool _closing;
    private int _indent;
    private bool _blankSoFar = true;
    private bool _escaped;

    /// <summary>Nothing but white space stands before the next character in its line.</summary>
    public bool AtLineStart => _blankSoFar && _run == 0;

    /// <summary>Whether the next character, which is no mark, is in code or stands after a backslash that takes its meaning away.</summary>
    public bool IsCode()
    {
        EndRun();
        return _open != default || _escaped || (_blankSoFar && _indent >= CodeIndent);
    }

    /// <summary>Takes the next character of the text.</summary>
    public void Take(char character)
    {
        if (_run > 0 && character != _mark)
        {
            EndRun();
        }

        if (character == '\n')
        {
            EndLine();
            return;
        }

        if (IsMark(character))
        {
            (_mark, _run) = (character, _run + 1);
            return;
        }

        _escaped = character == '\\' && !_escaped && _open == default;
        if (character is ' ' or '\t' or '\r')
        {
            _indent += _blankSoFar ? character == '\t' ? CodeIndent : 1 : 0;
            return;
        }

        (_blankSoFar, _closing) = (false, false);
    }

    // Tildes are marks at the start of a line only.
    private bool IsMark(char character) => !_escaped && ((character == '`' && (_run == 0 || _mark == '`')) || (character == '~' && (_run > 0 ? _mark == '~' : _blankSoFar)));

    private void EndRun()
    {
        if (_run == 0)
        {
            return;
        }

        var (mark, run, start) = (_mark, _run, _blankSoFar);
        (_run, _blankSoFar, _escaped) = (0, false, false);
        if (_open == default)
        {
            if (mark == '`' || run >= FenceLength)
            {
                (_open, _length, _fence) = (mark, run, start && run >= FenceLength);
                _fenceLine = _fence;
            }
        }
        else if (_open == mark && _fence && !_fenceLine)
        {
            _closing = start && run >= _length;
        }
        else if (_open == mark && run == _length)
        {
            // In the line of its own opening it was no fence, but code in a line.
            (_open, _fence, _fenceLine) = (default, false, false);
        }
    }

    private void EndLine()
    {
        var empty = _blankSoFar;
        if (_closing || (empty && _open != default && !_fence && _length < FenceLength))
        {
            (_open, _fence) = (default, false);
        }

        (_blankSoFar, _indent, _closing, _fenceLine, _escaped) = (true, 0, false, false, false);
    }
}
