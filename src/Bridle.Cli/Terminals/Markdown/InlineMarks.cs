using System.Text;

namespace Bridle.Cli.Terminals.Markdown;

/// <summary>
/// Bold, italic, struck out, code and links inside of a line, or of several that follow on each other. Without colours the line stays as it was written. Nothing is ever hidden: an address stands beside the words
/// that point to it, entities and HTML are shown as they are written.
/// </summary>
internal static class InlineMarks
{
    private const string Escapable = "\\`*_{}[]()#+-.!|~<>";
    private const int Deepest = 8;

    /// <summary>The line with styles in the place of marks.</summary>
    public static string Of(string text, Styling style) => style.On ? Style(text, style, 0) : text;

    /// <summary>Whether something begins to be emphasised at the beginning of a word and does not end: what follows may end it.</summary>
    public static bool IsOpen(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    break;
                case '`':
                    at = PastCode(text, at) - 1;
                    break;
                case '*' or '_' or '~':
                    var length = MarkLength(text, at);
                    var end = length > 0 && Opens(text, at, length) && IsAtEdge(text, at) ? Closing(text, at + length, text[at], length) : at;
                    if (end < 0)
                    {
                        return true;
                    }

                    at = end + Math.Max(1, length) - 1;
                    break;
            }
        }

        return false;
    }

    private static string Style(string text, Styling style, int depth)
    {
        var styled = new StringBuilder(text.Length + 32);
        for (var at = 0; at < text.Length;)
        {
            var taken = depth >= Deepest ? 0 : text[at] switch
            {
                '\\' when at + 1 < text.Length && Escapable.Contains(text[at + 1]) => Append(styled, text[at + 1].ToString(), 2),
                '`' => Code(text, at, style, styled),
                '*' or '_' or '~' => Emphasis(text, at, style, styled, depth),
                '[' => Link(text, at, style, styled, depth),
                _ => 0,
            };
            if (taken == 0)
            {
                styled.Append(text[at]);
                taken = 1;
            }

            at += taken;
        }

        return styled.ToString();
    }

    private static int Append(StringBuilder styled, string text, int taken)
    {
        styled.Append(text);
        return taken;
    }

    private static int Code(string text, int at, Styling style, StringBuilder styled)
    {
        var ticks = Run(text, at, '`');
        for (var end = at + ticks; end < text.Length; end++)
        {
            if (text[end] != '`')
            {
                continue;
            }

            var closing = Run(text, end, '`');
            if (closing == ticks)
            {
                var code = text[(at + ticks)..end];
                return Append(styled, style.Cyan(code is [' ', .., ' '] && code.Trim().Length > 0 ? code[1..^1] : code), end + ticks - at);
            }

            end += closing - 1;
        }

        return Append(styled, text.Substring(at, ticks), ticks);
    }

    private static int Emphasis(string text, int at, Styling style, StringBuilder styled, int depth)
    {
        var (mark, length) = (text[at], MarkLength(text, at));
        if (length == 0)
        {
            return 0;
        }

        // In 5*3 and 4*2 on the next line nothing is emphasised.
        var end = Opens(text, at, length) ? Closing(text, at + length, mark, length) : -1;
        if (end < 0 || (!IsAtEdge(text, at) && text.AsSpan(at, end - at).Contains('\n')))
        {
            return Append(styled, new string(mark, length), length);
        }

        var inner = Style(text[(at + length)..end], style, depth + 1);
        return Append(styled, (mark, length) switch
        {
            ('~', _) => style.Struck(inner),
            (_, 1) => style.Italic(inner),
            (_, 2) => style.Bold(inner),
            _ => style.Bold(style.Italic(inner)),
        }, end + length - at);
    }

    private static int MarkLength(string text, int at) => Math.Min(Run(text, at, text[at]), text[at] == '~' ? 2 : 3) is var length && text[at] == '~' && length < 2 ? 0 : length;

    // Marks stand at the edge of words: 2 * 3 and snake_case_name are none.
    private static bool Opens(string text, int at, int length) =>
        at + length < text.Length && !char.IsWhiteSpace(text[at + length]) && (text[at] != '_' || IsAtEdge(text, at));

    private static bool IsAtEdge(string text, int at) => at == 0 || !char.IsLetterOrDigit(text[at - 1]);

    // Behind the code that begins here, or behind its ticks when it does not end.
    private static int PastCode(string text, int at)
    {
        var ticks = Run(text, at, '`');
        var close = text.IndexOf(new string('`', ticks), at + ticks, StringComparison.Ordinal);
        return (close < 0 ? at : close) + ticks;
    }

    private static int Closing(string text, int at, char mark, int length)
    {
        for (var end = at; end < text.Length; end++)
        {
            if (text[end] == '\\')
            {
                end++;
            }
            else if (text[end] == '`')
            {
                // Marks in code are no marks.
                end = PastCode(text, end) - 1;
            }
            else if (text[end] == mark)
            {
                var run = Run(text, end, mark);
                if (run == length && end > at && !char.IsWhiteSpace(text[end - 1]) && (mark != '_' || end + run == text.Length || !char.IsLetterOrDigit(text[end + run])))
                {
                    return end;
                }

                end += run - 1;
            }
        }

        return -1;
    }

    private static int Link(string text, int at, Styling style, StringBuilder styled, int depth)
    {
        var close = text.IndexOf(']', at);
        if (close <= at + 1 || close + 1 >= text.Length || text[close + 1] != '(' || text.IndexOf(')', close) is not (> 0 and var end))
        {
            return 0;
        }

        var (words, address) = (text[(at + 1)..close], text[(close + 2)..end]);
        styled.Append(style.Underline(Style(words, style, depth + 1)));
        return Append(styled, words == address ? "" : style.Dim($" ({address})"), end + 1 - at);
    }

    private static int Run(string text, int at, char character)
    {
        var end = at;
        while (end < text.Length && text[end] == character)
        {
            end++;
        }

        return end - at;
    }
}
