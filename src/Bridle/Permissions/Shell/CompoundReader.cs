namespace Bridle.Permissions.Shell;

/// <summary>Reads what begins with a keyword or a parenthesis.</summary>
internal sealed class CompoundReader(Reading reading)
{
    /// <summary>The compound command that stands here with its redirections, or null.</summary>
    public ShellStatement? Read()
    {
        reading.SkipContinuations();
        if (ReadBody() is not { } command)
        {
            return null;
        }

        var redirects = reading.Redirects.ReadAll();
        return redirects.Count == 0 ? command : command with { Redirects = redirects, Span = new(command.Span.Start, redirects[^1].Span.End) };
    }

    /// <summary>The word was a command's first: a function, if <c>()</c> follows it.</summary>
    public ShellStatement? TryFunction(ShellWord name)
    {
        reading.SkipBlanks();
        if (reading.Current != '(')
        {
            return null;
        }

        reading.At++;
        reading.SkipBlanks();
        reading.Expect(")", "a function's head");
        return ReadFunctionBody(name.Span.Start, name);
    }

    private ShellStatement? ReadBody()
    {
        var start = reading.At;
        if (reading.Current == '(')
        {
            return ReadParenthesis(start);
        }

        if (reading.PeekBare(out var end) is not { } word)
        {
            return null;
        }

        switch (word)
        {
            case "{" or "if" or "while" or "until" or "for" or "select" or "case" or "function" or "coproc" or "[[":
                reading.At = end;
                break;
            case "then" or "else" or "elif" or "fi" or "do" or "done" or "esac" or "}" or "!" or "in" when word != "in":
                reading.Fail($"'{word}' is not expected at {start + 1}");
                return null;
            default:
                return null;
        }

        return word switch
        {
            "{" => ReadGroup(start),
            "if" => ReadIf(start),
            "while" or "until" => ReadLoop(start, word == "until"),
            "for" or "select" => ReadFor(start, word == "select"),
            "case" => ReadCase(start),
            "function" => ReadNamedFunction(start),
            "coproc" => ReadCoprocess(start),
            _ => ReadConditional(start),
        };
    }

    private ShellStatement ReadParenthesis(int start)
    {
        var (doubled, documents, waiting) = (reading.Take("(("), reading.Documents, reading.Pending.Count);
        if (doubled)
        {
            if (reading.Expansions.TryArithmetic(start) is { } expression)
            {
                return new ArithmeticCommand(new(start, reading.At), expression);
            }

            if (reading.Problem is not null)
            {
                return new Block(new(start, reading.At), true, reading.Nothing);
            }

            reading.At = start;
        }

        reading.At = start + 1;
        var body = reading.Commands.ReadSome(static reading => reading.Current == ')');
        reading.RefuseCrossing(start, doubled ? waiting : 0, "a pair of parentheses");
        reading.Expansions.RefuseDocuments(doubled, documents);
        reading.Expect(")", "a parenthesis");
        return new Block(new(start, reading.At), true, body);
    }

    private Block ReadGroup(int start)
    {
        var body = reading.Commands.ReadSome(static reading => reading.PeekBare(out _) == "}");
        reading.ExpectBare("}");
        return new Block(new(start, reading.At), false, body);
    }

    private IfCommand ReadIf(int start)
    {
        var branches = new List<(ShellSequence?, ShellSequence)>();
        do
        {
            var condition = reading.Commands.ReadSome(static reading => reading.PeekBare(out _) == "then");
            reading.ExpectBare("then");
            branches.Add((condition, ReadBranch()));
        }
        while (reading.TakeBare("elif"));

        if (reading.TakeBare("else"))
        {
            branches.Add((null, reading.Commands.ReadSome(static reading => reading.PeekBare(out _) == "fi")));
        }

        reading.ExpectBare("fi");
        return new IfCommand(new(start, reading.At), branches);
    }

    private ShellSequence ReadBranch() => reading.Commands.ReadSome(static reading => reading.PeekBare(out _) is "elif" or "else" or "fi");

    private LoopCommand ReadLoop(int start, bool until)
    {
        var condition = reading.Commands.ReadSome(static reading => reading.PeekBare(out _) == "do");
        var body = ReadDo();
        return new LoopCommand(new(start, reading.At), until, condition, body);
    }

    private ShellSequence ReadDo()
    {
        reading.SkipLines();
        var braces = reading.TakeBare("{");
        if (!braces)
        {
            reading.ExpectBare("do");
        }

        var body = braces
            ? reading.Commands.ReadSome(static reading => reading.PeekBare(out _) == "}")
            : reading.Commands.ReadSome(static reading => reading.PeekBare(out _) == "done");
        reading.ExpectBare(braces ? "}" : "done");
        return body;
    }

    private ShellStatement ReadFor(int start, bool select)
    {
        reading.SkipBlanks();
        var open = reading.At;
        if (!select && reading.Take("(("))
        {
            if (reading.Expansions.TryArithmetic(open) is not { } header)
            {
                reading.Fail("the head of a loop is not arithmetic");
                return new ArithmeticFor(new(start, reading.At), new ArithmeticPart(new(open, reading.At), [], false), reading.Nothing);
            }

            reading.SkipBlanks();
            reading.Take(";");
            var counted = ReadDo();
            return new ArithmeticFor(new(start, reading.At), header, counted);
        }

        var name = reading.Words.Read()?.BareText;
        if (name is null)
        {
            reading.Fail("a loop has no plain variable");
        }

        reading.SkipLines();
        List<ShellWord>? words = null;
        if (reading.TakeBare("in"))
        {
            words = [];
            while (true)
            {
                reading.SkipBlanks();
                if (reading.Ended || reading.Words.Read() is not { } word)
                {
                    break;
                }

                words.Add(word);
            }
        }

        if (reading.Current != '\n' && !reading.Take(";") && words is not null)
        {
            reading.Fail("the words of a loop do not end");
        }

        var body = ReadDo();
        return new ForCommand(new(start, reading.At), select, name ?? "", words, body);
    }

    private CaseCommand ReadCase(int start)
    {
        reading.SkipBlanks();
        if (reading.Words.Read() is not { } subject)
        {
            // Only blanks may stand before it; bash takes no end of line here.
            reading.Fail("'case' has no word");
            return new CaseCommand(new(start, reading.At), ShellWord.Bare(new(reading.At, reading.At), ""), []);
        }

        reading.ExpectBare("in");
        var branches = new List<CaseBranch>();
        while (true)
        {
            reading.SkipLines();
            if (reading.Ended || reading.TakeBare("esac"))
            {
                break;
            }

            branches.Add(ReadBranch(reading.At));
            if (branches[^1].Ending.Length == 0)
            {
                reading.ExpectBare("esac");
                return new CaseCommand(new(start, reading.At), subject, branches);
            }
        }

        if (reading.Text[Math.Min(start, reading.At)..reading.At] is not [.., 'c'])
        {
            reading.Fail("'esac' is missing");
        }

        return new CaseCommand(new(start, reading.At), subject, branches);
    }

    private CaseBranch ReadBranch(int start)
    {
        reading.Take("(");
        var patterns = new List<ShellWord>();
        do
        {
            reading.SkipBlanks();
            if (reading.Words.Read() is { } pattern)
            {
                patterns.Add(pattern);
            }
            else
            {
                reading.Fail("a pattern of a 'case' is missing");
            }

            reading.SkipBlanks();
        }
        while (!reading.Ended && reading.Take("|"));

        reading.Expect(")", "a pattern of a 'case'");
        var body = reading.Commands.ReadSequence(static reading => reading.IsAt(";;") || reading.IsAt(";&") || reading.PeekBare(out _) == "esac");
        var ending = new[] { ";;&", ";;", ";&" }.FirstOrDefault(reading.Take) ?? "";
        return new CaseBranch(new(start, reading.At), patterns, body, ending);
    }

    private FunctionDefinition ReadNamedFunction(int start)
    {
        reading.SkipBlanks();
        var name = reading.Words.Read() ?? ShellWord.Bare(new(reading.At, reading.At), "");
        reading.SkipBlanks();
        if (reading.Current == '(' && !reading.IsAt("(("))
        {
            var open = reading.At++;
            reading.SkipBlanks();
            if (!reading.Take(")"))
            {
                // A body in parentheses, not an empty pair.
                reading.At = open;
            }
        }

        return ReadFunctionBody(start, name);
    }

    private FunctionDefinition ReadFunctionBody(int start, ShellWord name)
    {
        reading.SkipLines();
        var body = Read();
        if (body is null or Coprocess or FunctionDefinition)
        {
            reading.Fail("a function's body is no compound command");
        }

        body ??= new SimpleCommand(new(reading.At, reading.At), [], []);
        return new FunctionDefinition(new(start, body.Span.End), Lettered(name), body);
    }

    // A word at the beginning of a command may have a subscript; in the name of a function that is letters like all others, as it is behind 'function'.
    private static ShellWord Lettered(ShellWord name) =>
        name.Parts.Any(part => part is SubscriptPart) && name.Parts.All(part => part is LiteralPart { Style: QuoteStyle.Bare } or SubscriptPart && ShellWalk.Children(part).All(inner => inner is LiteralPart { Style: QuoteStyle.Bare }))
            ? ShellWord.Bare(name.Span, string.Concat(name.Parts.Select(part => part is LiteralPart literal ? literal.Value : $"[{string.Concat(ShellWalk.Children(part).OfType<LiteralPart>().Select(inner => inner.Value))}]")))
            : name;

    private Coprocess ReadCoprocess(int start)
    {
        reading.SkipBlanks();
        var before = reading.At;
        if (StartsCompound())
        {
            var unnamed = reading.Commands.ReadCommand();
            return new Coprocess(new(start, unnamed.Span.End), null, unnamed);
        }

        var name = reading.Words.Read()?.BareText;
        reading.SkipBlanks();
        if (name is null || !StartsCompound())
        {
            reading.At = reading.Problem is null ? before : reading.At;
            name = null;
        }

        var body = reading.Commands.ReadCommand();
        return new Coprocess(new(start, body.Span.End), name, body);
    }

    private bool StartsCompound() => reading.Current == '(' || reading.PeekBare(out _) is "{" or "if" or "while" or "until" or "for" or "select" or "case" or "[[";

    private Conditional ReadConditional(int start)
    {
        string[] operators = ["&&", "||", "(", ")", "<", ">"];
        var waiting = reading.Pending.Count;
        var terms = new List<ShellWord>();
        while (true)
        {
            reading.SkipLines();
            if (reading.Ended || reading.TakeBare("]]"))
            {
                break;
            }

            var at = reading.At;
            var regex = terms is [.., { BareText: "=~" }];
            if (!regex && !reading.IsAt("<(") && !reading.IsAt(">(") && operators.FirstOrDefault(reading.Take) is { } symbol)
            {
                terms.Add(ShellWord.Bare(new(at, reading.At), symbol));
            }
            else if (reading.Words.Read(regex ? WordPlace.Regex : WordPlace.Ordinary) is { } word)
            {
                terms.Add(word);
            }
            else
            {
                reading.Fail($"'{reading.Current}' is not expected at {at + 1}");
            }
        }

        reading.RefuseCrossing(start, waiting, "a condition");
        if (reading.At < start + 4 || reading.Text[reading.At - 1] != ']')
        {
            reading.Fail("']]' is missing");
        }
        else if (terms.Count == 0)
        {
            reading.Fail("'[[ ]]' is empty");
        }

        return new Conditional(new(start, reading.At), terms);
    }
}
