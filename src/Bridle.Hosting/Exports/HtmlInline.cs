using System.Text;

namespace Bridle.Hosting.Exports;

/// <summary>
/// The marks inside a line of Markdown as HTML: code, emphasis, links. Everything else is text and nothing but text, HTML in it included; a link leads to the web or to a mailbox
/// and nowhere else, and a picture is a link to it, so that a page that is opened asks nobody for anything.
/// </summary>
internal sealed class HtmlInline
{
    private const int Deepest = 6;

    // How far the other end of a mark is looked for: text that is full of lonely marks must not take long.
    private const int Reach = 1_000;

    private static readonly string[] s_schemes = ["https://", "http://", "mailto:"];

    private readonly StringBuilder _html = new();
    private readonly StringBuilder _plain = new();
    private readonly string _text;
    private readonly int _depth;
    private readonly bool _linked;
    private int _at;

    private HtmlInline(string text, int depth, bool linked) => (_text, _depth, _linked) = (text, depth, linked);

    public static string Of(string text) => new HtmlInline(text, 0, linked: false).Write();

    private string Write()
    {
        while (_at < _text.Length)
        {
            if (!TryMark())
            {
                _plain.Append(_text[_at++]);
            }
        }

        EndPlain();
        return _html.ToString();
    }

    private bool TryMark() => _text[_at] switch
    {
        '\\' when _at + 1 < _text.Length && char.IsAsciiLetterOrDigit(_text[_at + 1]) is false && _text[_at + 1] is > ' ' and < '\u007f' => Escaped(),
        '`' => Code(),
        '[' when !_linked => Link(_at),
        '!' when !_linked && _at + 1 < _text.Length && _text[_at + 1] == '[' => Link(_at + 1),
        '<' when !_linked => Address(),
        '*' or '_' or '~' when _depth < Deepest => Emphasis(),
        _ => false,
    };

    private bool Escaped()
    {
        _plain.Append(_text[_at + 1]);
        _at += 2;
        return true;
    }

    private bool Code()
    {
        var run = RunAt(_at);
        var mark = new string('`', run);
        var limit = Math.Min(_text.Length, _at + run + Reach);
        for (var end = _at + run; (end = _text.IndexOf(mark, end, limit - end, StringComparison.Ordinal)) >= 0;)
        {
            var there = RunAt(end);
            if (there == run)
            {
                var inner = _text[(_at + run)..end];
                Put($"<code>{HtmlText.Of(inner.Length > 2 && inner[0] == ' ' && inner[^1] == ' ' ? inner[1..^1] : inner)}</code>", end + run);
                return true;
            }

            end = Math.Min(limit, end + there);
        }

        // None of these opens anything.
        _plain.Append(mark);
        _at += run;
        return true;
    }

    private bool Link(int bracket)
    {
        var limit = Math.Min(_text.Length, bracket + Reach);
        var (close, open) = (-1, 0);
        for (var i = bracket; i < limit && close < 0; i++)
        {
            open += _text[i] switch { '[' => 1, ']' => -1, _ => 0 };
            close = open == 0 ? i : -1;
        }

        if (close < 0 || close + 1 >= _text.Length || _text[close + 1] != '(' || _text.IndexOf(')', close, Math.Min(_text.Length - close, Reach)) is not (> 0 and var end))
        {
            return false;
        }

        // A title after the address is said after the link: nothing that was written is left out.
        var parts = _text[(close + 2)..end].Trim().Split(' ', 2);
        var (target, title) = (parts[0].Trim('<', '>'), parts.Length > 1 ? $" ({HtmlText.Of(parts[1].Trim())})" : "");
        var label = _text[(bracket + 1)..close];
        var shown = new HtmlInline(label, _depth, linked: true).Write();
        if (IsSafe(target))
        {
            Put($"<a href=\"{HtmlText.Of(target)}\" rel=\"noreferrer noopener\">{(label.Length == 0 ? HtmlText.Of(target) : shown)}</a>{title}", end + 1);
        }
        else
        {
            Put($"{shown} ({HtmlText.Of(target)}){title}", end + 1);
        }

        return true;
    }

    private bool Address()
    {
        var end = _text.IndexOf('>', _at, Math.Min(_text.Length - _at, Reach));
        if (end < 0 || !IsSafe(_text[(_at + 1)..end]))
        {
            return false;
        }

        var target = HtmlText.Of(_text[(_at + 1)..end]);
        Put($"<a href=\"{target}\" rel=\"noreferrer noopener\">{target}</a>", end + 1);
        return true;
    }

    private bool Emphasis()
    {
        var mark = _text[_at];
        var run = RunAt(_at);
        var (count, tag) = (mark, run) switch { ('~', 2) => (2, "s"), ('~', _) => (0, ""), (_, >= 2) => (2, "strong"), _ => (1, "em") };
        var start = _at + count;
        if (count == 0 || start >= _text.Length || char.IsWhiteSpace(_text[start]) || (mark == '_' && _at > 0 && char.IsLetterOrDigit(_text[_at - 1])) || Closing(mark, count, start) is not (> 0 and var end))
        {
            _plain.Append(mark, run);
            _at += run;
            return true;
        }

        Put($"<{tag}>{new HtmlInline(_text[start..end], _depth + 1, _linked).Write()}</{tag}>", end + count);
        return true;
    }

    private int Closing(char mark, int count, int start)
    {
        var limit = Math.Min(_text.Length, start + Reach);
        for (var i = start + 1; i <= limit - count; i++)
        {
            if (_text[i] != mark)
            {
                continue;
            }

            var run = RunAt(i);
            var after = i + run;
            if ((run == count || run == 3) && !char.IsWhiteSpace(_text[i - 1]) && (mark != '_' || after >= _text.Length || !char.IsLetterOrDigit(_text[after])))
            {
                return after - count;
            }

            i = after - 1;
        }

        return -1;
    }

    private int RunAt(int at)
    {
        var end = at;
        while (end < _text.Length && _text[end] == _text[at])
        {
            end++;
        }

        return end - at;
    }

    private static bool IsSafe(string target) =>
        s_schemes.Any(scheme => target.Length > scheme.Length && target.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) && !target.Any(char.IsWhiteSpace)

        // What is shown as a mark of its own has no place in an attribute.
        && !HtmlText.Of(target).Contains('<', StringComparison.Ordinal);

    private void Put(string html, int next)
    {
        EndPlain();
        _html.Append(html);
        _at = next;
    }

    private void EndPlain()
    {
        _html.Append(HtmlText.Of(_plain.ToString()));
        _plain.Clear();
    }
}
