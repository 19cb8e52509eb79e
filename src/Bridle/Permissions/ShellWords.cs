using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Bridle.Permissions;

/// <summary>What single words mean to a shell.</summary>
internal static class ShellWords
{
    public static readonly FrozenSet<string> Keywords = FrozenSet.Create(
        "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "in", "function", "select",
        "time", "coproc", "{", "}", "!", "[[", "]]", "((", "))");

    public static readonly FrozenSet<string> Shells = FrozenSet.Create(
        "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "csh", "tcsh", "rbash", "pwsh",
        "yash", "posh", "oksh", "lksh", "pdksh", "rksh", "rzsh", "hush", "sash", "osh", "ysh", "bsh", "scsh", "nu", "elvish", "xonsh", "murex", "powershell");

    // Programs that are installed under names with a version or a way of building in them: vim.basic, bash-5.2, ksh93.
    private static readonly FrozenSet<string> Versioned = FrozenSet.Create(
        [.. Shells, "emacs", "emacsclient", "gdb", "lldb", "awk", "gawk", "mawk", "nawk", "sed", "gsed", "make", "gmake", "busybox", "lua", "ruby", "perl", "php", "node", "nc", "less", "git"]);

    private static readonly Regex Version = new(
        @"^(?<stem>[a-z]+?)(?:[-.]?[0-9][0-9.]*[a-z]?)?(?:[-.](?:static|basic|tiny|nox|gtk[0-9]?|athena|lucid|pgtk|motif|multiarch|minimal|x11|huge|real|distrib|bin|beta|dbg|exe))*$", RegexOptions.CultureInvariant);

    private static readonly Regex Python = new(@"^(?<stem>(?:python|pypy)[23]?)(?:\.[0-9]+)*(?:-dbg|\.exe)?$", RegexOptions.CultureInvariant);

    // The program that loads others: ld-linux-x86-64.so.2, ld-musl-aarch64.so.1, ld-2.31.so.
    private static readonly Regex Loader = new(@"^(ld-(linux|musl|lsb|uclibc|elf|[0-9.]+so)|ld64?\.so|libc\.musl)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>What makes <c>find</c> run a program.</summary>
    public static readonly FrozenSet<string> FindActions = FrozenSet.Create("-exec", "-execdir", "-ok", "-okdir");

    public static string NameOf(string program)
    {
        var slash = program.LastIndexOf('/');
        return slash < 0 ? program : program[(slash + 1)..];
    }

    /// <summary>What a program is, where its name also tells its version or how it was built; else its name.</summary>
    public static string KindOf(string program)
    {
        var name = NameOf(program);
        if (name.AsSpan().IndexOfAnyExceptInRange('a', 'z') < 0)
        {
            return name;
        }

        return Python.Match(name) is { Success: true } python ? python.Groups["stem"].Value
            : Version.Match(name) is { Success: true } version && IsVersioned(version.Groups["stem"].Value) ? version.Groups["stem"].Value
            : name;
    }

    private static bool IsVersioned(string stem) => Versioned.Contains(stem) || Shell.EditorScripts.IsVi(stem);

    /// <summary>Whether words after the first are, or may be, run as a command.</summary>
    public static bool RunsItsArguments(IReadOnlyList<string> words)
    {
        var name = KindOf(words[0]);
        return RunningPrograms.Of(name) is { Always: true }
            || Loader.IsMatch(name)
            || (Shells.Contains(name) && words.Skip(1).Any(word => word is ['-' or '+', ..]))
            || (name is "find" && words.Any(FindActions.Contains))
            || (name is "jobs" && words.Any(word => word is ['-', ..] && word.Contains('x')));
    }

    /// <summary>Which word of a shell's command line is the text that <c>-c</c> runs; 0 when there is none.</summary>
    public static int ScriptOf(IReadOnlyList<string> words)
    {
        var runsText = false;
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] is "--rcfile" or "--init-file")
            {
                i++;
            }
            else if (words[i] is "-" or "--")
            {
                return runsText && i + 1 < words.Count ? i + 1 : 0;
            }
            else if (words[i] is not ['-' or '+', ..])
            {
                return runsText ? i : 0;
            }
            else if (words[i] is not ['-', '-', ..])
            {
                runsText |= words[i].Contains('c');
                i += words[i].Count(letter => letter is 'o' or 'O');
            }
        }

        return 0;
    }

    /// <summary>Whether a name stands for what a program is given on its input, or for something else that is open, and not for a file.</summary>
    public static bool IsInput(string file)
    {
        var parts = new List<string>();
        foreach (var part in file.Split('/'))
        {
            if (part is "..")
            {
                parts.RemoveRange(Math.Max(parts.Count - 1, 0), Math.Min(parts.Count, 1));
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return file is "-" || (file is ['/', ..] or ['.', '.', '/', ..] && parts is ["dev" or "proc", _, ..]);
    }

    /// <summary>Which word of a shell's command line without <c>-c</c> is the file that it runs; 0 when it runs its input.</summary>
    public static int FileOf(IReadOnlyList<string> words)
    {
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] is "-" or "--")
            {
                return i + 1 < words.Count ? i + 1 : 0;
            }

            if (words[i] is not ['-' or '+', ..])
            {
                return i;
            }

            if (words[i] is "--rcfile" or "--init-file")
            {
                i++;
            }
            else if (words[i] is not ['-', '-', ..])
            {
                if (words[i].Contains('s'))
                {
                    return 0;
                }

                i += words[i].Count(letter => letter is 'o' or 'O');
            }
        }

        return 0;
    }
}
