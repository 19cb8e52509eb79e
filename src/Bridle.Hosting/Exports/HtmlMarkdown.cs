using System.Globalization;
using System.Text;

namespace Bridle.Hosting.Exports;

/// <summary>Markdown as a part of a page: headings, lists, quotes, code, tables and what <see cref="HtmlInline"/> knows. HTML in it stays text. Lines stay lines, as on a terminal.</summary>
internal sealed class HtmlMarkdown
{
    private const int Deepest = 8;
    private const int MostColumns = 50;

    private readonly StringBuilder _html = new();
    private readonly IReadOnlyList<string> _lines;
    private readonly int _depth;
    private int _at;

    private HtmlMarkdown(IReadOnlyList<string> lines, int depth) => (_lines, _depth) = (lines, depth);

    public static string Of(string text) =>
        $"<div class=\"text md\">{new HtmlMarkdown(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\t", "    ", StringComparison.Ordinal).Split('\n'), 0).Write()}</div>\n";

    private string Write()
    {
        while (_at < _lines.Count)
        {
            var line = _lines[_at];
            if (line.Trim().Length == 0)
            {
                _at++;
            }
            else if (Fence(line) is { } fence)
            {
                Code(fence);
            }
            else if (Heading(line) is > 0 and var level)
            {
                // The page itself has the first two.
                _html.Append(CultureInfo.InvariantCulture, $"<h{Math.Min(6, level + 2)}>{HtmlInline.Of(line.Trim().TrimStart('#').TrimEnd('#').Trim())}</h{Math.Min(6, level + 2)}>\n");
                _at++;
            }
            else if (IsRule(line))
            {
                _html.Append("<hr>\n");
                _at++;
            }
            else if (IsTable())
            {
                Table();
            }
            else if (_depth < Deepest && line.TrimStart() is ['>', ..])
            {
                Quote();
            }
            else if (_depth < Deepest && Item(line) is not null)
            {
                Items();
            }
            else
            {
                Paragraph();
            }
        }

        return _html.ToString().TrimEnd('\n');
    }

    private void Code(string fence)
    {
        var (indent, language) = (Indent(_lines[_at]), _lines[_at].Trim().TrimStart(fence[0]).Trim());
        var code = new List<string>();
        for (_at++; _at < _lines.Count; _at++)
        {
            var trimmed = _lines[_at].Trim();
            if (trimmed.Length >= fence.Length && trimmed.All(character => character == fence[0]))
            {
                _at++;
                break;
            }

            code.Add(Outdent(_lines[_at], indent));
        }

        _html.Append(language.Length > 0 ? $"<p class=\"small\">{HtmlText.Of(language)}</p>\n" : "").Append("<pre><code>").Append(HtmlText.Of(string.Join('\n', code))).Append("</code></pre>\n");
    }

    private void Quote()
    {
        var inner = new List<string>();
        for (; _at < _lines.Count && _lines[_at].TrimStart() is ['>', .. var rest]; _at++)
        {
            inner.Add(rest is [' ', .. var text] ? text : rest);
        }

        _html.Append("<blockquote>").Append(new HtmlMarkdown(inner, _depth + 1).Write()).Append("</blockquote>\n");
    }

    private void Items()
    {
        var first = Item(_lines[_at])!.Value;
        var tag = first.Number is null ? "ul" : "ol";
        _html.Append(first.Number is { } start and not 1 ? string.Create(CultureInfo.InvariantCulture, $"<ol start=\"{start}\">\n") : $"<{tag}>\n");
        while (_at < _lines.Count && Item(_lines[_at]) is { } item && item.Number is null == first.Number is null && item.Indent < first.Indent + first.Width)
        {
            var inner = new List<string> { item.Text };
            for (_at++; _at < _lines.Count; _at++)
            {
                var line = _lines[_at];
                var deeper = Indent(line) >= item.Indent + Math.Min(item.Width, 2);
                if (line.Trim().Length == 0 ? !GoesOn(item.Indent) : !deeper && (Begins(line) || _lines[_at - 1].Trim().Length == 0))
                {
                    break;
                }

                inner.Add(Outdent(line, item.Indent + item.Width));
            }

            _html.Append("<li>").Append(Tight(new HtmlMarkdown(inner, _depth + 1).Write())).Append("</li>\n");
            SkipBlankBefore(first);
        }

        _html.Append("</").Append(tag).Append(">\n");
    }

    // A blank line between two items of one list belongs to neither.
    private void SkipBlankBefore((int Indent, int Width, long? Number, string Text) first)
    {
        var next = _at;
        while (next < _lines.Count && _lines[next].Trim().Length == 0)
        {
            next++;
        }

        if (next > _at && next < _lines.Count && Item(_lines[next]) is { } item && item.Number is null == first.Number is null && item.Indent < first.Indent + first.Width && item.Indent + 2 > first.Indent)
        {
            _at = next;
        }
    }

    private bool GoesOn(int indent)
    {
        var next = _at + 1;
        while (next < _lines.Count && _lines[next].Trim().Length == 0)
        {
            next++;
        }

        return next < _lines.Count && Indent(_lines[next]) >= indent + 2;
    }

    private void Paragraph()
    {
        var text = new List<string> { _lines[_at].Trim() };
        for (_at++; _at < _lines.Count && _lines[_at].Trim().Length > 0 && !Begins(_lines[_at]) && !IsTable(); _at++)
        {
            text.Add(_lines[_at].Trim());
        }

        _html.Append("<p>").Append(HtmlInline.Of(string.Join('\n', text))).Append("</p>\n");
    }

    private void Table()
    {
        var columns = Cells(_lines[_at]).Count;
        _html.Append("<table>\n");
        Row(Cells(_lines[_at]), columns, "th");
        for (_at += 2; _at < _lines.Count && _lines[_at].Contains('|', StringComparison.Ordinal); _at++)
        {
            Row(Cells(_lines[_at]), columns, "td");
        }

        _html.Append("</table>\n");
    }

    private void Row(List<string> cells, int columns, string tag)
    {
        _html.Append("<tr>");
        for (var i = 0; i < Math.Max(columns, cells.Count); i++)
        {
            _html.Append('<').Append(tag).Append('>').Append(i < cells.Count ? HtmlInline.Of(cells[i]) : "").Append("</").Append(tag).Append('>');
        }

        _html.Append("</tr>\n");
    }

    private bool IsTable() =>
        _at + 1 < _lines.Count && _lines[_at].Contains('|', StringComparison.Ordinal) && _lines[_at + 1].Trim() is { Length: > 1 } below
        && below.All(character => character is '|' or '-' or ':' or ' ') && below.Contains('-', StringComparison.Ordinal) && below.Contains('|', StringComparison.Ordinal)
        && Cells(_lines[_at]).Count is <= MostColumns and var count && Cells(below).Count == count;

    // A bar after a backslash is a bar.
    private static List<string> Cells(string line)
    {
        var (cells, cell) = (new List<string>(), new StringBuilder());
        var text = line.Trim();
        text = text is ['|', .. var inner] ? inner : text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '|')
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == '|')
            {
                cell.Append(text[++i]);
            }
            else
            {
                cell.Append(text[i]);
            }
        }

        if (cell.ToString().Trim().Length > 0 || !text.EndsWith('|'))
        {
            cells.Add(cell.ToString().Trim());
        }

        return cells;
    }

    private static bool Begins(string line) => Fence(line) is not null || Heading(line) > 0 || IsRule(line) || line.TrimStart() is ['>', ..] || Item(line) is not null;

    private static string? Fence(string line)
    {
        var trimmed = line.TrimStart();
        var length = trimmed.Length > 0 && trimmed[0] is '`' or '~' ? trimmed.Length - trimmed.TrimStart(trimmed[0]).Length : 0;
        return length >= 3 && (trimmed[0] == '~' || !trimmed.AsSpan(length).Contains('`')) ? trimmed[..length] : null;
    }

    private static int Heading(string line)
    {
        var trimmed = line.TrimStart();
        var level = trimmed.Length - trimmed.TrimStart('#').Length;
        return level is > 0 and <= 6 && Indent(line) < 4 && (trimmed.Length == level || trimmed[level] == ' ') ? level : 0;
    }

    private static bool IsRule(string line)
    {
        var marks = line.Replace(" ", "", StringComparison.Ordinal);
        return marks.Length >= 3 && marks[0] is '-' or '*' or '_' && marks.All(mark => mark == marks[0]) && marks.Length >= 3;
    }

    private static (int Indent, int Width, long? Number, string Text)? Item(string line)
    {
        var indent = Indent(line);
        var rest = line[indent..];
        var digits = rest.TakeWhile(char.IsAsciiDigit).Take(10).Count();
        var mark = digits is > 0 and < 10 && digits < rest.Length && rest[digits] is '.' or ')' ? digits + 1 : rest is ['-' or '*' or '+', ..] ? 1 : 0;
        if (mark == 0 || IsRule(line) || (rest.Length > mark && rest[mark] != ' '))
        {
            return null;
        }

        var text = rest[mark..].TrimStart();
        var width = text.Length == 0 ? mark + 1 : Math.Min(rest.Length - text.Length, mark + 4);
        return (indent, width, mark > 1 ? long.Parse(rest.AsSpan(0, digits), CultureInfo.InvariantCulture) : null, text);
    }

    private static string Tight(string html) =>
        html.StartsWith("<p>", StringComparison.Ordinal) && html.IndexOf("</p>", StringComparison.Ordinal) is > 0 and var end && html.IndexOf("<p>", 3, StringComparison.Ordinal) is var other && (other < 0 || html.IndexOf("<li>", 3, StringComparison.Ordinal) is > 0 and var item && item < other)
            ? string.Concat(html.AsSpan(3, end - 3), html.AsSpan(end + 4)) : html;

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    private static string Outdent(string line, int columns) => line[Math.Min(columns, Indent(line))..];
}
