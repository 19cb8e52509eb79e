namespace Bridle.Models.Prompted;

/// <summary>
/// Follows the JSON inside a block just closely enough to tell a closing fence from backticks in one of its strings. A line break inside a string is no JSON:
/// from there on a fence at the start of a line closes the block, whatever the string wanted.
/// </summary>
internal sealed class BlockInside
{
    private bool _inString;
    private bool _escaped;
    private bool _brokenString;
    private bool _lineStart;

    /// <summary>Whether a fence here would close the block.</summary>
    public bool MayEnd => !_inString || (_brokenString && _lineStart);

    public void Read(char c)
    {
        if (_inString)
        {
            ReadString(c);
        }
        else if (c == '"')
        {
            _inString = true;
            _brokenString = false;
        }

        _lineStart = c == '\n' || (_lineStart && c is ' ' or '\t');
    }

    public void Reset() => _inString = _escaped = _brokenString = _lineStart = false;

    private void ReadString(char c)
    {
        if (c == '\n')
        {
            _brokenString = true;
        }

        if (_escaped)
        {
            _escaped = false;
        }
        else if (c == '\\')
        {
            _escaped = true;
        }
        else if (c == '"')
        {
            _inString = false;
        }
    }
}
