using System.Collections.Frozen;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Commands that only put the form of files right: formatters and the fixing mode of linters, with options that can do nothing else, on paths below the folder.</summary>
public static class SafeFixCommands
{
    // What stands before the files, and the options that may follow it.
    private static readonly (string[] Words, FrozenSet<string> Options)[] s_known =
    [
        (["cargo", "fmt"], FrozenSet.Create("--all")),
        (["cargo", "clippy"], FrozenSet.Create("--fix", "--allow-dirty", "--allow-staged", "--all-targets")),
        (["cargo", "fix"], FrozenSet.Create("--allow-dirty", "--allow-staged", "--all-targets")),
        (["rustfmt"], FrozenSet<string>.Empty),
        (["gofmt"], FrozenSet.Create("-w", "-s")),
        (["dotnet", "format"], FrozenSet.Create("--no-restore", "--include", "whitespace", "style")),
        (["eslint"], FrozenSet.Create("--fix", "--quiet")),
        (["prettier"], FrozenSet.Create("--write", "-w")),
        (["ruff", "check"], FrozenSet.Create("--fix", "--quiet", "-q")),
        (["ruff", "format"], FrozenSet.Create("--quiet", "-q")),
        (["black"], FrozenSet.Create("--quiet", "-q")),
    ];

    /// <summary>Whether a command line is one of them and nothing beside it. A program named with its folder is not: it may be any program.</summary>
    public static bool Has(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.AsSpan().ContainsAny("&;|<>`$\n\r"))
        {
            return false;
        }

        var script = ShellParser.Parse(command);
        var reading = CommandReading.Of(script);
        if (ShortList.Problem(script) is not null || reading is not { Commands: [{ Direct: true, Assignments: [] } only], Redirects: [] } || only.Words.Any(word => !word.Plain || word.Marks is not WordMarks.None))
        {
            return false;
        }

        return s_known.Any(known => only.Texts.Count >= known.Words.Length && only.Texts.Take(known.Words.Length).SequenceEqual(known.Words)
            && only.Texts.Skip(known.Words.Length).All(word => known.Options.Contains(word) || IsInside(word)));
    }

    private static bool IsInside(string word) => word.Length > 0 && word[0] is not ('-' or '/' or '~') && !word.Split('/').Contains("..");
}
