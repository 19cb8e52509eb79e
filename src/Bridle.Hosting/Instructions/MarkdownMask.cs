namespace Bridle.Hosting.Instructions;

/// <summary>Which characters of a Markdown text are code: fenced blocks and code spans. What looks like an import or a comment there is neither.</summary>
internal static class MarkdownMask
{
    /// <summary>True for each character that is code.</summary>
    public static bool[] CodeOf(string text)
    {
        var code = new bool[text.Length];
        var (fence, from) = ("", 0);
        while (from < text.Length)
        {
            var end = text.IndexOf('\n', from) is var at && at < 0 ? text.Length : at + 1;
            var line = text.AsSpan(from, end - from);
            var mark = Fence(line);
            if (fence.Length > 0)
            {
                code.AsSpan(from, end - from).Fill(true);
                fence = mark.Length >= fence.Length && mark[0] == fence[0] && line.Trim().TrimStart(mark[0]).IsEmpty ? "" : fence;
            }
            else if (mark.Length > 0)
            {
                code.AsSpan(from, end - from).Fill(true);
                fence = mark;
            }
            else
            {
                Spans(text, from, end, code);
            }

            from = end;
        }

        return code;
    }

    private static string Fence(ReadOnlySpan<char> line)
    {
        var inner = line.TrimStart(' ');
        if (line.Length - inner.Length > 3 || inner.IsEmpty || inner[0] is not ('`' or '~'))
        {
            return "";
        }

        var length = inner.Length - inner.TrimStart(inner[0]).Length;
        return length < 3 || (inner[0] is '`' && inner[length..].Contains('`')) ? "" : new string(inner[0], length);
    }

    // A span ends with as many backticks as it begins with; without its end it is none.
    private static void Spans(string text, int from, int end, bool[] code)
    {
        var last = LastRuns(text, from, end);
        for (var i = from; i < end; i++)
        {
            if (text[i] is not '`')
            {
                continue;
            }

            var length = Run(text, i, end);
            var close = last[length] == i ? end : i + length;
            while (close < end && !(text[close] is '`' && Run(text, close, end) == length))
            {
                close += text[close] is '`' ? Run(text, close, end) : 1;
            }

            if (close < end)
            {
                code.AsSpan(i, close + length - i).Fill(true);
                i = close + length - 1;
            }
            else
            {
                i += length - 1;
            }
        }
    }

    // Where the last run of each length begins: one that has no other after it need not be looked for, which would take the square of a line's length.
    private static Dictionary<int, int> LastRuns(string text, int from, int end)
    {
        var last = new Dictionary<int, int>();
        for (var i = from; i < end; i++)
        {
            if (text[i] is '`')
            {
                var length = Run(text, i, end);
                last[length] = i;
                i += length - 1;
            }
        }

        return last;
    }

    private static int Run(string text, int at, int end)
    {
        var i = at;
        while (i < end && text[i] is '`')
        {
            i++;
        }

        return i - at;
    }
}
