using System.Collections.Frozen;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Where a command works if not in the folder of the shell: <c>cd</c>, and the options by which programs go to another folder before they do their work.</summary>
internal static class FolderChanges
{
    private static readonly string[] Names = ["--chdir", "--directory", "--cwd", "--wd", "--wdns", "--working-directory"];

    // Whose letter takes the rest of its word: elsewhere -C3 is a number of lines, and -DNAME a definition.
    private static readonly FrozenSet<string> TakesGlued = FrozenSet.Create("env", "make", "gmake", "tar", "gtar", "bsdtar", "ninja", "sudo", "doas");

    // Shorter beginnings mean something else somewhere; a program that runs others has few options.
    private const int ShortestAbbreviation = 4;
    private const int ShortestOfRunner = 3;

    /// <summary>The folders that the command names for that, as they are written.</summary>
    public static IEnumerable<string> TargetsOf(FoundCommand command)
    {
        var words = command.Texts;
        if (command.Name is "cd" or "pushd")
        {
            return words.Skip(1).Where(word => word is not ['-', ..]);
        }

        var shortest = ShellWords.RunsItsArguments(words) ? ShortestOfRunner : ShortestAbbreviation;
        return words.Select((word, at) => TargetOf(command.Name, word, at + 1 < words.Count ? words[at + 1] : "", shortest)).OfType<string>();
    }

    /// <summary>Whether a program that runs another one is told to do so in another folder.</summary>
    public static bool IsMovingRunner(FoundCommand command) =>
        command.Name is not ("cd" or "pushd") && ShellWords.RunsItsArguments(command.Texts) && TargetsOf(command).Any();

    private static string? TargetOf(string program, string word, string next, int shortest)
    {
        var letter = program is "sudo" or "doas" ? "-D" : "-C";
        if (word == letter || word == "-C" || IsName(word, shortest))
        {
            return next;
        }

        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && IsName(word[..equals], shortest) ? word[(equals + 1)..]
            : TakesGlued.Contains(program) && word.Length > letter.Length && word.StartsWith(letter, StringComparison.Ordinal) ? word[letter.Length..]
            : null;
    }

    // GNU programs take every unambiguous beginning of a long option.
    private static bool IsName(string word, int shortest) => Names.Contains(word) || (word.Length >= shortest && Names.Any(name => name.StartsWith(word, StringComparison.Ordinal)));
}
