using System.Collections.Frozen;
using Bridle.Permissions.Shell;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// What a command may do with files that its words do not name, while a deny rule for files is in force: words that are only known when it runs, and folders that are read whole. Where the
/// sandbox hides and holds the files of all such rules, only what leads out of the workspace is left to be asked about.
/// </summary>
internal sealed class ComputedFiles(JudgedCommand command, CallToJudge call, CompiledRules rules, string root)
{
    private static readonly FrozenSet<string> Speakers = FrozenSet.Create("echo", "printf");

    private static readonly FrozenSet<string> ShowNames = FrozenSet.Create("ls", "stat", "du");

    // Their first word that is no option is a program or a pattern, unless an option gives them one.
    private static readonly FrozenSet<string> TakeText = FrozenSet.Create("jq", "yq", "grep", "egrep", "fgrep", "rg", "ag", "ack", "sed", "gsed", "awk", "gawk", "mawk", "nawk");

    private static readonly FrozenSet<string> Repositories = FrozenSet.Create("git", "hg", "jj", "svn", "tig", "gitk");

    // Verbs that print nothing of what files held. Of some only options do, which WordsForHistory looks for.
    private static readonly FrozenSet<string> PrintNothing = FrozenSet.Create("branch", "fetch", "init", "ls-files", "merge-base", "mv", "push", "rev-parse", "rm", "switch", "tag");

    private bool? _isHeld;

    private bool IsHeld => _isHeld ??= call.RunsShell && call.Confined && !call.AsksForNoSandbox && rules.AreHeldIn(root) && call.Guarded().Problem is null;

    /// <summary>Whether a word of it may name any file.</summary>
    public bool NamesSome()
    {
        if (!command.Reading.Words.Any(IsComputed))
        {
            return false;
        }

        var free = FreeWords();
        var mayPrintHistory = command.Reading.Unresolved is not null ? null : command.Reading.Commands.SelectMany(WordsForHistory).ToHashSet<ShellWord>(ReferenceEqualityComparer.Instance);
        return command.Reading.Words.Any(word => IsComputed(word) && !free.Contains(word) && !(IsHeld && mayPrintHistory is not null && !mayPrintHistory.Contains(word) && StaysInside(word)));
    }

    // What a repository keeps no sandbox hides: a computed word may be the option that prints it, or the program.
    private IEnumerable<ShellWord> WordsForHistory(FoundCommand one)
    {
        if (!Repositories.Contains(one.Name))
        {
            return one.Words.Take(1);
        }

        var verb = one.Name is "git" ? GitVerbs.VerbAt(one.Texts) : one.Texts.Count;
        var prints = verb >= one.Texts.Count || one.Words.Take(verb + 1).Any(word => !word.Plain) || !PrintNothing.Contains(one.Texts[verb]);
        if (verb < one.Texts.Count && one.Texts[verb] is "add" or "fetch" or "push" or "tag")
        {
            // 'add -p' prints what is changed, 'tag --format' what is kept, and '--upload-pack' and '--receive-pack' run a program; a word with a name in front is no option.
            return one.Words.Skip(verb + 1).Where(word => (word.Marks & WordMarks.Splits) != 0 || WordShape.Of(word, command.Reading.Expansions.Known).MayBegin('-'));
        }

        return !prints ? [] : one.Words.Where((word, at) => !(verb < at && one.Texts[verb] is "commit" && at == verb + 2 && one.Texts[at - 1] is "-m" or "-am" && (word.Marks & (WordMarks.Splits | WordMarks.Glob)) == 0));
    }

    /// <summary>Whether it reads a folder as a whole in which a file may lie that a rule holds back.</summary>
    public bool ReadsFolders() => CommandEffects.FoldersRead(command, TextOf).Any(one => Matters(one.Folder.Normalised, one.ByGit) || Matters(one.Folder.Real, one.ByGit));

    private bool Matters(string folder, bool byGit) => rules.ReadDenials.Any(entry => entry.Path!.MayMatchIn(folder)) && !(!byGit && (PathResolution.IsInside(folder, root) || IsOwn(folder)) && IsHeld);

    // The sandbox gives a command a folder of its own there.
    private bool IsOwn(string folder) => PathResolution.IsInside(folder, "/tmp") && !PathResolution.IsInside(root, "/tmp");

    private static bool IsComputed(ShellWord word) => word.Marks is not (WordMarks.None or WordMarks.Tilde);

    private bool StaysInside(ShellWord word) =>
        word.Text is not ['~', ..] && !word.Text.Split('/').Contains("..")
        && (word.Text is not ['/', ..] || word.Parts[0] is not (LiteralPart or DoubleQuotedPart { Parts: [LiteralPart, ..] }) || PathResolution.IsInside(word.Text, root) || IsOwn(word.Text) || word.Text.StartsWith("/dev/", StringComparison.Ordinal));

    // What is said, what is put aside to be used by a word that is looked at itself, and patterns for names alone. A function may bear the name of a program.
    private HashSet<ShellWord> FreeWords()
    {
        var free = new HashSet<ShellWord>(ReferenceEqualityComparer.Instance);
        var functions = ShellWalk.All(command.Script.Body).OfType<FunctionDefinition>().Select(function => function.Name.Text).ToHashSet();
        foreach (var node in ShellWalk.All(command.Script.Body))
        {
            switch (node)
            {
                case SimpleCommand { Words.Count: 0 } aside:
                    free.UnionWith(aside.Assignments.Select(one => one.Value));
                    break;
                case ForCommand { Words: { } words }:
                    free.UnionWith(words);
                    break;
                case CaseCommand choice:
                    free.Add(choice.Subject);
                    break;
            }
        }

        var taken = new HashSet<ShellWord>(ReferenceEqualityComparer.Instance);
        foreach (var one in command.Reading.Commands)
        {
            var program = one.Words[0].Plain && !functions.Contains(one.Texts[0]) ? one.Texts[0] : "";
            foreach (var word in one.Words.Where(IsComputed))
            {
                var isFree = Speakers.Contains(program) || IsNumber(word) || (ShowNames.Contains(program) && (word.Marks & ~(WordMarks.Glob | WordMarks.Tilde)) == 0 && word.Text is not ['-', ..])
                    || ((word.Marks & ~(WordMarks.Brace | WordMarks.Tilde)) == 0 && command.Reading.Expansions.Have(one));
                (isFree ? free : taken).Add(word);
            }
        }

        free.ExceptWith(taken);
        return free;
    }

    private static bool IsNumber(ShellWord word) =>
        word.Text.Length == 0 && word.Parts.SelectMany(part => part is DoubleQuotedPart quoted ? quoted.Parts : [part]).All(part => part is ParameterPart { Prefix: "", Operator: "", Name: "?" or "#" or "$" } or ParameterPart { Prefix: "#" });

    /// <summary>Where the word stands that is no file though it may bear the name of one; 0 where none does.</summary>
    public static int TextOf(FoundCommand one)
    {
        if (!TakeText.Contains(one.Name) || one.Texts.Any(text => text is ['-', 'f' or 'e', ..] || text.StartsWith("--from-file", StringComparison.Ordinal) || text.StartsWith("--file", StringComparison.Ordinal) || text.StartsWith("--e", StringComparison.Ordinal) || text.StartsWith("--reg", StringComparison.Ordinal)))
        {
            return 0;
        }

        return Math.Max(0, one.Texts.Skip(1).ToList().FindIndex(text => text is not ['-', _, ..]) + 1);
    }
}
