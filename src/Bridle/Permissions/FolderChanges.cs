using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Where a command works if not in the folder of the shell: <c>cd</c>, and the options by which programs go to another folder before they do their work.</summary>
internal static class FolderChanges
{
    // env, git, make, tar; sudo; unshare and nsenter; systemd-run.
    private static readonly string[] Letters = ["-C", "-D"];
    private static readonly string[] Names = ["--chdir", "--directory", "--cwd", "--wd", "--wdns", "--working-directory"];

    // Shorter beginnings mean something else somewhere.
    private const int ShortestAbbreviation = 4;

    /// <summary>The folders that the command names for that, as they are written.</summary>
    public static IEnumerable<string> TargetsOf(FoundCommand command)
    {
        var words = command.Texts;
        if (command.Name is "cd" or "pushd")
        {
            return words.Skip(1).Where(word => word is not ['-', ..]);
        }

        return words.Select((word, at) => TargetOf(word, at + 1 < words.Count ? words[at + 1] : "")).OfType<string>();
    }

    /// <summary>Whether a program that runs another one is told to do so in another folder.</summary>
    public static bool IsMovingRunner(FoundCommand command) =>
        command.Name is not ("cd" or "pushd") && ShellWords.RunsItsArguments(command.Texts) && TargetsOf(command).Any();

    private static string? TargetOf(string word, string next)
    {
        if (Letters.Contains(word) || IsName(word))
        {
            return next;
        }

        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && IsName(word[..equals]) ? word[(equals + 1)..]
            : Letters.FirstOrDefault(letter => word.Length > letter.Length && word.StartsWith(letter, StringComparison.Ordinal)) is { } glued ? word[glued.Length..]
            : null;
    }

    // GNU programs take every unambiguous beginning of a long option.
    private static bool IsName(string word) => Names.Contains(word) || (word.Length >= ShortestAbbreviation && Names.Any(name => name.StartsWith(word, StringComparison.Ordinal)));
}
