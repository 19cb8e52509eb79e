using System.Text;

namespace Bridle.Permissions.Shell;

/// <summary>Where a word stands, which decides what some characters mean in it.</summary>
internal enum WordPlace
{
    /// <summary>An argument.</summary>
    Ordinary,

    /// <summary>Where an assignment may stand: <c>name[…]</c> takes blanks.</summary>
    CommandStart,

    /// <summary>The right side of <c>=~</c>: parentheses and bars belong to it.</summary>
    Regex,
}

/// <summary>Reads words: literals, quotes, and whatever is expanded in them.</summary>
internal sealed class WordReader(Reading reading)
{
    /// <summary>The word that stands here, or null when none does.</summary>
    public ShellWord? Read(WordPlace place = WordPlace.Ordinary)
    {
        reading.SkipContinuations();
        var start = reading.At;
        if (!reading.Enter())
        {
            return null;
        }

        var parts = new PartList();
        while (!reading.Ended && reading.Spend() && ReadOne(parts, place))
        {
        }

        reading.Leave();
        return reading.At == start || (parts.Parts.Count == 0 && reading.Problem is not null) ? null : new ShellWord(new(start, reading.At), parts.Finish());
    }

    /// <summary>Reads parts up to a character that stands outside quotes, which is not taken. For arguments of <c>${…}</c> and the inside of <c>@( )</c>.</summary>
    public IReadOnlyList<WordPart> ReadUntil(char close, bool quoted)
    {
        var parts = new PartList();
        var open = 0;
        while (!reading.Ended && reading.Spend())
        {
            var c = reading.Current;
            if (c == close && open == 0)
            {
                return parts.Finish();
            }

            open += close == ')' ? c switch { '(' => 1, ')' => -1, _ => 0 } : 0;
            if (quoted && c == '\'')
            {
                reading.Fail("a single quote stands in an expansion in double quotes");
            }
            else if (!ReadPart(parts, quoted))
            {
                parts.Add(reading.At, c);
                reading.At++;
            }
        }

        reading.Fail($"'{close}' is missing");
        return parts.Finish();
    }

    /// <summary>The inside of double quotes; the closing one is not taken. Without an end: up to the end of the text, as in a here-document.</summary>
    public IReadOnlyList<WordPart> ReadDoubleQuoted(char end)
    {
        var parts = new PartList();
        if (reading.Enter())
        {
            while (!reading.Ended && reading.Current != end && reading.Spend())
            {
                ReadInQuotes(parts, end);
            }
        }

        reading.Leave();
        return parts.Finish();
    }

    private void ReadInQuotes(PartList parts, char end)
    {
        var start = reading.At;
        switch (reading.Current)
        {
            case '\\' when reading.Next == '\n':
                reading.At += 2;
                break;
            case '\\' when reading.Next is '$' or '`' or '\\' || (reading.Next == '"' && end == '"'):
                reading.At += 2;
                parts.Add(new LiteralPart(new(start, reading.At), reading.Text[(start + 1)..reading.At], QuoteStyle.Escaped));
                break;
            case '$':
                parts.Add(reading.Expansions.ReadDollar(quoted: true));
                break;
            case '`':
                parts.Add(reading.Expansions.ReadBackticks(quoted: end == '"'));
                break;
            default:
                parts.Add(start, reading.Current);
                reading.At++;
                break;
        }
    }

    private bool ReadOne(PartList parts, WordPlace place)
    {
        var c = reading.Current;
        if (c is '<' or '>' && reading.IsAt(c == '<' ? "<(" : ">("))
        {
            parts.Add(reading.Expansions.ReadProcess());
            return true;
        }

        if (c == '(' && parts.EndsInAssignment)
        {
            parts.Add(ReadArray());
            return true;
        }

        if (place is WordPlace.Regex && c is '(' or '|')
        {
            ReadRegexGroup(parts);
            return true;
        }

        if (Reading.IsMeta(c))
        {
            return false;
        }

        if (c == '[' && place is WordPlace.CommandStart && parts.IsName)
        {
            parts.Add(reading.Expansions.ReadSubscript());
            return true;
        }

        if (c is '?' or '*' or '+' or '@' or '!' && reading.IsAt($"{c}("))
        {
            parts.Add(ReadExtendedGlob(c));
        }
        else if (!ReadPart(parts, quoted: false))
        {
            parts.Add(reading.At, c);
            reading.At++;
        }

        return true;
    }

    // Quotes and expansions; false when an ordinary character stands here.
    private bool ReadPart(PartList parts, bool quoted)
    {
        var start = reading.At;
        switch (reading.Current)
        {
            case '\\' when reading.Next == '\n':
                reading.At += 2;
                return true;
            case '\\':
                ReadEscaped(parts);
                return true;
            case '\'' when !quoted:
                var close = reading.Text.IndexOf('\'', start + 1, reading.End - start - 1);
                if (close < 0)
                {
                    reading.Fail("a quote is not closed");
                    return true;
                }

                reading.At = close + 1;
                parts.Add(new LiteralPart(new(start, reading.At), reading.Text[(start + 1)..close], QuoteStyle.Single));
                return true;
            case '"':
                parts.Add(ReadQuotes(start, localised: false));
                return true;
            case '$':
                parts.Add(reading.Expansions.ReadDollar(quoted));
                return true;
            case '`':
                parts.Add(reading.Expansions.ReadBackticks(quoted));
                return true;
            case '<' or '>' when !quoted && reading.IsAt($"{reading.Current}("):
                parts.Add(reading.Expansions.ReadProcess());
                return true;
            default:
                return false;
        }
    }

    private void ReadEscaped(PartList parts)
    {
        var start = reading.At;
        if (start + 1 >= reading.End)
        {
            reading.Fail("it ends in a backslash");
            return;
        }

        reading.At += 2;
        parts.Add(new LiteralPart(new(start, reading.At), reading.Text[(start + 1)..reading.At], QuoteStyle.Escaped));
    }

    public DoubleQuotedPart ReadQuotes(int start, bool localised)
    {
        reading.At++;
        var inner = ReadDoubleQuoted('"');
        reading.Expect("\"", "a quote");
        return new DoubleQuotedPart(new(start, reading.At), inner, localised);
    }

    private ExtendedGlobPart ReadExtendedGlob(char kind)
    {
        var start = reading.At;
        reading.Take($"{kind}(");
        IReadOnlyList<WordPart> inner = reading.Enter() ? ReadUntil(')', quoted: false) : [];
        reading.Leave();
        reading.Expect(")", "a pattern");
        return new ExtendedGlobPart(new(start, reading.At), kind, inner);
    }

    private void ReadRegexGroup(PartList parts)
    {
        parts.Add(reading.At, reading.Current);
        if (reading.Current == '|')
        {
            reading.At++;
            return;
        }

        reading.At++;
        if (reading.Enter())
        {
            foreach (var part in ReadUntil(')', quoted: false))
            {
                parts.Add(part);
            }

            if (!reading.Ended)
            {
                parts.Add(reading.At, ')');
                reading.At++;
            }
        }

        reading.Leave();
    }

    private ArrayPart ReadArray()
    {
        var start = reading.At++;
        var waiting = reading.Pending.Count;
        var elements = new List<ShellWord>();
        if (reading.Enter())
        {
            while (true)
            {
                reading.SkipLines();
                if (reading.Ended || reading.Current == ')' || Read() is not { } element)
                {
                    break;
                }

                elements.Add(element);
            }
        }

        reading.Leave();
        reading.RefuseCrossing(start, waiting, "an array");
        reading.Expect(")", "an array");
        return new ArrayPart(new(start, reading.At), elements);
    }
}

/// <summary>Collects the parts of a word; bare characters that follow each other become one literal.</summary>
internal sealed class PartList
{
    private readonly StringBuilder _bare = new();
    private int _start;
    private int _end;

    public List<WordPart> Parts { get; } = [];

    /// <summary>So far it is a variable's name and nothing else.</summary>
    public bool IsName => Parts.Count == 0 && _bare.Length > 0 && Reading.IsNameStart(_bare[0]) && IsAll(_bare.Length);

    /// <summary>So far it is <c>name=</c>, <c>name+=</c> or the same with a subscript.</summary>
    public bool EndsInAssignment
    {
        get
        {
            if (_bare.Length == 0 || _bare[^1] != '=')
            {
                return false;
            }

            var length = _bare.Length - (_bare.Length > 1 && _bare[^2] == '+' ? 2 : 1);
            return Parts switch
            {
                [] => length > 0 && Reading.IsNameStart(_bare[0]) && IsAll(length),
                [LiteralPart { Style: QuoteStyle.Bare }, SubscriptPart] => length == 0,
                _ => false,
            };
        }
    }

    public void Add(int at, char c)
    {
        if (_bare.Length == 0)
        {
            _start = at;
        }

        _bare.Append(c);
        _end = at + 1;
    }

    public void Add(WordPart? part)
    {
        switch (part)
        {
            case null:
                return;
            case LiteralPart { Style: QuoteStyle.Bare } bare:
                foreach (var c in bare.Value)
                {
                    Add(bare.Span.Start, c);
                }

                // With a line joined inside, the text is shorter than its place.
                _end = bare.Span.End;

                break;
            default:
                Flush();
                Parts.Add(part);
                break;
        }
    }

    public IReadOnlyList<WordPart> Finish()
    {
        Flush();
        return Parts;
    }

    private bool IsAll(int length)
    {
        for (var i = 0; i < length; i++)
        {
            if (!Reading.IsNamePart(_bare[i]))
            {
                return false;
            }
        }

        return true;
    }

    private void Flush()
    {
        if (_bare.Length > 0)
        {
            Parts.Add(new LiteralPart(new(_start, _end), _bare.ToString(), QuoteStyle.Bare));
            _bare.Clear();
        }
    }
}
