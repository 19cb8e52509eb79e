namespace Bridle.Permissions.Shell;

/// <summary>
/// The place of a parser in its text. A failure moves it to the end, so that everything unwinds with what was read so far; nothing throws.
/// Work and depth are bounded: what is over a bound is a failure, which asks.
/// </summary>
internal sealed class Reading
{
    public const int MaxDepth = 80;
    private readonly int _limit;
    private int _depth;
    private int _spent;

    public Reading(string text, int start, int end, int depth)
    {
        (Text, At, End, _depth) = (text, start, end, depth);
        _limit = 20_000 + (64 * text.Length);
        Expansions = new ExpansionReader(this);
        Words = new WordReader(this);
        Redirects = new RedirectReader(this);
        Compounds = new CompoundReader(this);
        Commands = new CommandReader(this);
    }

    public string Text { get; }

    public int At { get; set; }

    public int End { get; private set; }

    public int Depth => _depth;

    public string? Problem { get; private set; }

    /// <summary>Here-documents whose bodies start on the next line.</summary>
    public List<Redirect> Pending { get; set; } = [];

    /// <summary>How many here-documents were opened so far, those in backticks among them.</summary>
    public int Documents { get; set; }

    /// <summary>It stands in a substitution, where bash takes a line for the end of a here-document that only begins like it.</summary>
    public bool InSubstitution { get; set; }

    public WordReader Words { get; }

    public ExpansionReader Expansions { get; }

    public RedirectReader Redirects { get; }

    public CommandReader Commands { get; }

    public CompoundReader Compounds { get; }

    public bool Ended => At >= End;

    public char Current => At < End ? Text[At] : '\0';

    public char Next => At + 1 < End ? Text[At + 1] : '\0';

    /// <summary>An empty list at this place.</summary>
    public ShellSequence Nothing => new(new(At, At), []);

    public void Fail(string problem)
    {
        Problem ??= problem;
        At = End;
    }

    /// <summary>Takes back a reading that turned out to be of the other kind.</summary>
    public void Rewind(int at)
    {
        At = at;
        Problem = null;
    }

    /// <summary>Fails when something that was read from a place on went over the end of a line on which a here-document waits: versions of bash differ about where its body starts.</summary>
    public void RefuseCrossing(int from, int waiting, string what)
    {
        if (waiting > 0 && Text.AsSpan(from, At - from).Contains('\n'))
        {
            Fail($"{what} crosses the line of a here-document");
        }
    }

    /// <summary>Counts a piece of work; fails when it is too much.</summary>
    public bool Spend()
    {
        if (++_spent <= _limit)
        {
            return true;
        }

        Fail("it is too intricate to be read");
        End = Math.Min(End, At);
        return false;
    }

    public bool Enter()
    {
        _depth++;
        if (_depth <= MaxDepth)
        {
            return Spend();
        }

        Fail("it is nested too deeply");
        return false;
    }

    public void Leave() => _depth--;

    public void SkipContinuations()
    {
        while (Current == '\\' && Next == '\n')
        {
            At += 2;
        }
    }

    /// <summary>Where an operator that stands here ends, or -1. Joined lines may part its characters.</summary>
    public int EndOf(string symbols)
    {
        var at = At;
        foreach (var symbol in symbols)
        {
            while (at + 1 < End && Text[at] == '\\' && Text[at + 1] == '\n')
            {
                at += 2;
            }

            if (at >= End || Text[at] != symbol)
            {
                return -1;
            }

            at++;
        }

        return at;
    }

    public bool IsAt(string symbols) => EndOf(symbols) >= 0;

    public bool Take(string symbols)
    {
        var end = EndOf(symbols);
        At = end < 0 ? At : end;
        return end >= 0;
    }

    public void Expect(string symbols, string what)
    {
        if (!Take(symbols))
        {
            Fail(Ended ? $"{what} is not closed" : $"'{symbols}' is expected at {At + 1}");
        }
    }

    /// <summary>Blanks, joined lines and a comment.</summary>
    public void SkipBlanks()
    {
        while (!Ended)
        {
            SkipContinuations();
            if (Current is ' ' or '\t')
            {
                At++;
            }
            else
            {
                break;
            }
        }

        if (Current == '#')
        {
            var line = Text.IndexOf('\n', At, End - At);
            At = line < 0 ? End : line;
        }
    }

    /// <summary>Blanks and new lines, with the here-documents that start there.</summary>
    public void SkipLines()
    {
        SkipBlanks();
        while (Current == '\n' && Spend())
        {
            At++;
            Redirects.ReadDocuments();
            SkipBlanks();
        }
    }

    /// <summary>The word that stands here if nothing of it is quoted or computed, for keywords; null for longer ones.</summary>
    public string? PeekBare(out int end)
    {
        Span<char> word = stackalloc char[10];
        var length = 0;
        for (end = At; end < End; end++)
        {
            var c = Text[end];
            if (c == '\\' && end + 1 < End && Text[end + 1] == '\n')
            {
                end++;
            }
            else if (IsMeta(c))
            {
                break;
            }
            else if (c is '\'' or '"' or '\\' or '$' or '`' || length == word.Length)
            {
                return null;
            }
            else
            {
                word[length++] = c;
            }
        }

        return length == 0 ? null : word[..length].ToString();
    }

    public bool TakeBare(string word)
    {
        if (PeekBare(out var end) != word)
        {
            return false;
        }

        At = end;
        return true;
    }

    public void ExpectBare(string word)
    {
        SkipLines();
        if (!TakeBare(word))
        {
            Fail(Ended ? $"'{word}' is missing" : $"'{word}' is expected at {At + 1}");
        }
    }

    public static bool IsMeta(char c) => c is ' ' or '\t' or '\n' or ';' or '&' or '|' or '(' or ')' or '<' or '>';

    public static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
