using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Finds out what a command takes from its folder: see <see cref="FolderUse"/>. Whatever it is not sure of makes it open.</summary>
internal sealed class FolderUseReading
{
    private const int MaxDepth = 6;
    private readonly FolderPlace _place;
    private readonly FolderFiles _files;
    private readonly FolderRuns _runs;
    private IReadOnlyDictionary<string, int> _functions = new Dictionary<string, int>();
    private FolderWords _words;
    private int _at;
    private bool _runsLater;
    private int _depth;

    public FolderUseReading(FolderPlace place)
    {
        (_place, _files) = (place, new(place));
        _runs = new(this, _files, place);
        _words = NewWords();
    }

    // What stands in a function or a trap runs later, and its words were read where the text had been until then.
    public FolderUse Found => new(_files.Named, _files.Open ?? Later) { Runs = _files.Runs, Missing = _files.Missing, Loose = _files.Loose ?? Later };

    private string? Later => _runsLater && _files.OnlyFolder is null ? "changes its folder beside a function or a trap" : null;

    /// <summary>What words are worth where it reads now.</summary>
    public FolderWords Words => _words;

    /// <summary>Whether the name certainly is a function's where it reads now, made before by the same text, whose body is read where it stands.</summary>
    public bool IsFunction(string name) => _functions.TryGetValue(name, out var end) && end < _at;

    private FolderWords NewWords() => new(_place, () => _files.OnlyFolder);

    private void Leave(string? why) => _files.Leave(why);

    /// <summary>Reads a program with its arguments, which no shell sees.</summary>
    public void RunWords(IReadOnlyList<string> words) => Run([.. words.Select(FolderWords.Literal)], []);

    private void LeaveComputed(string why, ShellWord word) => _files.LeaveComputed(why, _words.IsElsewhere(word));

    private void Name(ShellWord word) => _files.Name(_words.Of(word), (word.Marks & WordMarks.Glob) != 0);

    /// <summary>Reads a text for a shell. <paramref name="keepsVariables"/>: it is run by the same shell, not by one of its own.</summary>
    public void Read(string text, bool keepsVariables)
    {
        if (++_depth > MaxDepth)
        {
            Leave("runs texts in texts too deeply");
            return;
        }

        var script = ShellParser.Parse(text);
        if (script.Problem is { } problem and not ShellParser.Empty)
        {
            Leave($"cannot be read: {problem}");
        }

        var (around, functions, times) = (_words, _functions, new Dictionary<string, int>());
        if (keepsVariables)
        {
            Leave(ShellWalk.All(script.Body).Any(node => node is Assignment) ? "sets variables by 'eval'" : null);
        }
        else
        {
            _words = NewWords();
        }

        _words.Note(script.Body);
        _functions = keepsVariables ? new Dictionary<string, int>() : FunctionsOf(script.Body);
        foreach (var one in ShellWalk.All(script.Body).OfType<Assignment>())
        {
            times[one.Name] = times.GetValueOrDefault(one.Name) + 1;
        }

        var always = script.Body.Items.Select(item => item.Command).OfType<SimpleCommand>().Where(one => one.Words.Count == 0).SelectMany(one => one.Assignments).ToHashSet();
        foreach (var node in ShellWalk.All(script.Body))
        {
            Take(node, one => always.Contains(one) && times[one.Name] == 1);
        }

        (_words, _functions) = (around, functions);
        _depth--;
    }

    // Those that are made in any case, with the place behind which they are there.
    private static Dictionary<string, int> FunctionsOf(ShellSequence body)
    {
        var made = new Dictionary<string, int>(StringComparer.Ordinal);
        var unsets = ShellWalk.All(body).OfType<SimpleCommand>().Any(one => one.Words.Any(word => word.Text is "unset") || one.Words is [{ Plain: false }, ..]);
        foreach (var function in unsets ? [] : body.Items.Where(item => item.Ending is not '&').Select(item => item.Command).OfType<FunctionDefinition>())
        {
            made.TryAdd(function.Name.Text, function.Span.End);
        }

        return made;
    }

    private void Take(ShellNode node, Func<Assignment, bool> isKnown)
    {
        switch (node)
        {
            case SimpleCommand { Words.Count: > 0 } command:
                Run(command.Words, command.Assignments);
                break;
            case SimpleCommand setting:
                foreach (var one in setting.Assignments)
                {
                    Leave(FolderPrograms.Decides(one.Name) || one.Name is "IFS" ? $"sets {one.Name}" : null);
                    Listed(one);
                    Name(one.Value);
                    if (isKnown(one) && one is { Appends: false, Subscript: null })
                    {
                        _words.Set(one.Name, (one.Value.Marks & WordMarks.Glob) != 0 ? null : _words.Of(one.Value));
                    }
                }

                break;
            case Redirect { NamesNoFile: false } redirect:
                Take(redirect);
                break;
            case FunctionDefinition when !_runsLater:
                _runsLater = true;
                Take(node, isKnown);
                break;
            case LoopCommand or ForCommand or ArithmeticFor or FunctionDefinition or Coprocess:
                _files.Loosen(ShellWalk.All(node).OfType<SimpleCommand>().Any(one => one.Words is [{ Text: "cd" or "eval" or "." or "source" }, ..]) ? "changes its folder in a loop or a function" : null);
                foreach (var word in (node as ForCommand)?.Words ?? [])
                {
                    Name(word);
                }

                break;
        }
    }

    private void Take(Redirect redirect)
    {
        if (!redirect.Writes)
        {
            Name(redirect.Target);
            return;
        }

        _files.Write((redirect.Target.Marks & WordMarks.Glob) != 0 ? null : _words.Of(redirect.Target), _words.IsElsewhere(redirect.Target));
        if (redirect.Reads)
        {
            Name(redirect.Target);
        }
    }

    /// <summary>Reads one simple command.</summary>
    public void Run(IReadOnlyList<ShellWord> written, IReadOnlyList<Assignment> assignments)
    {
        var looks = written[0] is { Plain: true, Text: var first } && HarmlessPrograms.ReadsNothing(first);
        foreach (var word in looks ? [] : written)
        {
            Name(word);
        }

        foreach (var one in assignments)
        {
            Export(one.Name, _words.Of(one.Value));
            Listed(one);
            Name(one.Value);
        }

        IReadOnlyList<ShellWord>? words = [.. written.Select(Known)];
        for (var i = 0; i < MaxDepth && words is { Count: > 0 }; i++)
        {
            var inner = Unwrap(words);
            if (ReferenceEquals(inner, words))
            {
                // Behind a wrapper ('command make', 'env make') no function is meant.
                _at = i == 0 ? written[0].Span.Start : 0;
                Judge(words);
                return;
            }

            words = inner;
            foreach (var word in words ?? [])
            {
                Name(word);
            }
        }

        Leave(words is { Count: > 0 } ? "runs programs by programs too deeply" : null);
    }

    private ShellWord Known(ShellWord word) => (word.Marks & WordMarks.Glob) == 0 && _words.Of(word) is { } value ? FolderWords.Literal(value) : word;

    // Programs from the folder before all others.
    private void Listed(Assignment one)
    {
        var list = one.Name is "PATH" ? _words.Beginning(one.Value, out _) : "";
        _files.Loosen(_files.AreListedIn(list.Contains(':', StringComparison.Ordinal) ? list[..list.LastIndexOf(':')] : list) ? "sets PATH to what lies in the folder" : null);
    }

    private void Export(IReadOnlyList<ShellWord> words)
    {
        foreach (var word in words.Skip(1).Where(word => word.Text is not ['-', ..]))
        {
            if (Assignments.Of(word) is { } assignment)
            {
                Listed(assignment);
            }

            var parts = word.Text.Split('=', 2);
            Export(parts[0], word.Plain ? parts.ElementAtOrDefault(1) ?? "" : null);
        }
    }

    private void Export(string name, string? value)
    {
        Leave(FolderPrograms.Decides(name) || value is null || _files.AreNamedBy(value)
            ? $"sets {name} for a program" : null);
        _files.Loosen(value is not null && _files.AreNamedBy(value) ? $"sets {name} for a program" : null);
    }

    // The command behind a wrapper; the same words when there is none, null when nothing is run.
    private IReadOnlyList<ShellWord>? Unwrap(IReadOnlyList<ShellWord> words)
    {
        var behind = AllowedWrappers.Strip(words);
        if (!ReferenceEquals(behind, words))
        {
            return behind;
        }

        switch (words[0].Text)
        {
            case "exec" or "setsid" or "command" or "builtin" or "nohup" when words.Count == 1 || words[1].Text is "-v" or "-V":
                return null;
            case "exec" or "setsid" when words[1] is { Plain: true, Text: not ['-', ..] }:
                return [.. words.Skip(1)];
            case "env":
                return BehindEnv(words);
            default:
                return words;
        }
    }

    private IReadOnlyList<ShellWord>? BehindEnv(IReadOnlyList<ShellWord> words)
    {
        for (var i = 1; i < words.Count; i++)
        {
            var text = words[i].Text;
            if (Assignments.Of(words[i]) is { } assignment)
            {
                Listed(assignment);
            }

            if (!words[i].Plain)
            {
                break;
            }

            if (text is "-C" or "--chdir" && i + 1 < words.Count)
            {
                _files.Go(words[++i], _words.IsElsewhere(words[i]));
            }
            else if (text.StartsWith("--chdir=", StringComparison.Ordinal))
            {
                _files.Go(FolderWords.Literal(text[8..]), isElsewhere: false);
            }
            else if (text is "-u" or "--unset")
            {
                i++;
            }
            else if (text is not ("-i" or "-" or "--" or "--ignore-environment") && !text.StartsWith("--unset=", StringComparison.Ordinal))
            {
                if (text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
                {
                    Export(text[..at], text[(at + 1)..]);
                }
                else
                {
                    return text is ['-', ..] ? words : [.. words.Skip(i)];
                }
            }
        }

        Leave(words.Skip(1).Any(word => !word.Plain) ? "gives 'env' what is only known when it runs" : null);
        return null;
    }

    private void Judge(IReadOnlyList<ShellWord> words)
    {
        if (!words[0].Plain || words[0].Text.Length == 0)
        {
            LeaveComputed("runs a program that is only known when it runs", words[0]);
            return;
        }

        IReadOnlyList<string> texts = [.. words.Select(word => word.Text)];
        var name = ShellWords.NameOf(texts[0]);
        if (texts[0].Contains('/', StringComparison.Ordinal) && _runs.Script(words, 0, name) is { Count: > 0 } programs)
        {
            foreach (var program in programs)
            {
                _runs.OfProgramFile(program);
            }

            return;
        }

        switch (name)
        {
            case "cd":
                var target = words.Skip(1).FirstOrDefault(word => word.Text is not ("--" or "-P" or "-L")) ?? FolderWords.Literal(_place.Home);
                _files.Go(target, _words.IsElsewhere(target));
                return;
            case "pushd" or "popd" or "alias" or "enable" or "hash":
                Leave($"uses '{name}'");
                return;
            case "." or "source":
                _runs.Script(words, Math.Min(1, words.Count - 1), name);
                _words.IsLost = true;
                return;
            case "eval" or "trap":
                _runsLater |= name is "trap";
                Leave(words.Any(word => !word.Plain) ? $"gives '{name}' what is only known when it runs" : null);
                Read(name is "eval" ? string.Join(' ', texts.Skip(1)) : texts.Skip(1).FirstOrDefault(text => text is not "--") ?? "", keepsVariables: true);
                return;
            case "export" or "declare" or "typeset" or "local" or "readonly":
                Export(words);
                return;
        }

        if (ShellWords.Shells.Contains(name))
        {
            _runs.OfShell(words, texts, name);
        }
        else if (FolderPrograms.PlainOptions(name) is { } options)
        {
            _runs.OfInterpreter(words, name, options);
        }
        else
        {
            _runs.OfProgram(words, texts, name);
        }
    }
}
