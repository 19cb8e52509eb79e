using Bridle.Cli.Terminals.Screens;

namespace Bridle.Cli.Terminals.Markdown;

/// <summary>
/// Markdown as lines of a terminal, while it comes. A finished line never changes any more: all that is held back is the line that has not ended, a table until its last row, and
/// lines of a paragraph while a mark of emphasis in them waits for its end. The text is made safe before anything is read out of it.
/// </summary>
internal sealed class MarkdownLines(Styling style, Func<int> width)
{
    private const int MostTableRows = 200;
    private const int LongestOpen = 4 * 1024;

    // Longer than any emphasis that is meant as one: a mark that nobody closes must not keep back a long answer.
    private const int MostHeld = 20;

    private readonly List<string> _table = [];
    private readonly List<string> _held = [];
    private string _open = "";
    private string? _fence;
    private CodeColours _code = new(null, style);

    /// <summary>Takes more text and gives the lines that are finished now.</summary>
    public IReadOnlyList<string> Take(string text)
    {
        var finished = new List<string>();
        _open += text;
        for (var end = _open.IndexOf('\n'); end >= 0; end = _open.IndexOf('\n'))
        {
            var line = Safe(_open[..end]);
            _open = _open[(end + 1)..];
            Finish(line, finished);
        }

        // A line that never ends must not be read again and again.
        if (_open.Length > LongestOpen)
        {
            var end = _open.LastIndexOf(' ') is var space && space > LongestOpen / 2 ? space + 1 : _open.Length;
            Finish(Safe(_open[..end]), finished);
            _open = _open[end..];
        }

        return finished;
    }

    /// <summary>Ends the text and gives the lines that were held back.</summary>
    public IReadOnlyList<string> End()
    {
        var finished = new List<string>();
        if (_open.Length > 0)
        {
            finished.AddRange(Take("\n"));
        }

        EndHeld(finished);
        EndTable(finished);
        (_fence, _code) = (null, new(null, style));
        return finished;
    }

    /// <summary>Forgets what was held back.</summary>
    public void Drop()
    {
        _table.Clear();
        _held.Clear();
        (_open, _fence, _code) = ("", null, new(null, style));
    }

    /// <summary>What is held back, as it looks so far.</summary>
    public IReadOnlyList<string> Open()
    {
        var (lines, open) = (new List<string>(_table), Safe(_open));
        var goesOn = _held.Count > 0 && GoesOn(open);
        lines.AddRange(Paragraph(goesOn ? [.. _held, open] : _held));
        if (open.Length > 0 && !goesOn)
        {
            lines.AddRange(_fence is not null ? StyledText.Wrap(open, width()) : Shown(open));
        }

        return lines;
    }

    private static string Safe(string line) => VisibleText.Of(line.TrimEnd('\r')).Replace("\t", "    ", StringComparison.Ordinal);

    private void Finish(string line, List<string> finished)
    {
        if (_held.Count > 0 && GoesOn(line))
        {
            _held.Add(line);
            if (_held.Count == MostHeld || _held.Sum(one => one.Length) > LongestOpen || !IsOpen(_held))
            {
                EndHeld(finished);
            }

            return;
        }

        EndHeld(finished);
        if (_fence is not null)
        {
            Code(line, finished);
        }
        else if (IsTableRow(line) && _table.Count < MostTableRows)
        {
            _table.Add(line);
        }
        else
        {
            EndTable(finished);
            if (Fence(line) is { } fence)
            {
                _fence = fence;
                _code = new(CodeLanguage.Find(line.Trim()[fence.Length..].Split(' ', '{', ':')[0]), style);
                finished.Add(style.Dim(line));
            }
            else if (IsText(line) && IsOpen([line]))
            {
                _held.Add(line);
            }
            else
            {
                finished.AddRange(Shown(line));
            }
        }
    }

    private void EndHeld(List<string> finished)
    {
        finished.AddRange(Paragraph(_held));
        _held.Clear();
    }

    private bool IsOpen(IReadOnlyList<string> lines) => style.On && InlineMarks.IsOpen(string.Join('\n', lines.Select(line => TextLine.Of(line, style).Words)));

    // Whether the line is one more of the paragraph, the list item or the quotation that is held back.
    private bool GoesOn(string line) => IsText(line) && line.Trim().Length > 0 && ListMarker(line.TrimStart()).Length == 0 && Fence(line) is null && !IsTableRow(line) && IsQuote(line) == IsQuote(_held[0]);

    private static bool IsText(string line) => line.TrimStart() is var trimmed && HeadingLevel(trimmed) == 0 && !IsRule(trimmed);

    private static bool IsQuote(string line) => line.TrimStart().StartsWith('>');

    private void Code(string line, List<string> finished)
    {
        var trimmed = line.Trim();
        if (trimmed.Length >= _fence!.Length && trimmed.All(character => character == _fence[0]))
        {
            _fence = null;
            finished.Add(style.Dim(line));
        }
        else
        {
            // Not broken: what is copied from here has to work.
            finished.Add(_code.Line(line));
        }
    }

    private static string? Fence(string line)
    {
        var trimmed = line.TrimStart();
        if (trimmed.Length < 3 || trimmed[0] is not ('`' or '~') || line.Length - trimmed.Length > 12)
        {
            return null;
        }

        var length = trimmed.Length - trimmed.TrimStart(trimmed[0]).Length;
        return length >= 3 && (trimmed[0] != '`' || !trimmed[length..].Contains('`')) ? trimmed[..length] : null;
    }

    private IReadOnlyList<string> Shown(string line)
    {
        var trimmed = line.TrimStart();
        var indent = line[..(line.Length - trimmed.Length)];
        if (HeadingLevel(trimmed) is > 0 and var level)
        {
            var title = InlineMarks.Of(style.On ? trimmed[level..].Trim(' ', '#') : trimmed, style);
            return Wrapped(indent, level == 1 ? style.Bold(style.Underline(title)) : style.Bold(title), "");
        }

        if (IsRule(trimmed))
        {
            return [style.On ? style.Dim(new string('─', Math.Min(40, width() - 1))) : line];
        }

        return Paragraph([line]);
    }

    private static int HeadingLevel(string trimmed) =>
        trimmed.Length - trimmed.TrimStart('#').Length is > 0 and <= 6 and var level && (trimmed.Length == level || trimmed[level] == ' ') ? level : 0;

    // What is emphasised may begin in one of the lines and end in another.
    private List<string> Paragraph(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return [];
        }

        var (shown, at) = (new List<string>(), 0);
        var split = lines.ToList().ConvertAll(line => TextLine.Of(line, style));
        foreach (var words in StyledText.Lines(InlineMarks.Of(string.Join('\n', split.Select(one => one.Words)), style)))
        {
            var line = split[at++];
            shown.AddRange(line.IsQuote
                ? StyledText.Wrap(words, Math.Max(10, width() - line.Hang - 2), 0, breakWords: false).Select(part => line.First + part)
                : Wrapped(line.First, words, new string(' ', line.Hang)));
        }

        return shown;
    }

    // What stands before the words of a line, the words, and how far what follows on is indented.
    private readonly record struct TextLine(string First, string Words, int Hang, bool IsQuote)
    {
        public static TextLine Of(string line, Styling style)
        {
            var trimmed = line.TrimStart();
            var indent = line[..(line.Length - trimmed.Length)];
            if (trimmed.StartsWith('>'))
            {
                return new(indent + (style.On ? style.Dim("│") + " " : "> "), trimmed[1..].TrimStart(), indent.Length, true);
            }

            var marker = ListMarker(trimmed);
            return new(indent + (style.On ? Task(marker) : marker), trimmed[marker.Length..], indent.Length + marker.Length, false);
        }
    }

    private IReadOnlyList<string> Wrapped(string first, string text, string rest) => StyledText.Wrap(first + text, width(), rest.Length, breakWords: false);

    private static string Task(string marker) => marker switch
    {
        [.. var dash, '[', ' ', ']', ' '] => new string(dash) + "☐ ",
        [.. var dash, '[', 'x' or 'X', ']', ' '] => new string(dash) + "☑ ",
        _ => marker,
    };

    // The mark of a list item with the space behind it; empty when there is none.
    private static string ListMarker(string text)
    {
        var digits = text.Length - text.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').Length;
        var length = digits is > 0 and < 10 && digits + 1 < text.Length && text[digits] is '.' or ')' && text[digits + 1] == ' ' ? digits + 2
            : text.Length > 1 && text[0] is '-' or '*' or '+' && text[1] == ' ' ? 2 : 0;
        if (length > 0 && text.Length >= length + 4 && text[length] == '[' && text[length + 1] is ' ' or 'x' or 'X' && text[length + 2] == ']' && text[length + 3] == ' ')
        {
            length += 4;
        }

        return text[..length];
    }

    private static bool IsRule(string text)
    {
        var bare = text.Replace(" ", "", StringComparison.Ordinal);
        return bare.Length >= 3 && bare[0] is '-' or '*' or '_' && bare.All(character => character == bare[0]);
    }

    private static bool IsTableRow(string line) => line.TrimStart().StartsWith('|') && line.TrimEnd().Length > 1 && line.TrimEnd().EndsWith('|');

    private void EndTable(List<string> finished)
    {
        finished.AddRange(MarkdownTable.Lines(_table, width(), style));
        _table.Clear();
    }
}
