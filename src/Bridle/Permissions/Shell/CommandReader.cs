namespace Bridle.Permissions.Shell;

/// <summary>Reads lists, pipelines and simple commands.</summary>
internal sealed class CommandReader(Reading reading)
{
    /// <summary>Everything up to the end of the text.</summary>
    public ShellSequence ReadAll()
    {
        var all = ReadSequence(static _ => false);
        reading.Redirects.ReadDocuments();
        return all;
    }

    /// <summary>Commands up to the end of the text or something that ends the list, which is not taken.</summary>
    public ShellSequence ReadSequence(Func<Reading, bool> stops)
    {
        var start = reading.At;
        var items = new List<SequenceItem>();
        if (reading.Enter())
        {
            while (true)
            {
                reading.SkipLines();
                if (reading.Ended || stops(reading))
                {
                    break;
                }

                var command = ReadAndOr();
                reading.SkipBlanks();
                var ending = TakeEnding();
                items.Add(new SequenceItem(command, ending));
                if (ending == '\0' && !reading.Ended && !stops(reading))
                {
                    reading.Fail($"'{reading.Current}' is not expected at {reading.At + 1}");
                }

                if (ending == '\0')
                {
                    break;
                }
            }
        }

        reading.Leave();
        return new ShellSequence(items.Count == 0 ? new(start, reading.At) : new(items[0].Command.Span.Start, items[^1].Command.Span.End), items);
    }

    /// <summary>A list that may not be empty.</summary>
    public ShellSequence ReadSome(Func<Reading, bool> stops)
    {
        var list = ReadSequence(stops);
        if (list.Items.Count == 0)
        {
            reading.Fail($"a command is missing at {reading.At + 1}");
        }

        return list;
    }

    /// <summary>One command, without what joins it to others.</summary>
    public ShellStatement ReadCommand()
    {
        if (!reading.Enter())
        {
            return new SimpleCommand(new(reading.At, reading.At), [], []);
        }

        var command = reading.Compounds.Read() ?? ReadSimple();
        reading.Leave();
        return command;
    }

    private ShellStatement ReadAndOr()
    {
        var first = ReadPipeline();
        var rest = new List<(string, ShellStatement)>();
        while (true)
        {
            reading.SkipBlanks();
            var symbol = reading.Take("&&") ? "&&" : reading.Take("||") ? "||" : null;
            if (symbol is null)
            {
                return rest.Count == 0 ? first : new AndOr(new(first.Span.Start, rest[^1].Item2.Span.End), first, rest);
            }

            reading.SkipLines();
            rest.Add((symbol, ReadPipeline()));
        }
    }

    private ShellStatement ReadPipeline()
    {
        var start = reading.At;
        var prefixes = ReadPrefixes();
        var commands = new List<ShellStatement>();
        var pipes = new List<string>();
        if (prefixes.Count == 0 || !EndsHere())
        {
            commands.Add(ReadCommand());
        }

        while (true)
        {
            reading.SkipBlanks();
            var symbol = commands.Count == 0 || reading.IsAt("||") ? null : reading.Take("|&") ? "|&" : reading.Take("|") ? "|" : null;
            if (symbol is null)
            {
                break;
            }

            pipes.Add(symbol);
            reading.SkipLines();

            // Behind a bar 'time' is the program of that name.
            commands.Add(ReadCommand());
        }

        return prefixes.Count == 0 && commands.Count == 1 ? commands[0] : new Pipeline(new(start, commands.Count == 0 ? reading.At : commands[^1].Span.End), prefixes, commands, pipes);
    }

    private List<string> ReadPrefixes()
    {
        var prefixes = new List<string>();
        while (reading.Spend())
        {
            reading.SkipBlanks();
            var start = reading.At;
            if (reading.TakeBare("!"))
            {
                prefixes.Add("!");
            }
            else if (reading.TakeBare("time"))
            {
                reading.SkipBlanks();
                var posix = reading.TakeBare("-p");
                reading.SkipBlanks();
                if (!reading.TakeBare("--") && !posix && reading.Current == '-')
                {
                    // Not the keyword's own option: the program of that name.
                    reading.At = start;
                    return prefixes;
                }

                prefixes.Add(posix ? "time -p" : "time");
            }
            else
            {
                break;
            }
        }

        return prefixes;
    }

    private bool EndsHere()
    {
        reading.SkipBlanks();
        return reading.Ended || reading.Current is '\n' or ';' or ')' or '|' || (reading.Current == '&' && !reading.IsAt("&>"));
    }

    private char TakeEnding()
    {
        if (reading.Current == '\n')
        {
            return '\n';
        }

        if (reading.IsAt(";;") || reading.IsAt(";&") || reading.IsAt("&&") || reading.IsAt("&>"))
        {
            return '\0';
        }

        return reading.Take(";") ? ';' : reading.Take("&") ? '&' : '\0';
    }

    private ShellStatement ReadSimple()
    {
        var start = reading.At;
        var (assignments, words, redirects) = (new List<Assignment>(), new List<ShellWord>(), new List<Redirect>());
        while (true)
        {
            reading.SkipBlanks();
            if (reading.Ended)
            {
                break;
            }

            if (reading.Redirects.Read() is { } redirect)
            {
                redirects.Add(redirect);
                continue;
            }

            if (reading.Words.Read(words.Count == 0 || Declares(words[0]) ? WordPlace.CommandStart : WordPlace.Ordinary) is not { } word)
            {
                break;
            }

            if (words.Count == 0 && Assignments.Of(word) is { } assignment)
            {
                assignments.Add(assignment);
                continue;
            }

            if (words.Count == 0 && assignments.Count == 0 && redirects.Count == 0 && reading.Compounds.TryFunction(word) is { } function)
            {
                return function;
            }

            words.Add(word);
        }

        var end = Math.Max(Math.Max(words.Count > 0 ? words[^1].Span.End : start, assignments.Count > 0 ? assignments[^1].Span.End : start), redirects.Count > 0 ? redirects[^1].Span.End : start);
        if (words.Count + assignments.Count + redirects.Count == 0)
        {
            reading.Fail(reading.Ended ? "a command is missing at its end" : $"a command is missing at {reading.At + 1}");
        }

        return new SimpleCommand(new(start, end), assignments, words) { Redirects = redirects };
    }

    private static bool Declares(ShellWord word) => word.Value is "declare" or "typeset" or "local" or "export" or "readonly" or "alias" or "eval" or "builtin" or "command";
}
