using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>What built-in commands, compilers, line editors and package tools are told to run, each in its own way.</summary>
internal static class ProgramRuns
{
    private static readonly Regex Compiler = new(@"^([a-z0-9_]+-)*(gcc|cc|g\+\+|c\+\+|clang|clang\+\+|gfortran|cpp|as|tcc|ld|ld\.(bfd|gold|lld)|lld)(-[0-9.]+)?$", RegexOptions.CultureInvariant);

    // Where a compiler looks for the programs that it starts, what it loads, and what else tells it so.
    private static readonly Regex Loading = new(
        "^(-B|--?specs|--?wrapper|-fplugin|-fpass-plugin|-fuse-ld=|--ld-path|-Xclang$|-load$|--?plugin|-Wl,.*-plugin|--config|-mllvm$|-load=)", RegexOptions.CultureInvariant);

    // What sqlite3's own commands can do: those that only show or format.
    private static readonly Regex PlainDot = new(
        @"^\s*\.(tables?|schema|fullschema|dump|headers?|mode|index(es)?|databases|quit|exit|help|width|separator|nullvalue|timer|echo|bail|changes|show|stats|eqp|explain|timeout|version|print)\b",
        RegexOptions.CultureInvariant);

    // Verbs of their own; any other word is a script or a program that a package brings.
    private static readonly HashSet<string> PackageVerbs = [.. (
        "add install i it ci update up upgrade upgrade-interactive remove rm uninstall un link ln unlink import rebuild rb prune fetch patch patch-commit patch-remove dedupe audit list ls ll outdated why licenses "
        + "test t tst start stop restart publish pack store root bin setup init create config c env deploy server cache completion self-update recursive multi dlx exec workspace workspaces info view npm "
        + "version versions set plugin constraints node login logout whoami owner team tag search help policies autoclean check generate-lock-entry global approve-builds").Split(' ')];

    /// <summary>All of it.</summary>
    public static IEnumerable<InnerCommand> Of(FoundCommand command) => ClientRuns.Of(command).Concat(command.Name switch
    {
        "mapfile" or "readarray" => OfOption(command, "C", "dnOsuc").Concat(OfNames(command)),
        "read" or "printf" or "getopts" => OfNames(command),
        "compgen" or "complete" => OfOption(command, "CW", "oAGFXPS"),
        "hash" => OfLetter(command, 'p', "another program is given the name of one"),
        "enable" => OfLetter(command, 'f', "a built-in command is loaded from a file"),
        "ed" or "red" => Operands(command).SelectMany(OfBang).Append(new InnerCommand.Unknown($"'{command.Name}' runs what it is given on its input", Files: true)),
        _ when EditorScripts.IsVi(command.Name) && ((TakesCommands(command) && !Leaves(command)) || TakesScript(command)) => [new InnerCommand.Unknown($"'{command.Name}' runs what it is given on its input or in a file", Files: true)],
        "cmake" when command.Texts.Skip(1).Any(RunsCmakeScript) => [new InnerCommand.Unknown("what a script of 'cmake' runs cannot be read")],
        "ip" => OfEverywhere(command),
        "sqlite3" or "sqlite" or "sqlcipher" => OfSqlite(command),
        "strace" or "ltrace" => command.Words.Skip(1).SelectMany(OfPipe),
        "nix" when Operands(command).Any(word => word.Text is "run") => [new InnerCommand.Unknown("'nix run' runs what a package brings")],
        "pnpm" or "yarn" => OfPackages(command),
        _ when IsCompiler(command.Name) => OfCompiler(command),
        _ => [],
    });

    /// <summary>Whether the program is a compiler or a linker, which start others.</summary>
    public static bool IsCompiler(string name) => Compiler.IsMatch(name);

    /// <summary>Whether an option of a compiler says which programs it starts, or takes its options from a file.</summary>
    public static bool NamesProgram(string word) => word is ['@', _, ..] || Loading.IsMatch(word);

    /// <summary>Whether an option of cmake runs a script.</summary>
    public static bool RunsCmakeScript(string word) => word is ['-', 'P' or 'C', ..] or "--initial-cache";

    /// <summary>Whether it takes commands on its input where the ones that it is given do not end it: a file that cannot be written, or none, keeps 'wq' from doing so.</summary>
    public static bool MayGoOnWithInput(FoundCommand command) => EditorScripts.IsVi(command.Name) && TakesCommands(command) && !command.Texts.Any(text => text.TrimStart('-', '+', 'c') is "q!" or "qa!" or "cq" or "cq!");

    private static IEnumerable<ShellWord> Operands(FoundCommand command) => command.Words.Skip(1).Where(word => word.Text is not ['-', ..]);

    private static string? Output(FoundCommand command) => command.Texts.ToList().IndexOf("-o") is > 0 and var at && at + 1 < command.Texts.Count ? command.Texts[at + 1] : null;

    private static IEnumerable<InnerCommand> OfOption(FoundCommand command, string letters, string valued) =>
        ProgramWords.Of(command.Words, "", letters, valued, "", "\n").Files.SelectMany(one => Value(command, one.Word, one.Text));

    private static IEnumerable<InnerCommand> Value(FoundCommand command, ShellWord word, string text) =>
        word.Plain || word.Marks is WordMarks.Tilde
            ? [new InnerCommand.Text(text, Certain: true)]
            : [new InnerCommand.Text(text, Certain: false), new InnerCommand.Unknown($"what '{command.Name}' runs is computed")];

    // A variable whose text is run is set without a sign for it.
    private static IEnumerable<InnerCommand> OfNames(FoundCommand command) =>
        command.Texts.Skip(1).FirstOrDefault(text => InnerCommands.IsRun(text.StartsWith("-v", StringComparison.Ordinal) ? text[2..] : text)) is { } name
            ? [new InnerCommand.Unknown($"what '{name}' makes programs run is computed")] : [];

    private static IEnumerable<InnerCommand> OfLetter(FoundCommand command, char letter, string why) =>
        command.Words.Skip(1).Any(word => !word.Plain || (word.Text is ['-', ..] && word.Text.Contains(letter))) ? [new InnerCommand.Unknown(why)] : [];

    private static IEnumerable<InnerCommand> OfBang(ShellWord word) => word.Text is ['!', .. var shell] ? [new InnerCommand.Text(shell, Certain: false)] : [];

    private static IEnumerable<InnerCommand> OfPipe(ShellWord word) =>
        word.Text.AsSpan().IndexOfAny('|', '!') is >= 0 and var at ? [new InnerCommand.Text(word.Text[(at + 1)..], Certain: false)] : [];

    // As 'ex', or with a letter that makes it that.
    private static bool TakesCommands(FoundCommand command) => command.Name is "ex" or "gex" || command.Texts.Skip(1).Any(text => text is ['-', not ('-' or 'c' or 'S' or 'u' or 'U' or 'i' or 'T' or 'w' or 'W'), ..] && text.AsSpan(1).IndexOfAny('e', 'E') >= 0);

    // '-s' is a file of keys where it is not silence.
    private static bool TakesScript(FoundCommand command) => !TakesCommands(command) && command.Texts.Skip(1).Any(text => text is "-s");

    private static bool Leaves(FoundCommand command)
    {
        for (var i = 1; i < command.Texts.Count; i++)
        {
            var text = command.Texts[i] is "-c" && i + 1 < command.Texts.Count ? command.Texts[i + 1] : command.Texts[i] is ['-', 'c', .. var glued] ? glued : command.Texts[i] is ['+', .. var plus] ? plus : "";
            if (text.TrimStart(':') is "q" or "q!" or "wq" or "wq!" or "x" or "x!" or "qa" or "qa!" or "wqa" or "wqa!" or "xa" or "xa!" or "cq" or "cq!")
            {
                return true;
            }
        }

        return false;
    }

    // 'ip -all netns exec' names no place before the command.
    private static IEnumerable<InnerCommand> OfEverywhere(FoundCommand command)
    {
        var exec = command.Texts.ToList().FindIndex(text => text is "exec" or "exe" or "ex");
        return exec > 0 && exec + 1 < command.Words.Count && command.Texts.Take(exec).Any(text => text is ['-', 'a', ..]) ? [new InnerCommand.Words([.. command.Words.Skip(exec + 1)])] : [];
    }

    private static IEnumerable<InnerCommand> OfSqlite(FoundCommand command)
    {
        foreach (var line in command.Texts.Skip(1).SelectMany(text => text.Split('\n')))
        {
            if (line.TrimStart() is ['.', _, ..] and var dot && !PlainDot.IsMatch(dot))
            {
                var space = dot.AsSpan().IndexOfAny(' ', '\t');
                yield return new InnerCommand.Text(space < 0 ? "" : InnerCommands.Bare(dot[space..].Trim().Trim('"', '\'')), Certain: false);
                yield return new InnerCommand.Unknown("a command of 'sqlite3' may run others", Files: true);
            }
            else if (line.Contains("load_extension", StringComparison.OrdinalIgnoreCase) || Regex.IsMatch(line, @"\bedit\s*\(", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))
            {
                yield return new InnerCommand.Unknown("a function of 'sqlite3' may run programs");
            }
        }

        foreach (var one in command.Texts.Skip(1).SelectMany(SqlFiles.In))
        {
            yield return one;
        }

        if (command.Texts.Any(text => text is "-init" or "--init") || (Operands(command).Count() < 2 && !command.Texts.Any(text => text.TrimStart('-') is "version" or "help")))
        {
            yield return new InnerCommand.Unknown("'sqlite3' takes its commands from somewhere else", Files: true);
        }
    }

    private static IEnumerable<InnerCommand> OfCompiler(FoundCommand command)
    {
        if (command.Texts.Skip(1).FirstOrDefault(NamesProgram) is { } loading && loading is not ("-wrapper" or "--wrapper"))
        {
            yield return new InnerCommand.Unknown($"what '{loading.Split('=')[0]}' makes '{command.Name}' run cannot be read", Files: loading is ['@', ..]);
        }

        if (command.Texts.Skip(1).Any(text => text is "-" || ShellWords.IsInput(text)) || (command.Name is "as" or "cpp" or [.., '-', 'a', 's'] && !Operands(command).Any(word => word.Text != Output(command))))
        {
            yield return new InnerCommand.Opens($"what '{command.Name}' is given on its input may take in any file");
        }

        for (var i = 1; i + 1 < command.Words.Count; i++)
        {
            if (command.Texts[i] is "-wrapper" or "--wrapper")
            {
                foreach (var one in Value(command, command.Words[i + 1], command.Texts[i + 1].Replace(',', ' ')))
                {
                    yield return one;
                }
            }
        }
    }

    // The first word that is no option; behind an option that may take a value the next one, too.
    private static IEnumerable<InnerCommand> OfPackages(FoundCommand command)
    {
        for (var i = 1; i < command.Words.Count; i++)
        {
            if (command.Texts[i] is ['-', ..] or "run" or "run-script")
            {
                continue;
            }

            if (!PackageVerbs.Contains(command.Texts[i]))
            {
                yield return new InnerCommand.Words([.. command.Words.Skip(i)]);
                if (!command.Words[i].Plain)
                {
                    yield return new InnerCommand.Unknown($"what '{command.Name}' runs is computed");
                }
            }

            if (!(command.Texts[i - 1] is ['-', ..] and var option && !option.Contains('=')))
            {
                yield break;
            }
        }
    }
}
