using System.Text;

namespace Bridle.Permissions.Shell;

/// <summary>Reads what begins with a dollar, a backtick, or is a process substitution.</summary>
internal sealed class ExpansionReader(Reading reading)
{
    /// <summary>Stands at a dollar. One that expands nothing is a literal.</summary>
    public WordPart ReadDollar(bool quoted)
    {
        var start = reading.At++;
        reading.SkipContinuations();
        switch (reading.Current)
        {
            case '(':
                return ReadParenthesis(start);
            case '{':
                return ReadBraced(start, quoted);
            case '[':
                return ReadOldArithmetic(start);
            case '\'' when !quoted:
                return ReadAnsi(start);
            case '"' when !quoted:
                return reading.Words.ReadQuotes(start, localised: true) with { Span = new(start, reading.At) };
            case var c when Reading.IsNameStart(c):
                return Unbraced(start, ReadName());
            case var c and ((>= '0' and <= '9') or '@' or '*' or '#' or '?' or '-' or '$' or '!'):
                reading.At++;
                return Unbraced(start, c.ToString());
            default:
                return new LiteralPart(new(start, reading.At), "$", QuoteStyle.Bare);
        }
    }

    /// <summary>Stands at a backtick. What is between two of them is a text of its own, with some backslashes taken out.</summary>
    public WordPart ReadBackticks(bool quoted)
    {
        var start = reading.At++;
        var text = new StringBuilder();
        while (!reading.Ended && reading.Current != '`')
        {
            if (reading.Current == '\\' && reading.At + 1 < reading.End)
            {
                if (quoted && reading.Next == '"')
                {
                    reading.Fail("an escaped quote stands in backticks in double quotes");
                    break;
                }

                text.Append(reading.Next is '$' or '`' or '\\' ? "" : "\\").Append(reading.Next);
                reading.At += 2;
            }
            else
            {
                text.Append(reading.Current);
                reading.At++;
            }
        }

        reading.RefuseCrossing(start, reading.Pending.Count, "a substitution");
        reading.Expect("`", "a backtick");
        if (!reading.Enter())
        {
            return new CommandSubstitution(new(start, reading.At), reading.Nothing, "");
        }

        var inner = new Reading(text.ToString(), 0, text.Length, reading.Depth) { InSubstitution = true };
        var body = inner.Commands.ReadAll();
        reading.Leave();
        reading.Documents += inner.Documents;
        var end = reading.At;
        if (inner.Problem is { } problem)
        {
            reading.Fail(problem);
        }

        return new CommandSubstitution(new(start, end), body, text.ToString());
    }

    /// <summary>Stands at <c>&lt;(</c> or <c>>(</c>.</summary>
    public ProcessSubstitution ReadProcess()
    {
        var (start, direction) = (reading.At, reading.Current);
        reading.Take($"{direction}(");
        var body = ReadBody();
        return new ProcessSubstitution(new(start, reading.At), direction, body);
    }

    /// <summary>Stands at <c>[</c> behind a name.</summary>
    public SubscriptPart ReadSubscript()
    {
        var start = reading.At++;
        var parts = ReadExpression('[', ']');
        reading.Expect("]", "a subscript");
        return new SubscriptPart(new(start, reading.At), parts);
    }

    /// <summary>Stands behind <c>((</c>. Null, with the place as it was, when it is not arithmetic but two parentheses.</summary>
    public ArithmeticPart? TryArithmetic(int start)
    {
        var inside = reading.At;
        var parts = reading.Enter() ? ReadExpression('(', ')') : [];
        reading.Leave();
        if (reading.Problem is null && reading.Take("))"))
        {
            return new ArithmeticPart(new(start, reading.At), parts, Old: false);
        }

        if (reading.Problem is null)
        {
            reading.Rewind(inside);
        }

        return null;
    }

    /// <summary>
    /// Two parentheses that turned out to be no arithmetic: bash has gone over the text once without seeing here-documents in it, and takes their bodies from behind the parentheses.
    /// </summary>
    public void RefuseDocuments(bool doubled, int before)
    {
        if (doubled && reading.Documents > before)
        {
            reading.Fail("a here-document stands in two parentheses");
        }
    }

    private static ParameterPart Unbraced(int start, string name) => new(new(start, start + name.Length + 1), "", name, null, "", []);

    private WordPart ReadParenthesis(int start)
    {
        var (open, doubled) = (reading.At, reading.Take("(("));
        if (doubled)
        {
            if (TryArithmetic(start) is { } arithmetic)
            {
                return arithmetic;
            }

            if (reading.Problem is not null)
            {
                return new CommandSubstitution(new(start, reading.At), reading.Nothing, null);
            }
        }

        reading.At = open + 1;
        var documents = reading.Documents;
        var body = ReadBody();
        RefuseDocuments(doubled, documents);
        return new CommandSubstitution(new(start, reading.At), body, null);
    }

    private ShellSequence ReadBody()
    {
        var (from, outer, within) = (reading.At, reading.Pending, reading.InSubstitution);
        (reading.Pending, reading.InSubstitution) = ([], true);
        var body = reading.Commands.ReadSequence(static reading => reading.Current == ')');
        if (reading.Pending.Count > 0)
        {
            reading.Fail("a here-document has no body in its substitution");
        }

        reading.RefuseCrossing(from, outer.Count, "a substitution");
        (reading.Pending, reading.InSubstitution) = (outer, within);
        reading.Expect(")", "a substitution");
        return body;
    }

    private ArithmeticPart ReadOldArithmetic(int start)
    {
        reading.At++;
        var parts = reading.Enter() ? ReadExpression('[', ']') : [];
        reading.Leave();
        reading.Expect("]", "an arithmetic expansion");
        return new ArithmeticPart(new(start, reading.At), parts, Old: true);
    }

    // Up to the closing character, which is not taken. In an expression quotes hide nothing from the shell, so what stands in them must be harmless.
    private IReadOnlyList<WordPart> ReadExpression(char open, char close)
    {
        var parts = new PartList();
        var depth = 0;
        while (!reading.Ended && reading.Spend())
        {
            var c = reading.Current;
            if (c == close && depth == 0)
            {
                return parts.Finish();
            }

            switch (c)
            {
                case '$':
                    var dollar = ReadDollar(quoted: true);
                    parts.Add(dollar);
                    if (dollar is LiteralPart)
                    {
                        reading.Fail("a dollar stands alone in an arithmetic expression");
                    }

                    continue;
                case '`':
                    parts.Add(ReadBackticks(quoted: false));
                    continue;
                case '\\' when reading.Next == '\n':
                    reading.At += 2;
                    continue;
                case '\\':
                    reading.Fail("a backslash stands in an arithmetic expression");
                    continue;
                case '\'' or '"' when !TakeQuotesIn(parts):
                    reading.Fail("quotes stand in an arithmetic expression");
                    continue;
                case '\'' or '"':
                    continue;
            }

            depth += c == open ? 1 : c == close ? -1 : 0;
            parts.Add(reading.At, c);
            reading.At++;
        }

        reading.Fail($"'{close}' is missing");
        return parts.Finish();
    }

    private bool TakeQuotesIn(PartList parts)
    {
        var start = reading.At;
        var close = reading.Text.IndexOf(reading.Current, start + 1, reading.End - start - 1);
        if (close < 0 || reading.Text.AsSpan(start + 1, close - start - 1).IndexOfAny("'\"\\$`()[]{}\n") >= 0)
        {
            return false;
        }

        for (; reading.At <= close; reading.At++)
        {
            parts.Add(reading.At, reading.Current);
        }

        return true;
    }

    private string ReadName()
    {
        var name = new StringBuilder();
        while (!reading.Ended)
        {
            reading.SkipContinuations();
            if (!Reading.IsNamePart(reading.Current))
            {
                break;
            }

            name.Append(reading.Current);
            reading.At++;
        }

        return name.ToString();
    }

    private ParameterPart ReadBraced(int start, bool quoted)
    {
        reading.At++;
        reading.SkipContinuations();
        var empty = new ParameterPart(new(start, reading.At), "", "", null, "", []) { Braced = true };
        if (!reading.Enter())
        {
            return empty;
        }

        var prefix = "";
        if (reading.Current is '!' or '#' && reading.Next is not ('}' or ':' or '-' or '=' or '+' or '?' or '%' or '/' or '^' or ',' or '@' or '#' or '*')
            || (reading.Current is '!' or '#' && reading.Next is '@' or '*' or '#' or '?' or '-' && reading.At + 2 < reading.End && reading.Text[reading.At + 2] == '}'))
        {
            prefix = reading.Current.ToString();
            reading.At++;
            reading.SkipContinuations();
        }

        var name = ReadParameterName();
        if (name.Length == 0)
        {
            reading.Fail("an expansion in braces has no name");
            return empty;
        }

        var subscript = reading.Current == '[' ? ReadSubscript() : null;
        var operation = ReadOperator();
        var argument = reading.Words.ReadUntil('}', quoted);
        reading.Leave();
        reading.Expect("}", "an expansion in braces");
        return new ParameterPart(new(start, reading.At), prefix, name, subscript, operation, argument) { Braced = true };
    }

    private string ReadParameterName()
    {
        if (Reading.IsNameStart(reading.Current))
        {
            return ReadName();
        }

        if (char.IsAsciiDigit(reading.Current))
        {
            return ReadName();
        }

        if (reading.Current is '@' or '*' or '#' or '?' or '-' or '$' or '!')
        {
            reading.At++;
            return reading.Text[reading.At - 1].ToString();
        }

        return "";
    }

    private string ReadOperator()
    {
        string[] operators = [":-", ":=", ":?", ":+", ":", "##", "#", "%%", "%", "//", "/#", "/%", "/", "^^", "^", ",,", ",", "@", "-", "=", "?", "+", "*"];
        reading.SkipContinuations();
        if (reading.Current == '}')
        {
            return "";
        }

        foreach (var one in operators)
        {
            if (reading.Take(one))
            {
                return one;
            }
        }

        reading.Fail("an expansion in braces has an unknown operator");
        return "";
    }

    private LiteralPart ReadAnsi(int start)
    {
        reading.At++;
        var value = new StringBuilder();
        while (!reading.Ended && reading.Current != '\'')
        {
            if (reading.Current == '\\' && reading.At + 1 < reading.End)
            {
                reading.At++;
                AnsiEscapes.Read(reading, value);
            }
            else
            {
                value.Append(reading.Current);
                reading.At++;
            }
        }

        reading.Expect("'", "a quote");
        return new LiteralPart(new(start, reading.At), value.ToString(), QuoteStyle.AnsiC);
    }
}
