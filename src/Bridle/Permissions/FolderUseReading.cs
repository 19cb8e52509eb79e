using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Finds out what a command takes from its folder: see <see cref="FolderUse"/>. Whatever it is not sure of makes it open.</summary>
internal sealed class FolderUseReading
{
    private const int MaxDepth = 6;
    private readonly FolderPlace _place;
    private readonly FolderFiles _files;
    private FolderWords _words;
    private bool _runsLater;
    private int _depth;

    public FolderUseReading(FolderPlace place)
    {
        (_place, _files) = (place, new(place));
        _words = NewWords();
    }

    // What stands in a function or a trap runs later, and its words were read where the text had been until then.
    public FolderUse Found => new(_files.Named, _files.Open ?? (_runsLater && _files.OnlyFolder is null ? "changes its folder beside a function or a trap" : null));

    private FolderWords NewWords() => new(_place, () => _files.OnlyFolder);

    private void Leave(string? why) => _files.Leave(why);

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

        var (around, times) = (_words, new Dictionary<string, int>());
        if (keepsVariables)
        {
            Leave(ShellWalk.All(script.Body).Any(node => node is Assignment) ? "sets variables by 'eval'" : null);
        }
        else
        {
            _words = NewWords();
        }

        _words.Note(script.Body);
        foreach (var one in ShellWalk.All(script.Body).OfType<Assignment>())
        {
            times[one.Name] = times.GetValueOrDefault(one.Name) + 1;
        }

        var always = script.Body.Items.Select(item => item.Command).OfType<SimpleCommand>().Where(one => one.Words.Count == 0).SelectMany(one => one.Assignments).ToHashSet();
        foreach (var node in ShellWalk.All(script.Body))
        {
            Take(node, one => always.Contains(one) && times[one.Name] == 1);
        }

        _words = around;
        _depth--;
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
                Leave(ShellWalk.All(node).OfType<SimpleCommand>().Any(one => one.Words is [{ Text: "cd" or "eval" or "." or "source" }, ..]) ? "changes its folder in a loop or a function" : null);
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

        _files.Write((redirect.Target.Marks & WordMarks.Glob) != 0 ? null : _words.Of(redirect.Target));
        if (redirect.Reads)
        {
            Name(redirect.Target);
        }
    }

    /// <summary>Reads one simple command.</summary>
    public void Run(IReadOnlyList<ShellWord> written, IReadOnlyList<Assignment> assignments)
    {
        foreach (var word in written)
        {
            Name(word);
        }

        foreach (var one in assignments)
        {
            Export(one.Name, _words.Of(one.Value));
            Name(one.Value);
        }

        IReadOnlyList<ShellWord>? words = [.. written.Select(Known)];
        for (var i = 0; i < MaxDepth && words is { Count: > 0 }; i++)
        {
            var inner = Unwrap(words);
            if (ReferenceEquals(inner, words))
            {
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

    private void Export(string name, string? value)
    {
        Leave(FolderPrograms.Decides(name) || value is null || _files.AreNamedBy(value)
            ? $"sets {name} for a program" : null);
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
            if (!words[i].Plain)
            {
                break;
            }

            if (text is "-C" or "--chdir" && i + 1 < words.Count)
            {
                _files.Go(words[++i]);
            }
            else if (text.StartsWith("--chdir=", StringComparison.Ordinal))
            {
                _files.Go(FolderWords.Literal(text[8..]));
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
            Leave("runs a program that is only known when it runs");
            return;
        }

        IReadOnlyList<string> texts = [.. words.Select(word => word.Text)];
        var name = ShellWords.NameOf(texts[0]);
        if (texts[0].Contains('/', StringComparison.Ordinal))
        {
            _files.Script(words[0], name);
        }

        switch (name)
        {
            case "cd":
                _files.Go(words.Skip(1).FirstOrDefault(word => word.Text is not ("--" or "-P" or "-L")) ?? FolderWords.Literal(_place.Home));
                return;
            case "pushd" or "popd" or "alias" or "enable" or "hash":
                Leave($"uses '{name}'");
                return;
            case "." or "source":
                _files.Script(words.Count > 1 ? words[1] : words[0], name);
                _words.IsLost = true;
                return;
            case "eval" or "trap":
                _runsLater |= name is "trap";
                Leave(words.Any(word => !word.Plain) ? $"gives '{name}' what is only known when it runs" : null);
                Read(name is "eval" ? string.Join(' ', texts.Skip(1)) : texts.Skip(1).FirstOrDefault(text => text is not "--") ?? "", keepsVariables: true);
                return;
            case "export" or "declare" or "typeset" or "local" or "readonly":
                foreach (var word in words.Skip(1).Where(word => word.Text is not ['-', ..]))
                {
                    var parts = word.Text.Split('=', 2);
                    Export(parts[0], word.Plain ? parts.ElementAtOrDefault(1) ?? "" : null);
                }

                return;
        }

        if (ShellWords.Shells.Contains(name))
        {
            OfShell(words, texts, name);
        }
        else if (FolderPrograms.PlainOptions(name) is { } options)
        {
            OfInterpreter(words, name, options);
        }
        else
        {
            OfProgram(words, texts, name);
        }
    }

    private void OfShell(IReadOnlyList<ShellWord> words, IReadOnlyList<string> texts, string name)
    {
        var text = ShellWords.ScriptOf(texts);
        var at = text > 0 ? text : ShellWords.FileOf(texts);
        if (name is "fish" or "csh" or "tcsh" or "pwsh" && text > 0)
        {
            Leave($"gives '{name}' a text in its own language");
        }
        else if (at == 0 || words.Take(at + 1).Any(word => !word.Plain) || texts.Take(at).Any(word => word is "--rcfile" or "--init-file"))
        {
            Leave($"gives '{name}' what is only known when it runs");
        }
        else if (text > 0)
        {
            Read(texts[text], keepsVariables: false);
        }
        else
        {
            _files.Script(words[at], name);
        }
    }

    private void OfInterpreter(IReadOnlyList<ShellWord> words, string name, IReadOnlyList<string> options)
    {
        var at = 1;
        while (at < words.Count && words[at].Plain && options.Contains(words[at].Text))
        {
            at++;
        }

        if (at < words.Count && words[at].Plain && words[at].Text is "--version" or "-V")
        {
            return;
        }

        if (at >= words.Count || words[at].Text is ['-', ..])
        {
            // Modules are taken from the folder first, and a text of its own language can load anything.
            Leave(at < words.Count ? $"starts '{name} {words[at].Text}', which can load what is in the folder" : $"gives '{name}' a program on its input");
            return;
        }

        _files.Script(words[at], name);
    }

    private void OfProgram(IReadOnlyList<ShellWord> words, IReadOnlyList<string> texts, string name)
    {
        if (FolderPrograms.Runs(name))
        {
            Leave($"starts '{name}', which runs what is in the folder");
            return;
        }

        if (ShellWords.RunsItsArguments(texts) || RunningPrograms.Of(name)?.PlacesIn(texts).Places.Count > 0)
        {
            Leave($"starts '{name}', which runs other programs");
            return;
        }

        foreach (var inner in InnerCommands.Of(new FoundCommand(words, [], [])))
        {
            if (inner is InnerCommand.File { Writes: false } file)
            {
                _files.Name(file.Path, isPattern: false);
            }
            else
            {
                Leave($"lets '{name}' run or write something");
            }
        }

        if (FolderPrograms.Writes(name) || (name is "sed" && texts.Any(text => text.StartsWith("-i", StringComparison.Ordinal) || text.StartsWith("--in-place", StringComparison.Ordinal))))
        {
            foreach (var word in words.Skip(1).Where(word => !word.Plain || word.Text is not ['-', ..]))
            {
                _files.Write(word.Plain ? word.Text : null);
            }
        }
    }
}
