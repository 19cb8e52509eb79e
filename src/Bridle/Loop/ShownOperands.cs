using System.Collections.Frozen;
using Bridle.Permissions.Shell;

namespace Bridle.Loop;

/// <summary>Which words of a command name files that it shows something of. It may take a word too many, because a word that names no file is passed over.</summary>
internal static class ShownOperands
{
    // The letters of searches that take the rest of their word, and those that leave nothing to see but names and numbers.
    private const string Valued = "ABCDdefm";
    private const string OthersValued = "ABCEefgjMmrtT";
    private const string NamesOnly = "lLcq";

    private static readonly FrozenSet<string> Printers = FrozenSet.Create(
        "cat", "head", "tail", "less", "more", "nl", "bat", "batcat", "tac", "rev", "wc", "diff", "sdiff", "cmp", "comm", "cut", "sort", "uniq", "paste", "join", "column", "fold", "expand",
        "xxd", "od", "hexdump", "strings");

    // Their first operand is a program or a pattern, unless an option brings it.
    private static readonly FrozenSet<string> Programmed = FrozenSet.Create("sed", "gsed", "awk", "gawk", "mawk", "nawk", "jq", "yq");

    private static readonly FrozenSet<string> Searches = FrozenSet.Create("grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack");

    /// <summary>Those words, or null for a program that shows none.</summary>
    public static IEnumerable<ShellWord>? Of(FoundCommand command)
    {
        var operands = command.Words.Skip(1).Where(word => word.Text is not ['-', ..]);
        return Printers.Contains(command.Name) ? operands
            : Programmed.Contains(command.Name) ? operands.Skip(HasProgram(command) ? 0 : 1)
            : Searches.Contains(command.Name) ? OfSearch(command)
            : null;
    }

    /// <summary>Those of a search: its first operand is what it looks for. Null where it shows names and numbers only.</summary>
    public static IEnumerable<ShellWord>? OfSearch(FoundCommand command) => ShowsNamesOnly(command) ? null
        : command.Words.Skip(1).Where(word => word.Text is not ['-', ..]).Skip(HasProgram(command) ? 0 : 1);

    /// <summary>Whether a program of that name shows what stands in files.</summary>
    public static bool Prints(string name) => Printers.Contains(name) || Programmed.Contains(name) || Searches.Contains(name);

    /// <summary>Whether it may look through folders, so that only its output says which files it showed.</summary>
    public static bool SearchesFolders(FoundCommand command) =>
        Searches.Contains(command.Name) && (!IsGrep(command) || command.Texts.Any(word => word is "--recursive" or "--dereference-recursive" || Letters(command, word).AsSpan().IndexOfAny('r', 'R') >= 0));

    private static bool IsGrep(FoundCommand command) => command.Name is "git" || command.Name.EndsWith("grep", StringComparison.Ordinal);

    private static bool ShowsNamesOnly(FoundCommand command) => command.Texts.Skip(1).Any(word =>
        word is "--files" || word.StartsWith("--files-with", StringComparison.Ordinal) || word.StartsWith("--count", StringComparison.Ordinal) || word is "--quiet" or "--silent"
        || Letters(command, word).AsSpan().IndexOfAny(NamesOnly) >= 0);

    private static bool HasProgram(FoundCommand command) => command.Texts.Skip(1).Any(word =>
        word.StartsWith("--regexp", StringComparison.Ordinal) || word.StartsWith("--expression", StringComparison.Ordinal) || word.StartsWith("--file", StringComparison.Ordinal)
        || word.StartsWith("--from-file", StringComparison.Ordinal) || Cluster(word).AsSpan().IndexOfAny('e', 'f') >= 0);

    // The letters of -nri, and of -rnA3 those before the one that takes the rest.
    private static string Letters(FoundCommand command, string word) => Cluster(word) is var letters && letters.AsSpan().IndexOfAny(IsGrep(command) ? Valued : OthersValued) is >= 0 and var at ? letters[..at] : letters;

    private static string Cluster(string word) => word is ['-', not '-', ..] ? word[1..] : "";
}
