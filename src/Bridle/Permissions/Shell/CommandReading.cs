namespace Bridle.Permissions.Shell;

/// <summary>What a tree runs and touches: every command, wrappers looked through, every word and redirection. It may hold more than runs and not less; <see cref="Unresolved"/> says where it cannot see.</summary>
internal sealed class CommandReading
{
    private readonly ReadingBounds _bounds = new();
    private readonly VariableValues _values = new();

    private CommandReading()
    {
    }

    /// <summary>Everything that may run.</summary>
    public List<FoundCommand> Commands { get; } = [];

    /// <summary>Other spellings of these, for rules that deny or ask.</summary>
    public List<FoundCommand> OtherNames { get; } = [];

    /// <summary>All words that a program or the shell may take for a file.</summary>
    public List<ShellWord> Words { get; } = [];

    /// <summary>All redirections.</summary>
    public List<Redirect> Redirects { get; } = [];

    /// <summary>What the text tells of its computed words.</summary>
    public ExpandedCommands Expansions { get; } = new();

    /// <summary>Why something that runs is only known when it runs, or null.</summary>
    public string? Unresolved { get; private set; }

    /// <summary>Why a text that runs could not be read to its end, so that what it names may not be among the words; or null.</summary>
    public string? Unread { get; private set; }

    /// <summary>Reads a tree.</summary>
    public static CommandReading Of(ShellScript script)
    {
        var found = new CommandReading();
        if (script.Problem is { } problem and not ShellParser.Empty)
        {
            found.Unresolved = found.Unread = problem;
        }

        found._bounds.IsNew(script.Source);
        found.Walk(script.Body, [], 0);
        found.Expand(script);
        found.Unresolved ??= found._values.Problem(found.Commands) ?? found.Commands.Select(command => CommandPattern.HidesVerb(command.Texts)).FirstOrDefault(why => why is not null);
        if (script.Source.AsSpan().IndexOfAny('|', '<') >= 0 && found.Commands.Exists(ProgramRuns.MayGoOnWithInput))
        {
            found.Unresolved ??= "an editor may run what it is given on its input";
            found.Unread ??= found.Unresolved;
        }

        return found;
    }

    private void Stop(string why) => (Unresolved, Unread) = (Unresolved ?? why, Unread ?? why);

    private void Walk(ShellNode root, IReadOnlyList<string> wrappers, int depth)
    {
        foreach (var node in ShellWalk.All(root))
        {
            switch (node)
            {
                case SimpleCommand { Words.Count: > 0 } simple:
                    Take(new FoundCommand(simple.Words, simple.Assignments, wrappers), depth);
                    break;
                case Redirect redirect:
                    Note(redirect);
                    break;
                case Assignment assignment:
                    Words.Add(assignment.Value);
                    Set(assignment.Name, assignment.Value, depth);
                    Expansions.Note(assignment);
                    break;
                case ForCommand loop:
                    Note(loop, depth);
                    break;
                case FunctionDefinition:
                    _values.SetPositional();
                    break;
                case CaseCommand choice:
                    Words.Add(choice.Subject);
                    break;
                case Conditional conditional:
                    Words.AddRange(conditional.Terms);
                    _values.Evaluate(ArithmeticWords.Of(conditional));
                    break;
                case ArrayPart array:
                    Words.AddRange(array.Elements);
                    _values.Evaluate(array.Elements.Where(element => element.Text is ['[', ..]).Select(element => new EvaluatedArgument("=( )", element, ArgumentRole.Arithmetic)));
                    break;
                case ParameterPart part:
                    Note(part, depth);
                    break;
                case ArithmeticPart or SubscriptPart:
                    _values.Evaluate(ArithmeticWords.Of(node is ArithmeticPart ? "$(( ))" : "[ ]", node, [.. ShellWalk.Children(node).Cast<WordPart>()]));
                    break;
                case ExtendedGlobPart:
                    Unresolved ??= "an extended pattern is one or an error, depending on an option";
                    break;
            }
        }
    }

    // A variable of that name gets the value, however it does: some variables run what stands in them.
    private void Set(string name, ShellWord value, int depth)
    {
        _values.Set(name, value);
        TakeInner(InnerCommands.OfVariable(name, value), [name], depth);
    }

    private void Note(Redirect redirect)
    {
        Redirects.Add(redirect);
        if (redirect.Descriptor is ['{', .. var variable] && variable.Contains('['))
        {
            _values.Evaluate([new("{ }", ShellWord.Bare(redirect.Span, variable[..^1]), ArgumentRole.Name)]);
        }

        if (!redirect.Operator.StartsWith("<<", StringComparison.Ordinal))
        {
            Words.Add(redirect.Target);
        }
    }

    private void Note(ForCommand loop, int depth)
    {
        Words.AddRange(loop.Words ?? []);
        _values.Set(loop.Words is null ? loop.Name : "REPLY", null);
        foreach (var word in loop.Words ?? [])
        {
            Set(loop.Name, word, depth);
        }
    }

    private void Note(ParameterPart part, int depth)
    {
        if (part.Argument.Count > 0)
        {
            var argument = new ShellWord(new(part.Argument[0].Span.Start, part.Argument[^1].Span.End), part.Argument);
            Words.Add(argument);
            if (part.Operator is "=" or ":=")
            {
                Set(part.Name, argument, depth);
            }
        }

        // ${x@P} runs what stands in x; ${!x} reads a name from it, which may have a subscript; an offset is arithmetic.
        _values.Evaluate(part.Operator == ":" ? ArithmeticWords.Of("${ : }", part, part.Argument) : []);
        if (part.Prefix == "!" || (part.Operator == "@" && part.Argument is [LiteralPart { Value: "P" }, ..]))
        {
            Unresolved ??= "an expansion may run what stands in a variable";
        }
    }

    private void Take(FoundCommand command, int depth)
    {
        Words.AddRange(command.Words);
        Commands.Add(command);
        if (command.Words[0] is { Value: null } or { Marks: not (WordMarks.None or WordMarks.Tilde) })
        {
            Unresolved ??= "which program runs is computed";
        }

        LookInto(command, depth);
        LookBehind(command, depth);
    }

    // What a program of the table runs: any of its words, or what stands in the place for it.
    private void LookBehind(FoundCommand command, int depth)
    {
        if (command.Words.Count < 2)
        {
            return;
        }

        if (ShellWords.RunsItsArguments(command.Texts))
        {
            LookThrough(command, depth);
        }
        else if (RunningPrograms.Of(command.Name) is { } running)
        {
            var wrappers = command.Wrappers.Append(command.Name).ToArray();
            foreach (var place in running.PlacesIn(command.Texts).Places)
            {
                IReadOnlyList<ShellWord> words = [.. command.Words.Skip(place)];
                if (running.Joins)
                {
                    Read(string.Join(' ', words.Select(word => word.Text)), wrappers, depth, certain: false);
                }

                if (words[0] is { Value: null } or { Marks: not (WordMarks.None or WordMarks.Tilde) })
                {
                    Unresolved ??= $"what '{command.Name}' runs is computed";
                }

                TakeInner([new InnerCommand.Words(words)], wrappers, depth);
            }
        }
    }

    private void Expand(ShellScript script)
    {
        var own = new HashSet<ShellWord>(ReferenceEqualityComparer.Instance);
        foreach (var (command, words) in Expansions.Of(script, Commands, _values, _bounds.ProgramsLeft))
        {
            own.UnionWith(command.Words);
            Words.AddRange(words.Where(word => word.Plain && own.Add(word)));
            TakeInner([new InnerCommand.Words(words)], [.. command.Wrappers, FoundCommand.ByShell], 0);
        }
    }

    private void TakeInner(IEnumerable<InnerCommand> found, IReadOnlyList<string> wrappers, int depth)
    {
        foreach (var one in found)
        {
            if (!_bounds.TakesProgram())
            {
                Stop("it runs programs by programs too deeply");
                return;
            }

            switch (one)
            {
                case InnerCommand.Text text:
                    Read(text.Script, wrappers, depth, text.Certain);
                    break;
                case InnerCommand.Words words when !_bounds.TakesWords(words.Command):
                    Stop("it runs programs by programs with too many words");
                    break;
                case InnerCommand.Words words:
                    var inner = new FoundCommand(words.Command, [], wrappers);
                    Commands.Add(inner);
                    LookInto(inner, depth);
                    LookBehind(inner, depth);
                    break;
                case InnerCommand.File file:
                    var target = ShellWord.Bare(new(0, 0), file.Path);
                    Words.Add(target);
                    Redirects.Add(new Redirect(new(0, 0), null, file.Writes ? ">" : "<", target));
                    break;
                case InnerCommand.Opens opens:
                    Unread ??= opens.Why;
                    break;
                case InnerCommand.Unknown unknown:
                    Unresolved ??= unknown.Why;
                    Unread ??= unknown.Files ? unknown.Why : null;
                    break;
            }
        }
    }

    private void LookThrough(FoundCommand command, int depth)
    {
        var wrappers = command.Wrappers.Append(command.Name).ToArray();
        var exact = WrappedCommands.In(command.Words);
        TakeInner(exact?.Select(words => new InnerCommand.Words(words)) ?? [], wrappers, depth);
        for (var i = exact is null ? 1 : command.Words.Count; i < command.Words.Count; i++)
        {
            IReadOnlyList<ShellWord> words = [.. command.Words.Skip(i)];
            if (i > ReadingBounds.MaxWrapped || !_bounds.TakesWords(words))
            {
                Unresolved ??= "a wrapper has too many words";
                break;
            }

            var inner = new FoundCommand(words, [], wrappers);
            Commands.Add(inner);
            LookInto(inner, depth);
            if (RunningPrograms.Of(inner.Name) is { Joins: true })
            {
                LookBehind(inner, depth);
            }

            if (command.Words[i].Text.AsSpan().IndexOfAny(" \t\n;|&$`()<>") >= 0)
            {
                Read(command.Words[i].Text, wrappers, depth, certain: false);
            }
        }

        if (command.Name is "xargs" && exact is [var given] && FedCommands.WithInput(given) is { } fed)
        {
            Commands.Add(new FoundCommand(fed, [], wrappers));
        }
        else if (command.Name is "xargs" or "parallel" or "source" or "." || (exact is null && command.Words.Any(word => !word.Plain && word.Marks != WordMarks.Tilde)))
        {
            Unresolved ??= $"'{command.Name}' takes what it runs from somewhere else";
        }
    }

    // Programs whose argument is a shell text.
    private void LookInto(FoundCommand command, int depth)
    {
        foreach (var other in command.Wrappers is [.., FoundCommand.ByName] ? [] : SameCommands.Of(command.Words))
        {
            OtherNames.Add(new FoundCommand(other, command.Assignments, [.. command.Wrappers, FoundCommand.ByName]));
            LookBehind(OtherNames[^1], depth);
        }

        var (name, texts) = (command.Name, command.Texts);
        var wrappers = command.Wrappers.Append(name).ToArray();
        TakeInner(InnerCommands.Of(command), wrappers, depth);
        if (ShellWords.Shells.Contains(name))
        {
            Unresolved ??= _values.Start(texts);
            if (ShellWords.ScriptOf(texts) is > 0 and var script)
            {
                var known = command.Words[script].Value;
                Read(known ?? texts[script], wrappers, depth, certain: known is not null);
                Unresolved ??= known is null ? $"what '{name}' runs is computed" : null;
            }
            else
            {
                LookForFile(command, wrappers, depth);
            }
        }
        else if (name is "eval")
        {
            Read(string.Join(' ', texts.Skip(1)), wrappers, depth, certain: true);
            Unresolved ??= command.Words.Any(word => word.Value is null || !word.Plain) ? "what 'eval' runs is computed" : null;
        }
        else if (name is "trap" or "alias")
        {
            foreach (var text in texts.Skip(1))
            {
                Read(name == "alias" ? text[(text.IndexOf('=') + 1)..] : text, wrappers, depth, certain: false);
            }

            TakeInner(ShellBuiltins.CodeOf(command), wrappers, depth);
        }
        else if (name is "parallel")
        {
            Unresolved ??= "'parallel' takes its commands from its input";
        }
        else if (name is "watch" && texts.Count > 2)
        {
            Read(string.Join(' ', texts.Skip(1)), wrappers, depth, certain: false);
        }
        else if (ShellBuiltins.Of(name) is { } builtin)
        {
            TakeInner(ShellBuiltins.CodeOf(command), wrappers, depth);
            _values.Take(command, builtin);
        }
        else if (name is "exec" && texts.Skip(1).Any(text => text is ['-', ..] && text.AsSpan().IndexOfAny("la") > 0))
        {
            _values.StartWithProfile();
        }
    }

    // A shell without '-c' runs the file that its first operand names, from the folder or from the path, or its input.
    private void LookForFile(FoundCommand command, IReadOnlyList<string> wrappers, int depth)
    {
        var file = ShellWords.FileOf(command.Texts);
        if (file == 0 || ShellWords.IsInput(command.Texts[file]))
        {
            Unresolved ??= $"'{command.Name}' runs what it is given on its input";
            return;
        }

        if (command.Words.Take(file + 1).Any(word => !word.Plain && word.Marks != WordMarks.Tilde))
        {
            Unresolved ??= $"what '{command.Name}' runs is computed";
        }

        IReadOnlyList<ShellWord> words = [.. command.Words.Skip(file)];
        if (wrappers.Count > ReadingBounds.MaxWrapped || !_bounds.TakesWords(words))
        {
            Unresolved ??= "a wrapper has too many words";
            return;
        }

        var inner = new FoundCommand(words, [], wrappers);
        Commands.Add(inner);
        LookInto(inner, depth);
    }

    private void Read(string text, IReadOnlyList<string> wrappers, int depth, bool certain)
    {
        if (!_bounds.IsNew(text))
        {
            return;
        }

        if (!_bounds.TakesText(text, depth))
        {
            Stop("it runs texts in texts too deeply");
            return;
        }

        var script = ShellParser.Parse(text);
        if (certain && script.Problem is { } problem and not ShellParser.Empty)
        {
            Stop(problem);
        }

        Walk(script.Body, wrappers, depth + 1);
    }
}
