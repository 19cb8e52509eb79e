using System.Text;

namespace Bridle.Tools.Web;

/// <summary>Writes blocks and running text, collapsing white space as a browser does.</summary>
internal sealed class MarkdownWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _prefixes = new();
    private string _prefix = "";
    private string? _marker;
    private int _breaks;
    private bool _space;
    private bool _lineHasText;

    /// <summary>How much was written.</summary>
    public int Length => _text.Length;

    /// <summary>Running text: white space becomes one blank.</summary>
    public void Flow(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAny(" \t\r\n\f");
            var word = end < 0 ? text : text[..end];
            if (!word.IsEmpty)
            {
                Begin();
                _text.Append(word);
                _lineHasText = true;
            }

            _space |= end >= 0 && _lineHasText;
            text = end < 0 ? [] : text[(end + 1)..];
        }
    }

    /// <summary>Text as it is, such as marks around running text. One that opens lets white space before it stand; one that closes takes it back.</summary>
    public void Mark(string mark, bool opens)
    {
        if (opens)
        {
            Begin();
        }

        var space = !opens && _space;
        _text.Append(mark);
        _space = space;
        _lineHasText = true;
    }

    /// <summary>Lines as they are.</summary>
    public void Lines(string lines)
    {
        foreach (var line in lines.Split('\n'))
        {
            Break(1);
            Begin(isEmpty: line.Length == 0);
            _text.Append(line);
            _lineHasText = true;
        }
    }

    /// <summary>Ends the line; two leave an empty line between.</summary>
    public void Break(int count)
    {
        _breaks = Math.Max(_breaks, count);
        _space = false;
        _lineHasText = false;
    }

    /// <summary>Begins an indented part; its first line has the marker instead of the indent.</summary>
    public void Push(string marker, string indent)
    {
        _prefixes.Push(_prefix);
        _marker = (_marker ?? _prefix) + marker;
        _prefix += indent;
    }

    /// <summary>Ends the part.</summary>
    public void Pop()
    {
        _prefix = _prefixes.Pop();
        _marker = null;
    }

    public override string ToString() => _text.ToString();

    private void Begin(bool isEmpty = false)
    {
        if (_breaks > 0 || _text.Length == 0)
        {
            if (_text.Length > 0)
            {
                _text.Append('\n');
                if (_breaks > 1)
                {
                    _text.Append(_prefix.TrimEnd()).Append('\n');
                }
            }

            var start = _marker ?? _prefix;
            _text.Append(isEmpty ? start.TrimEnd() : start);
        }
        else if (_space)
        {
            _text.Append(' ');
        }

        (_marker, _breaks, _space) = (null, 0, false);
    }
}
