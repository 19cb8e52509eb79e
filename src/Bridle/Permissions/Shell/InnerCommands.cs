using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>Something that a command is given to run, or to read or write, by a text of its own.</summary>
internal abstract record InnerCommand
{
    /// <summary>A text for a shell. <paramref name="Certain"/>: it is run as it stands, so that it must be readable.</summary>
    public sealed record Text(string Script, bool Certain) : InnerCommand;

    /// <summary>A command, word by word.</summary>
    public sealed record Words(IReadOnlyList<ShellWord> Command) : InnerCommand;

    /// <summary>A file that a text names.</summary>
    public sealed record File(string Path, bool Writes) : InnerCommand;

    /// <summary>It may open files that it does not name, and why nobody can say which; it runs nothing by that.</summary>
    public sealed record Opens(string Why) : InnerCommand;

    /// <summary>It may run something that cannot be read, and why. <paramref name="Files"/>: it may also open files that it does not name as they stand.</summary>
    public sealed record Unknown(string Why, bool Files = false) : InnerCommand;
}

/// <summary>Finds what programs are told to run in their own languages and options: <c>git -c</c>, awk's and sed's programs, editors' commands, make's variables, options of the table.</summary>
internal static class InnerCommands
{
    // What programs start by themselves, as the environment names it.
    private static readonly Regex RunVariable = new(
        "^(GIT_(SSH|SSH_COMMAND|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND|CONFIG_VALUE_[0-9]+)|[A-Z_]*(PAGER|EDITOR)|VISUAL|FCEDIT|LESSEDIT|BROWSER|LESSOPEN|LESSCLOSE|SSH_ASKPASS|SUDO_ASKPASS|RSYNC_RSH|RSYNC_CONNECT_PROG|FZF_[A-Z_]+_COMMAND|CVS_RSH|SVN_SSH|PROMPT_COMMAND|PS[0-4]|SHELL)$",
        RegexOptions.CultureInvariant);

    private static readonly FrozenSet<string> ConfigVariables = FrozenSet.Create(
        "GIT_CONFIG", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_PARAMETERS", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "BASH_LOADABLES_PATH", "MAILPATH", "INPUTRC", "ZDOTDIR", "BASH_CMDS", "BASH_ALIASES", "TAR_OPTIONS", "RIPGREP_CONFIG_PATH", "MAKEFILES", "MAKEFLAGS", "GNUMAKEFLAGS");

    /// <summary>All of it, in no order that matters.</summary>
    public static IEnumerable<InnerCommand> Of(FoundCommand command)
    {
        IEnumerable<InnerCommand> own = command.Name switch
        {
            "git" => GitRuns.Of(command),
            "awk" or "gawk" or "mawk" or "nawk" => OfScripts(command, "e", "f", "FvilE", "", "source", "file", AwkProgram.Read),
            "sed" or "gsed" => OfScripts(command, "e", "f", "l", "iI", "expression", "file", SedProgram.Read),
            "make" or "gmake" => OfMake(command),
            "less" or "more" => EditorScripts.Of(command),
            _ when EditorScripts.IsVi(command.Name) => EditorScripts.Of(command),
            "emacs" or "emacsclient" or "xemacs" => command.Texts.Any(word => word is "-l" or "-f" or "-x" or "-e" or "-batch" or "--batch" || word.StartsWith("--eval", StringComparison.Ordinal) || word.StartsWith("-eval", StringComparison.Ordinal) || word.StartsWith("--load", StringComparison.Ordinal) || word.StartsWith("--script", StringComparison.Ordinal))
                ? [new InnerCommand.Unknown("what an editor's program runs cannot be read", Files: true)] : [],
            "gh" => OfAlias(command),
            "at" or "batch" => [new InnerCommand.Unknown($"'{command.Name}' takes what it runs from somewhere else")],
            _ => [],
        };
        return own.Concat(ProgramRuns.Of(command)).Concat(ToolRuns.Of(command)).Concat(ForeignShells.Of(command)).Concat(GitRuns.OfProgram(command)).Concat(OfTable(command)).Concat(command.Words.Skip(1).SelectMany(word => OfVariable(word))).Concat(command.Assignments.SelectMany(one => Of(one)));
    }

    /// <summary>What a variable makes programs run.</summary>
    public static IEnumerable<InnerCommand> Of(Assignment assignment) => OfVariable(assignment.Name, assignment.Value);

    /// <summary>What the value of a variable makes programs run.</summary>
    public static IEnumerable<InnerCommand> OfVariable(string name, ShellWord value) => OfVariable(name, value.Text, value.Plain || value.Marks is WordMarks.Tilde);

    /// <summary>Whether programs run what stands in a variable.</summary>
    internal static bool IsRun(string variable) => ConfigVariables.Contains(variable) || RunVariable.IsMatch(variable);

    private static IEnumerable<InnerCommand> OfVariable(ShellWord word) =>
        word.Text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? OfVariable(word.Text[..equals], word.Text[(equals + 1)..], word.Plain || word.Marks is WordMarks.Tilde) : [];

    private static IEnumerable<InnerCommand> OfVariable(string name, string value, bool known)
    {
        name = name.Split('[')[0].TrimEnd('+');
        if (name is "BASH_CMDS" or "BASH_ALIASES" || name.StartsWith("BASH_FUNC_", StringComparison.Ordinal) || (name is ['P', 'S', _] && value.Contains('\\')) || (name.StartsWith("GIT_", StringComparison.Ordinal) && GitRuns.IsTransport(value)))
        {
            yield return new InnerCommand.Unknown($"what {name} makes a program run cannot be read");
        }

        if (name is "GIT_ALLOW_PROTOCOL" && (!known || value.Split(':').Contains("ext")))
        {
            yield return new InnerCommand.Unknown("'GIT_ALLOW_PROTOCOL' lets an address name a program");
        }

        if (ConfigVariables.Contains(name) && (!known || value is not ("" or "/dev/null")))
        {
            yield return new InnerCommand.Unknown($"what {name} makes programs run cannot be read");
        }
        else if (RunVariable.IsMatch(name))
        {
            yield return known ? new InnerCommand.Text(Bare(value), Certain: false) : new InnerCommand.Unknown($"what {name} makes programs run is computed");
        }

        foreach (var one in VariableRuns.Of(name, value, known))
        {
            yield return one;
        }
    }

    // Options of the table whose value is run; 'key=command' and 'key command' hold it behind the key.
    private static IEnumerable<InnerCommand> OfTable(FoundCommand command)
    {
        if (RunningPrograms.Of(command.Name) is not { } running)
        {
            yield break;
        }

        var texts = running.TextsIn(command.Texts).ToList();
        if (command.Name is "tar" or "gtar" or "bsdtar" && command.Texts.Count > 2 && command.Texts[1] is not ['-', ..] && command.Texts[1].AsSpan().IndexOfAny("IF") >= 0)
        {
            // Letters without a dash take their values from the words behind, one after the other.
            for (var at = 2; at < command.Texts.Count; at++)
            {
                texts.Add((1, at, command.Texts[at]));
            }
        }

        foreach (var (_, at, text) in texts)
        {
            if (!command.Words[at].Plain && command.Words[at].Marks is not WordMarks.Tilde)
            {
                yield return new InnerCommand.Unknown($"what '{command.Name}' runs is computed");
            }

            if (command.Name is "env" && text.AsSpan().IndexOfAny('\\', '$') >= 0)
            {
                yield return new InnerCommand.Unknown("'env' splits a text with signs of its own");
            }

            yield return new InnerCommand.Text(text, Certain: false);
            if (text.AsSpan().IndexOfAny("= \t!") is >= 0 and var key)
            {
                yield return new InnerCommand.Text(Bare(text[(key + 1)..].TrimStart('=', ':')), Certain: false);
            }
        }
    }

    // Programs in a language that can run others: in an option, or in the first operand.
    private static IEnumerable<InnerCommand> OfScripts(FoundCommand command, string scriptLetters, string fileLetters, string valued, string suffixed, string scriptName, string fileName, Func<string, IEnumerable<InnerCommand>> read)
    {
        var found = ProgramWords.Of(command.Words, scriptLetters, fileLetters, valued, suffixed, scriptName, fileName);
        foreach (var (word, text) in found.Scripts)
        {
            if ((word.Marks & ~WordMarks.Tilde) != 0 && (word.Marks & (WordMarks.Dynamic | WordMarks.Brace)) != 0)
            {
                yield return new InnerCommand.Unknown($"what program '{command.Name}' is given is computed");
            }

            foreach (var inner in read(text))
            {
                yield return inner;
            }
        }

        if (found.Files.Any(file => !file.Word.Plain || ShellWords.IsInput(file.Text)))
        {
            yield return new InnerCommand.Unknown($"'{command.Name}' takes its program from somewhere else");
        }
    }

    private static IEnumerable<InnerCommand> OfMake(FoundCommand command)
    {
        var found = ProgramWords.Of(command.Words, "", "f", "CIoWE", "jlO", "eval", "file", "makefile");
        var evaluated = ProgramWords.Of(command.Words, "", "E", "CIoWf", "jlO", "eval").Files;
        if (found.Scripts.Count > 0 || evaluated.Count > 0 || found.Files.Any(file => file.Word.Marks is not (WordMarks.None or WordMarks.Tilde) || ShellWords.IsInput(file.Text)))
        {
            yield return new InnerCommand.Unknown("'make' takes its rules from somewhere else");
        }

        foreach (var word in command.Words.Skip(1).Where(word => word.Text is not ['-', ..]))
        {
            if (word.Text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                if (word.Text.Contains("$(", StringComparison.Ordinal) || word.Text.Contains("${", StringComparison.Ordinal))
                {
                    yield return new InnerCommand.Unknown("a variable of 'make' may run what stands in it");
                }

                yield return new InnerCommand.Text(word.Text[(at + 1)..], Certain: false);
            }
        }
    }

    // gh's own aliases: other words for gh, or a text for a shell behind '!' or with --shell.
    private static IEnumerable<InnerCommand> OfAlias(FoundCommand command)
    {
        if (RunningPrograms.Of("gh")!.PlacesIn(command.Texts).Places.Count == 0)
        {
            yield break;
        }

        var alias = command.Texts.ToList().IndexOf("alias");
        if (alias > 0 && command.Texts.Skip(alias).Contains("import"))
        {
            yield return new InnerCommand.Unknown("'gh alias import' takes what its words stand for from somewhere else");
        }

        foreach (var word in alias > 0 ? command.Words.Skip(alias + 1) : [])
        {
            if (!word.Plain || word.Text is "-")
            {
                yield return new InnerCommand.Unknown("what an alias of 'gh' stands for is computed");
            }

            yield return new InnerCommand.Text(word.Text is ['!', .. var shell] ? shell : word.Text, Certain: false);
            yield return new InnerCommand.Text($"gh {word.Text}", Certain: false);
        }
    }

    /// <summary>A value that may begin with the sign for a text of a shell.</summary>
    internal static string Bare(string value) => value is ['!' or '|', .. var rest] ? rest : value;
}
