using System.Text;

namespace Bridle.Permissions.Shell;

/// <summary>Reads redirections and here-documents.</summary>
internal sealed class RedirectReader(Reading reading)
{
    private static readonly string[] Operators = ["<<<", "<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">", "&>>", "&>"];

    /// <summary>The redirection that stands here, or null.</summary>
    public Redirect? Read()
    {
        reading.SkipContinuations();
        var start = reading.At;
        var descriptor = TakeDescriptor();
        var found = Operators.FirstOrDefault(one => (descriptor is null || one[0] != '&') && reading.IsAt(one));
        if (found is null || (found is "<" or ">" && reading.IsAt($"{found}(")))
        {
            reading.At = start;
            return null;
        }

        reading.Take(found);
        reading.SkipBlanks();
        if (reading.Words.Read() is not { } target)
        {
            reading.Fail($"'{found}' has no target");
            return new Redirect(new(start, reading.At), descriptor, found, ShellWord.Bare(new(reading.At, reading.At), ""));
        }

        var redirect = new Redirect(new(start, target.Span.End), descriptor, found, target);
        if (found is "<<" or "<<-")
        {
            reading.Pending.Add(redirect);
            reading.Documents++;
        }

        return redirect;
    }

    /// <summary>All redirections behind a compound command.</summary>
    public IReadOnlyList<Redirect> ReadAll()
    {
        var all = new List<Redirect>();
        while (true)
        {
            reading.SkipBlanks();
            if (reading.Ended || Read() is not { } one)
            {
                return all;
            }

            all.Add(one);
        }
    }

    /// <summary>Stands at the start of a line: reads the bodies of the here-documents that the line before it opened.</summary>
    public void ReadDocuments()
    {
        if (reading.Pending.Count == 0)
        {
            return;
        }

        var pending = reading.Pending;
        reading.Pending = [];
        foreach (var redirect in pending)
        {
            redirect.Document = ReadDocument(redirect);
        }
    }

    private HereDocument ReadDocument(Redirect redirect)
    {
        var expands = !redirect.Target.Parts.Any(part => part is not LiteralPart { Style: QuoteStyle.Bare });
        var (start, delimiter, strips) = (reading.At, redirect.Target.Text, redirect.Operator == "<<-");
        RefuseDelimiter(redirect.Target, delimiter, strips);
        var end = -1;
        var line = new StringBuilder();
        while (end < 0 && !reading.Ended && reading.Spend())
        {
            var from = reading.At;
            TakeLine(line, expands);
            var text = strips ? line.ToString().TrimStart('\t') : line.ToString();
            end = text == delimiter ? from : -1;
            if (end < 0 && reading.InSubstitution && text.StartsWith(delimiter, StringComparison.Ordinal) && text.IndexOf(')', delimiter.Length) >= 0)
            {
                // In a substitution bash ends it here and runs the rest of the line.
                reading.Fail("a line of a here-document begins like its end and closes a parenthesis");
            }
        }

        // Bash warns and takes what there is; whoever wrote it meant something else.
        if (end < 0)
        {
            reading.Fail("a here-document is without its end");
        }

        var body = (Start: start, End: end < 0 ? reading.At : end);
        return new HereDocument(new(body.Start, body.End), delimiter, expands, expands ? ReadParts(body.Start, body.End, strips) : [Literal(body.Start, body.End)]);
    }

    private void RefuseDelimiter(ShellWord target, string delimiter, bool strips)
    {
        if (target.Parts.Any(part => part is not LiteralPart and not DoubleQuotedPart) || target.Parts.OfType<DoubleQuotedPart>().Any(part => part.Parts.Any(inner => inner is not LiteralPart)) || delimiter.Contains('\n'))
        {
            reading.Fail("the end of a here-document is computed");
        }
        else if (ShellParser.HiddenIn(delimiter) is not null || (strips && delimiter is ['\t', ..]))
        {
            reading.Fail("the end of a here-document is a line that cannot be told from others");
        }
    }

    // A line without its end; where things are expanded, a backslash joins it with the next.
    private void TakeLine(StringBuilder line, bool joins)
    {
        line.Clear();
        while (!reading.Ended)
        {
            var c = reading.Current;
            reading.At++;
            if (c == '\n')
            {
                return;
            }

            if (c == '\\' && joins && reading.Current == '\n')
            {
                reading.At++;
                continue;
            }

            line.Append(c);
            if (c == '\\' && joins && !reading.Ended)
            {
                line.Append(reading.Current);
                reading.At++;
            }
        }
    }

    private IReadOnlyList<WordPart> ReadParts(int start, int end, bool strips)
    {
        if (!reading.Enter())
        {
            return [];
        }

        var inner = new Reading(reading.Text, start, end, reading.Depth);
        var parts = inner.Words.ReadDoubleQuoted('\0');
        reading.Leave();
        if (inner.Problem is { } problem)
        {
            reading.Fail(problem);
        }
        else if (strips && parts.Any(part => part is not LiteralPart && reading.Text.AsSpan(part.Span.Start, part.Span.End - part.Span.Start).Contains("\n\t", StringComparison.Ordinal)))
        {
            reading.Fail("tabs are taken out of a substitution in a here-document");
        }

        return parts;
    }

    private LiteralPart Literal(int start, int end) => new(new(start, end), reading.Text[start..end], QuoteStyle.Single);

    private string? TakeDescriptor()
    {
        var start = reading.At;
        if (reading.Current == '{')
        {
            reading.At++;
            while (Reading.IsNamePart(reading.Current) || reading.Current is '[' or ']')
            {
                reading.At++;
            }

            if (reading.Current == '}' && reading.At > start + 1 && Reading.IsNameStart(reading.Text[start + 1]))
            {
                reading.At++;
                if (reading.Current is '<' or '>')
                {
                    return reading.Text[start..reading.At];
                }
            }
        }
        else
        {
            while (char.IsAsciiDigit(reading.Current))
            {
                reading.At++;
            }

            if (reading.At > start && reading.Current is '<' or '>')
            {
                return reading.Text[start..reading.At];
            }
        }

        reading.At = start;
        return null;
    }
}
