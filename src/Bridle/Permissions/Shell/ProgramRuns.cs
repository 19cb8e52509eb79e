using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>What built-in commands, compilers, line editors and package tools are told to run, each in its own way.</summary>
internal static class ProgramRuns
{
    private static readonly Regex Compiler = new(@"^([a-z0-9_]+-)*(gcc|cc|g\+\+|c\+\+|clang|clang\+\+)(-[0-9.]+)?$", RegexOptions.CultureInvariant);

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
    public static IEnumerable<InnerCommand> Of(FoundCommand command) => command.Name switch
    {
        "mapfile" or "readarray" => OfOption(command, "C", "dnOsuc").Concat(OfNames(command)),
        "read" or "printf" or "getopts" => OfNames(command),
        "compgen" or "complete" => OfOption(command, "CW", "oAGFXPS"),
        "hash" => OfLetter(command, 'p', "another program is given the name of one"),
        "enable" => OfLetter(command, 'f', "a built-in command is loaded from a file"),
        "ed" or "red" => Operands(command).SelectMany(OfBang).Append(new InnerCommand.Unknown($"'{command.Name}' runs what it is given on its input", Files: true)),
        "ex" when !Leaves(command) => [new InnerCommand.Unknown("'ex' runs what it is given on its input", Files: true)],
        "sqlite3" => OfSqlite(command),
        "strace" or "ltrace" => command.Words.Skip(1).SelectMany(OfPipe),
        "nix" when Operands(command).Any(word => word.Text is "run") => [new InnerCommand.Unknown("'nix run' runs what a package brings")],
        "pnpm" or "yarn" => OfPackages(command),
        _ when Compiler.IsMatch(command.Name) => OfCompiler(command),
        _ => [],
    };

    private static IEnumerable<ShellWord> Operands(FoundCommand command) => command.Words.Skip(1).Where(word => word.Text is not ['-', ..]);

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

    private static bool Leaves(FoundCommand command) =>
        command.Texts.Skip(1).Any(text => text is "q" or "q!" or "wq" or "wq!" or "x" or "x!" or "qa" or "qa!" or "wqa" or "xa" or "+q" or "+wq" or "+x" or "-cq" or "-cwq" or "-cx");

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

        if (command.Texts.Any(text => text is "-init" or "--init") || (Operands(command).Count() < 2 && !command.Texts.Any(text => text.TrimStart('-') is "version" or "help")))
        {
            yield return new InnerCommand.Unknown("'sqlite3' takes its commands from somewhere else", Files: true);
        }
    }

    private static IEnumerable<InnerCommand> OfCompiler(FoundCommand command)
    {
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
