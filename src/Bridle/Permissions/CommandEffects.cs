using System.Collections.Frozen;
using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>What well-known programs do with the paths they are given.</summary>
internal static class CommandEffects
{
    // Programs that only look, with the options their tables allow. The second half does not open what it is given.
    private static readonly FrozenSet<string> Readers = FrozenSet.Create(
        "cat", "head", "tail", "wc", "grep", "egrep", "fgrep", "diff", "sort", "uniq", "cut", "nl", "tac", "rev", "comm", "cmp", "md5sum", "sha1sum", "sha256sum", "sha512sum", "cksum",
        "ls", "stat", "du", "find", "cd", "realpath", "readlink", "file", "tree", "test", "[");

    private static readonly FrozenSet<string> Speakers = FrozenSet.Create("echo", "printf", "pwd", "true", "false", "basename", "dirname", "which", "type", "date", "uname", "whoami", "tr", "seq");

    private static readonly FrozenSet<string> OtherReaders = FrozenSet.Create("rg", "fd", "jq", "less", "more", "man", "strings", "od", "hexdump", "column", "paste", "join", "fold", "expand", "id", "ps", "env", "printenv");

    private static readonly FrozenSet<string> NamesOnly = FrozenSet.Create("ls", "cd", "pwd", "stat", "du", "find", "tree", "mkdir", "rmdir", "touch", "echo", "printf", "basename", "dirname", "realpath", "readlink", "test", "[", "rm", "chmod", "chown", "which", "fd");

    private static readonly FrozenSet<string> FolderReaders = FrozenSet.Create("rg", "ag", "ack");

    /// <summary>Programs that make, move and remove what they are given, and do nothing else.</summary>
    internal static readonly FrozenSet<string> Editors = FrozenSet.Create("mkdir", "touch", "rm", "rmdir", "mv", "cp");

    // Those among them that write a file or run a program where an option or an operand says so.
    private static readonly FrozenSet<string> WritesByOption = FrozenSet.Create("sort", "uniq", "find", "tree", "file", "date", "rg", "fd", "less", "more", "man");

    /// <summary>Whether a word may be written by its command.</summary>
    public static FileAccessKind AccessOf(JudgedCommand command, WordPath word) => WordUses.Of(command, word) >= WordUse.MayWrite ? FileAccessKind.Write : FileAccessKind.Read;

    /// <summary>
    /// The folders of which the command may read every file without naming it, and whether git searches them, which can search what it keeps. <paramref name="textOf"/> says which word of a
    /// command is no file; 0 where none is.
    /// </summary>
    public static IEnumerable<(ResolvedPath Folder, bool ByGit)> FoldersRead(JudgedCommand command, Func<FoundCommand, int> textOf)
    {
        foreach (var one in command.Reading.Commands.Where(one => !NamesOnly.Contains(one.Name) && !FolderReach.Unpacks(one)))
        {
            var (text, byGit) = (textOf(one), IsGrepOfGit(one));
            var named = one.Texts.Where((_, at) => at > 0 && at != text).SelectMany(command.PathsOf).Where(path => path.Path.Kind is FileKind.Directory && WordUses.Of(command, path) is not WordUse.None).Select(path => path.Path);
            foreach (var folder in named.Concat(ReadsAround(one) && !FolderReach.IsNamed(command, one, text) ? command.Places : []))
            {
                yield return (folder, byGit && FolderReach.MayReadHistory(command, one));
            }
        }
    }

    /// <summary>Whether every command that has the word shows no more than names.</summary>
    public static bool ShowsNamesOnly(CommandReading reading, string word) =>
        reading.Commands.Where(command => command.Texts.Contains(word)).ToList() is { Count: > 0 } having && having.All(command => NamesOnly.Contains(command.Name));

    /// <summary>Whether the command gives out what stands in the files of a folder, without naming them.</summary>
    public static bool PrintsFolders(JudgedCommand command) => command.Reading.Commands.Any(PrintsFolders);

    /// <summary>Whether it may give out this file of a folder.</summary>
    public static bool MayPrint(JudgedCommand command, string file, string root) => command.Reading.Commands.Any(one => PrintsFolders(one) && !FolderReach.Unpacks(one)
        && (!FolderReach.IsNamed(command, one, ComputedFiles.TextOf(one)) || FolderReach.IsAmongNamed(command, one, ComputedFiles.TextOf(one), file))
        && (one.Name is not "rg" || !one.Words.All(word => word.Plain) || command.Script.Source.Contains("RIPGREP_CONFIG_PATH", StringComparison.Ordinal) || RipgrepReach.MayPrint(one.Texts, file, root)));

    /// <summary>Whether the built-in list of harmless commands holds for the whole command.</summary>
    public static bool IsHarmless(JudgedCommand command, PolicyOptions options, string workingDirectory) =>
        command.OffList is null
        && command.Direct.All(one => IsHarmless(command, AllowedWrappers.Strip(one.Words), options, workingDirectory))
        && command.Reading.Redirects.All(redirect => redirect.NamesNoFile || redirect.Target.Text is "/dev/null" || (!redirect.Writes && command.PathsOf(redirect.Target.Text).All(path => path.Path.InsideRoot)))
        && !MovesUnderGit(command);

    /// <summary>Whether the built-in list of harmless commands holds for one simple command of it.</summary>
    public static bool IsHarmless(JudgedCommand command, IReadOnlyList<ShellWord> one, PolicyOptions options, string workingDirectory)
    {
        IReadOnlyList<string> words = [.. one.Select(word => word.Text)];
        if (words[0].Contains('/') || ProgramOptions.Computed(one) is not null || one.Any(word => (word.Marks & WordMarks.Dynamic) != 0 && !IsSaid(word)))
        {
            return false;
        }

        // Many of them look at the working directory when no path is named; 'cd' without one goes home.
        if (words[0] is "cd" ? words.Skip(1).All(word => word is ['-', ..]) : !IsInside(workingDirectory, options) && !Speakers.Contains(words[0]))
        {
            return false;
        }

        if (words[0] == "git")
        {
            return options.Trusted && GitVerbs.IsHarmless(words) && StaysInside(command, words.Skip(2));
        }

        return ProgramOptions.Uncovered(words, 1) is null
            && (ProgramOptions.Knows(words[0]) || words.Skip(1).All(word => word is not ['-', _, ..]))
            && (Speakers.Contains(words[0]) || (Readers.Contains(words[0]) && !ReadsRecursively(words) && !ComparesFolders(words, command) && StaysInside(command, words.Skip(1))));
    }

    /// <summary>After 'cd' a git command reads another repository's settings, which can name programs.</summary>
    public static bool MovesUnderGit(JudgedCommand command) => command.Reading.Commands.Any(one => one.Name is "cd" or "pushd" or "popd") && command.Reading.Commands.Any(one => one.Name is "git");

    /// <summary>Whether the command is one of the plain file commands that acceptEdits lets run inside the workspace.</summary>
    public static bool IsPlainEdit(JudgedCommand command) =>
        command is { OffList: null, Script.Body.Items: [{ Command: SimpleCommand { Redirects: [] } only }] }
        && only.Words.All(word => word.Plain)
        && command.Reading.Commands is [{ Texts: { Count: > 1 } words }]
        && Editors.Contains(words[0])
        && words.Skip(1).All(word => word is not ['-', _, ..] || IsPlainOption(word))
        && words.Skip(1).Any(word => word is not ['-', _, ..])
        && StaysInside(command, words.Skip(1));

    // What is computed in it is the output of commands that are judged themselves, or a variable that holds nothing secret.
    private static bool IsSaid(ShellWord word) => ShellWalk.All(word).OfType<ParameterPart>().All(part => part is { Operator: "", Prefix: "", Name: "?" or "#" or "PWD" or "HOME" or "USER" or "RANDOM" or "SECONDS" or "$" });

    private static bool IsInside(string folder, PolicyOptions options) => new WorkspaceBounds(options).Holds(folder);

    private static bool IsPlainOption(string word) => word is "--" or "--parents" or "--recursive" or "--force" or "--verbose" || (word[1] != '-' && word.AsSpan(1).IndexOfAnyExcept("rRfpvnuad") < 0);

    /// <summary>Whether the command changes no file that it names.</summary>
    public static bool OnlyLooks(FoundCommand command) =>
        command.Name is "git" ? IsKnown(command) && GitVerbs.OnlyLooks(command.Texts)
        : Readers.Contains(command.Name) || Speakers.Contains(command.Name) || OtherReaders.Contains(command.Name)
            ? !WritesByOption.Contains(command.Name) || (IsKnown(command) && ProgramOptions.Uncovered(command.Texts, 1) is null)
            : false;

    /// <summary>Whether the command leaves the file of that word as it is.</summary>
    internal static bool LeavesAsItIs(FoundCommand command, string word) =>
        OnlyLooks(command) || (command.Name is "git" && IsKnown(command) && GitVerbs.TakesUpOnly(command.Texts, word));

    // Whether no word of it can turn out to be an option: what is computed can, and a pattern whose matches may begin with a dash.
    private static bool IsKnown(FoundCommand command) =>
        command.Words.Skip(1).All(word => (word.Marks & WordMarks.Dynamic) == 0 && ((word.Marks & WordMarks.Glob) == 0 || word.Text is not (['-' or '*' or '?' or '[', ..] or "")));

    private static bool PrintsFolders(FoundCommand one) =>
        one.Name is "tar" or "zip" or "rsync" || ReadsAround(one);

    // Reads the files around it without being told their names.
    private static bool ReadsAround(FoundCommand one) => FolderReaders.Contains(one.Name) || IsGrepOfGit(one) || ReadsRecursively([one.Name, .. one.Texts.Skip(1)]);

    private static bool IsGrepOfGit(FoundCommand one) => one.Name == "git" && one.Texts.Contains("grep");

    // Reading a folder as a whole would pass by what is held back in it; the Grep tool filters, a shell command cannot.
    private static bool ReadsRecursively(IReadOnlyList<string> words) => words[0] is "grep" or "egrep" or "fgrep" or "diff"
        && words.Skip(1).Any(word => word.StartsWith("--rec", StringComparison.Ordinal) || word.StartsWith("--deref", StringComparison.Ordinal) || word.StartsWith("--dir", StringComparison.Ordinal)
            || (word is ['-', not '-', ..] && word.AsSpan(1).IndexOfAny("rRd") >= 0));

    // diff reads the files of folders that it is given.
    private static bool ComparesFolders(IReadOnlyList<string> words, JudgedCommand command) => words[0] is "diff" && command.Paths.Any(path => path.Path.Kind is FileKind.Directory);

    private static bool StaysInside(JudgedCommand command, IEnumerable<string> words)
    {
        var named = words.ToHashSet();
        return command.Paths.Where(path => named.Contains(path.Word)).All(path => path.Path.InsideRoot);
    }
}
