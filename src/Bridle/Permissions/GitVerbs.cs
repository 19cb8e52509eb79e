using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>What git's verbs and options can do beside what they look like.</summary>
internal static class GitVerbs
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        "add", "am", "apply", "archive", "bisect", "blame", "branch", "cat-file", "check-ignore", "checkout", "cherry-pick", "clean", "clone", "commit", "config",
        "describe", "diff", "difftool", "fetch", "format-patch", "for-each-ref", "gc", "grep", "init", "log", "ls-files", "ls-remote", "ls-tree", "merge", "merge-base",
        "mergetool", "mv", "name-rev", "notes", "pull", "push", "range-diff", "rebase", "reflog", "remote", "reset", "restore", "rev-list", "rev-parse", "revert", "rm",
        "shortlog", "show", "show-ref", "stash", "status", "submodule", "switch", "symbolic-ref", "tag", "version", "whatchanged", "worktree");

    // Options that run a program, write a file or read one that was not named; also every abbreviation of them that git takes.
    private static readonly string[] Dangerous =
    [
        "--output", "--output-directory", "--ext-diff", "--textconv", "--filters", "--upload-pack", "--receive-pack", "--exec", "--extcmd", "--tool", "--config", "--config-env",
        "--template", "--open-files-in-pager", "--no-index", "--contents", "--unsafe-paths", "--separate-git-dir", "--exec-path", "--git-dir", "--work-tree", "--paginate",
        "--edit", "--editor", "--gpg-sign", "--show-signature", "--sign", "--signed", "--strategy", "--run", "--cmd", "--smtp-server", "--httpd", "--file", "--global", "--system", "--hook-path",
    ];

    // Verbs whose operands are commands, or that write configuration: only a rule that names the operand covers them.
    private static readonly FrozenDictionary<string, string> Operands = new Dictionary<string, string>
    {
        ["bisect"] = "run", ["submodule"] = "foreach", ["rebase"] = "-x", ["config"] = "*", ["difftool"] = "*", ["mergetool"] = "*", ["stash"] = "!", ["remote"] = "add",
    }.ToFrozenDictionary();

    // Verbs that look. The first of them are on the built-in list of harmless commands; none of them changes a file, as long as no dangerous option stands behind it.
    private static readonly FrozenSet<string> Looks = FrozenSet.Create("status", "log", "diff", "show", "blame", "rev-parse", "ls-files", "ls-tree", "describe", "shortlog");

    private static readonly FrozenSet<string> AlsoLooks = FrozenSet.Create(
        "grep", "cat-file", "check-ignore", "for-each-ref", "merge-base", "name-rev", "range-diff", "rev-list", "show-ref", "whatchanged", "version");

    // Verbs that take files up and leave them as they are.
    private static readonly FrozenSet<string> TakesUp = FrozenSet.Create("add", "commit", "push");

    // What may stand before a verb that looks: where it looks, and how it prints.
    private static readonly FrozenSet<string> PlainGlobals = FrozenSet.Create(
        "-C", "--git-dir", "--work-tree", "--namespace", "--no-pager", "-P", "--no-optional-locks", "--literal-pathspecs", "--no-replace-objects", "--bare");

    private static readonly FrozenSet<string> ConfigReads = FrozenSet.Create("--get", "--get-all", "--get-regexp", "--list", "-l", "get", "list", "--show-origin", "--name-only");

    /// <summary>Whether the command may change git's settings: a name alone is read.</summary>
    public static bool SetsUp(IReadOnlyList<string> words) => VerbAt(words) is var verb && verb < words.Count && words[verb] is "config" && !words.Skip(verb + 1).Any(ConfigReads.Contains)
        && words.Skip(verb + 1).Where(word => word is not ("--local" or "--global" or "--worktree")).ToList() is not [not ['-', ..]];

    /// <summary>Whether it is a verb of git's own, which no alias can be.</summary>
    public static bool IsKnown(string verb) => Known.Contains(verb);

    /// <summary>Every option that no rule for its verb covers.</summary>
    internal static IReadOnlyList<string> DangerousOptions => Dangerous;

    /// <summary>The words without options that stand before the verb.</summary>
    public static IReadOnlyList<string> SkipGlobalOptions(IReadOnlyList<string> words)
    {
        var verb = VerbAt(words);
        return [words[0], .. words.Skip(verb)];
    }

    /// <summary>Whether the command is on the built-in list: a looking verb right behind 'git', with harmless options.</summary>
    public static bool IsHarmless(IReadOnlyList<string> words) => words.Count > 1 && IsLook(words, 1) && Uncovered(words, 2) is null;

    /// <summary>Whether the command changes no file, wherever -C or --git-dir let it look.</summary>
    public static bool OnlyLooks(IReadOnlyList<string> words)
    {
        var verb = VerbAt(words);
        return verb < words.Count && (IsLook(words, verb) || AlsoLooks.Contains(words[verb])) && ArePlain(words, verb) && Uncovered(words, verb + 1) is null;
    }

    /// <summary>Whether the command reads the file that a word names and changes nothing but the repository's own records.</summary>
    public static bool TakesUpOnly(IReadOnlyList<string> words, string word)
    {
        var verb = VerbAt(words);
        return verb < words.Count && TakesUp.Contains(words[verb]) && !words.Take(verb + 1).Contains(word) && ArePlain(words, verb) && Uncovered(words, verb + 1) is null;
    }

    /// <summary>Why a rule that names the first <paramref name="named"/> words does not cover the rest, or null.</summary>
    public static string? Uncovered(IReadOnlyList<string> words, int named)
    {
        var verb = VerbAt(words);
        if (verb != 1 && named <= verb)
        {
            return $"'{words[1]}' stands before git's verb";
        }

        if (verb >= words.Count)
        {
            return null;
        }

        if (!Known.Contains(words[verb]) && named <= verb)
        {
            return $"'git {words[verb]}' may be an alias for any command";
        }

        for (var i = Math.Max(named, verb + 1); i < words.Count; i++)
        {
            if (WordProblem(words, verb, i) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? WordProblem(IReadOnlyList<string> words, int verb, int at)
    {
        var word = words[at];
        if (word is ['-', '-', _, ..])
        {
            var name = word.Split('=')[0];
            if (words[verb] is "config" && ConfigReads.Contains(name))
            {
                return null;
            }

            // --output-indicator-new and --textual are longer than what is dangerous, --outp is an abbreviation of it.
            return Dangerous.Any(option => option.StartsWith(name, StringComparison.Ordinal)) ? $"'{name}' can run programs or write files" : null;
        }

        if (word is ['-', _, ..])
        {
            return ShortProblem(words[verb], word);
        }

        if (word.Contains("::", StringComparison.Ordinal))
        {
            return $"'{word}' names a transport program";
        }

        return Operands.GetValueOrDefault(words[verb]) switch
        {
            "*" when words[verb] is "config" && words.Any(ConfigReads.Contains) => null,
            "*" => $"'git {words[verb]}' can set up or run programs",
            { } operand when word == operand => $"'git {words[verb]} {operand}' needs a rule that names it",
            _ => null,
        };
    }

    private static string? ShortProblem(string verb, string word)
    {
        var bad = verb switch
        {
            "archive" or "format-patch" => "o",
            "diff" or "log" or "show" or "grep" => "O",
            "clone" or "ls-remote" => "uc",
            "fetch" or "pull" or "push" => "",
            "rebase" => "xi",
            "difftool" => "xt",
            "commit" or "tag" or "merge" => "SFtes",
            "config" => "ef",
            _ => "",
        };
        return word.AsSpan(1).IndexOfAny(bad) >= 0 ? $"'{word}' can run programs or use other files" : null;
    }

    private static bool IsLook(IReadOnlyList<string> words, int verb) =>
        Looks.Contains(words[verb])
        || (words[verb] is "branch" && words.Skip(verb + 1).All(word => word is "-a" or "-r" or "-v" or "-vv" or "--list" or "--all" or "--show-current"))
        || (words[verb] is "remote" && words.Skip(verb + 1).All(word => word is "-v"));

    // Whether nothing before the verb sets anything that git could run.
    private static bool ArePlain(IReadOnlyList<string> words, int verb)
    {
        for (var i = 1; i < verb; i += GlobalOptions.Git.TakesValue(words[i]) ? 2 : 1)
        {
            if (!PlainGlobals.Contains(words[i].Split('=')[0]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Which word is the verb; their number when there is none.</summary>
    internal static int VerbAt(IReadOnlyList<string> words)
    {
        var i = 1;
        while (i < words.Count && words[i] is ['-', ..])
        {
            i += GlobalOptions.Git.TakesValue(words[i]) ? 2 : 1;
        }

        return Math.Min(i, words.Count);
    }
}
