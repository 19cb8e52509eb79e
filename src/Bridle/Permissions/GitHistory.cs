using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>What a command does with what a repository keeps of earlier times.</summary>
internal enum HistoryUse
{
    /// <summary>It shows no content.</summary>
    None,

    /// <summary>It lays files down in another folder, under the same names.</summary>
    Copies,

    /// <summary>It may show what files held.</summary>
    Prints,
}

/// <summary>What a command of git shows of history, read from its words. What is not known to show nothing, may show everything.</summary>
/// <param name="Use">What it does.</param>
/// <param name="What">The command in two words.</param>
internal sealed record GitHistory(HistoryUse Use, string What)
{
    private static readonly GitHistory s_none = new(HistoryUse.None, "");

    // Verbs that show names, numbers and messages at most.
    private static readonly FrozenSet<string> Quiet = FrozenSet.Create(
        "push", "fetch", "pull", "merge", "cherry-pick", "revert", "remote", "rm", "mv", "init", "gc", "prune", "switch", "describe", "rev-parse", "rev-list", "ls-files", "ls-tree", "ls-remote", "show-ref",
        "symbolic-ref", "name-rev", "merge-base", "check-ignore", "check-attr", "check-mailmap", "check-ref-format", "shortlog", "count-objects", "version", "help", "var", "clean", "submodule", "apply",
        "hash-object", "pack-refs", "repack", "maintenance", "sparse-checkout", "verify-pack", "verify-commit", "verify-tag", "write-tree", "credential", "blame", "annotate", "grep");

    // Options by which such a verb shows more, in full or abbreviated, and letters that do the same.
    private static readonly FrozenDictionary<string, (string Names, string Letters)> Telling = new Dictionary<string, (string, string)>
    {
        ["add"] = ("--patch --interactive --edit", "pie"), ["commit"] = ("--verbose --patch --interactive", "vp"), ["status"] = ("--verbose", "v"), ["reset"] = ("--patch", "p"), ["checkout"] = ("--patch", "p"),
        ["restore"] = ("--patch", "p"), ["rebase"] = ("--show-current-patch", ""), ["am"] = ("--show-current-patch", ""), ["fsck"] = ("--lost-found", ""), ["config"] = ("--blob", ""),
        ["notes"] = ("--reuse-message --reedit-message", "Cc"), ["tag"] = ("", ""), ["branch"] = ("", ""), ["for-each-ref"] = ("", ""), ["bisect"] = ("", ""),
    }.ToFrozenDictionary();

    private static readonly string[] Patches =
    [
        "--patch", "--patch-with-raw", "--patch-with-stat", "--unified", "--combined-all-paths", "--cc", "--dd", "--diff-merges", "--remerge-diff", "--word-diff", "--word-diff-regex", "--color-words", "--binary",
        "--function-context", "--check",
    ];

    // Options by which a commit only says what it would take up, and those that save opening an editor.
    private static readonly string[] Rehearsals = ["--dry-run", "--long", "--porcelain", "--short"];

    private static readonly string[] Messages = ["--message", "--file", "--reuse-message", "--no-edit", "--fixup"];

    private const string PatchLetters = "puUcmWL";

    // Options that make pathspecs mean less than they say.
    private static readonly string[] Widening = ["--full-diff", "--follow", "--stdin", "--pathspec-from-file"];

    private static readonly FrozenSet<string> Figures = FrozenSet.Create(
        "--stat", "--name-only", "--name-status", "--numstat", "--shortstat", "--dirstat", "--summary", "--raw", "--compact-summary", "-s", "--no-patch", "--quiet");

    private static readonly FrozenSet<string> LimitedByPaths = FrozenSet.Create("log", "whatchanged", "show", "diff", "format-patch", "diff-tree", "diff-index", "diff-files");

    private static readonly FrozenSet<string> PlainGlobals = FrozenSet.Create("-C", "--no-pager", "-P", "--no-optional-locks", "--no-replace-objects", "--no-lazy-fetch");

    private static readonly FrozenSet<string> PlainSettings = FrozenSet.Create("user", "author", "committer", "color", "advice", "safe", "core.pager", "core.editor", "core.quotepath", "core.abbrev");

    private static readonly FrozenSet<string> Viewers = FrozenSet.Create("tig", "gitk", "gitui", "lazygit", "gitg", "git-cola");

    private static readonly FrozenSet<string> OtherPrograms = FrozenSet.Create("hg", "jj", "svn", "fossil", "bzr");

    private static readonly FrozenSet<string> OtherPrints = FrozenSet.Create("cat", "diff", "log", "show", "annotate", "blame", "praise", "file", "export", "archive", "interdiff", "evolog", "obslog", "grep", "bundle", "extdiff", "artifact");

    // What can be nothing but a commit: a name of another kind of object shows that object, whatever stands beside it.
    private static readonly Regex Commit = new(
        @"^(([A-Z]+_)?HEAD|@|[A-Za-z0-9_][A-Za-z0-9_./+-]*(@\{([0-9]+|u|upstream|push)\})?([~^][0-9]*|\^\{commit\})+|(HEAD|@)?(@\{([0-9]+|u|upstream|push)\})?([~^][0-9]*)*)$", RegexOptions.CultureInvariant);

    /// <summary>The words behind the verb, or none.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The verb.</summary>
    public string Verb { get; private init; } = "";

    /// <summary>It works on a repository that its place does not tell, or under settings of its own.</summary>
    public bool Elsewhere { get; private init; }

    /// <summary>What settings make it print, and what to add against that; null where its words say it all.</summary>
    public string? Because { get; private init; }

    /// <summary>Settings make it print more than its words name.</summary>
    public bool IsWidened { get; private init; }

    /// <summary>Whether words behind <c>--</c> limit what it shows to the files that they name.</summary>
    public bool CanBeLimited => !IsWidened && LimitedByPaths.Contains(Verb) && !Options.Any(word => Has(word, Widening) || (word is ['-', not '-', ..] && word.Contains('L'))) && Operands.All(IsSafeBesidePaths);

    /// <summary>Whether it shows nothing but single files that it names, as <c>git show HEAD:a.cs</c>.</summary>
    public bool ShowsNamedOnly => !IsWidened && Verb is "show" or "cat-file" && Options.All(word => word is "-p" or "--no-color" or "--no-textconv" or "--no-ext-diff" || Figures.Contains(word)) && !Words.Contains("--")
        && Operands.SkipWhile(word => Verb is "cat-file" && word is "blob").ToList() is { Count: > 0 } named && named.All(IsNamedFile);

    /// <summary>The words before <c>--</c> that are no options.</summary>
    public IEnumerable<string> Operands => Words.TakeWhile(word => word != "--").Where(word => word is not ['-', _, ..]);

    private IEnumerable<string> Options => Words.TakeWhile(word => word != "--").Where(word => word is ['-', _, ..]);

    /// <summary>Reads a command.</summary>
    public static GitHistory Of(FoundCommand command)
    {
        var name = command.Name;
        if (Viewers.Contains(name) || (OtherPrograms.Contains(name) && command.Texts.Any(OtherPrints.Contains)))
        {
            return new(HistoryUse.Prints, name) { Elsewhere = true };
        }

        if (name is not "git" && !name.StartsWith("git-", StringComparison.Ordinal))
        {
            return s_none;
        }

        IReadOnlyList<string> words = name is "git" ? command.Texts : ["git", name[4..], .. command.Texts.Skip(1)];
        var at = GitVerbs.VerbAt(words);
        if (at >= words.Count)
        {
            return s_none;
        }

        var read = new GitHistory(HistoryUse.None, $"git {words[at]}") { Verb = words[at], Words = [.. words.Skip(at + 1)], Elsewhere = IsElsewhere(words, at) };
        return read with { Use = read.UseOf() };
    }

    /// <summary>Whether a word behind the verb names a file in history, and that file only; what the rules say of it is another question.</summary>
    public static bool IsNamedFile(string word)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || word[..colon].Contains("{/", StringComparison.Ordinal))
        {
            return false;
        }

        // ':2:a.cs' is a file of the index.
        var path = colon == 0 && word is [':', >= '0' and <= '3', ':', ..] ? word[3..] : word[(colon + 1)..];
        return path.Length > 0 && path[0] is not ('/' or '(' or '!' or '^') && !path.Contains(':');
    }

    /// <summary>What it shows where such settings are in force. They only ever add to it.</summary>
    public GitHistory Under(GitSettings settings)
    {
        if (!GitSettings.Concern(Verb) || ReferenceEquals(settings, GitSettings.None))
        {
            return this;
        }

        var shown = Verb is "stash" ? Operands.FirstOrDefault() is "show" : Verb is not "commit";
        var signs = Verb is "log" or "whatchanged" or "reflog" or "show" or "stash" && settings.SignatureProgram && !Words.Contains("--no-show-signature") && (settings.ShowsSignature || Words.Any(word => word.Contains("%G", StringComparison.Ordinal)));
        var patch = Verb is "stash" && shown && settings.StashPatch && !Options.Any();
        var programs = settings.Programs && shown && (Verb is "blame" or "annotate" || ((Use is HistoryUse.Prints || patch) && !(Words.Contains("--no-ext-diff") && Words.Contains("--no-textconv"))));
        var follows = settings.Follows && Verb is "log" && Use is HistoryUse.Prints && !Words.Contains("--no-follow") && Words.SkipWhile(word => word != "--").Count() < 3;
        var verbose = Verb is "commit" && !Words.Contains("--no-verbose") && (settings.CommitVerbose > 1 || (settings.CommitVerbose == 1 && (Options.Any(word => Has(word, Rehearsals)) || !HasMessage)));
        var why = patch ? "The setting stash.showPatch makes it: add --stat."
            : signs ? "Settings make it run a program that looks at signatures: add --no-show-signature."
            : programs ? $"The repository's settings name a program that shows files{(Verb is "blame" or "annotate" ? "." : ": add --no-ext-diff --no-textconv.")}"
            : follows ? "The setting log.follow makes it go on under earlier names: add --no-follow."
            : verbose ? "The setting commit.verbose makes it: add --no-verbose."
            : null;
        return why is null ? this with { Elsewhere = Elsewhere || settings.OtherFolder } : this with
        {
            Use = HistoryUse.Prints, IsWidened = true, Elsewhere = Elsewhere || settings.OtherFolder, Because = settings.IsUnknown ? "What git's settings make of it cannot be known." : why,
        };
    }

    /// <summary>The settings that stand before the verb, in force behind those that are given.</summary>
    public static GitSettings SettingsOf(FoundCommand command, GitSettings before)
    {
        var words = command.Texts;
        for (var i = 1; command.Name is "git" && i < GitVerbs.VerbAt(words); i++)
        {
            if (words[i] is "-c" && i + 1 < words.Count)
            {
                var named = words[++i].Split('=', 2);
                before = named[0].StartsWith("include", StringComparison.OrdinalIgnoreCase) ? GitSettings.Unknown : before.With(named[0].ToLowerInvariant(), named.Length > 1 ? named[1] : null, ofRepository: true, perhaps: false);
            }
            else if (words[i] is "-C")
            {
                i++;
            }
            else if (!PlainGlobals.Contains(words[i]))
            {
                return GitSettings.Unknown;
            }
        }

        return before;
    }

    private bool HasMessage => Options.Any(word => Has(word, Messages) || HasLetter(word, "mFC", ""));

    private HistoryUse UseOf() => Verb switch
    {
        "checkout" or "restore" or "reset" when Elsewhere => HistoryUse.Copies,
        "blame" or "annotate" when Elsewhere => HistoryUse.Prints,
        _ when Quiet.Contains(Verb) => HistoryUse.None,
        "worktree" => Operands.FirstOrDefault() is "add" ? HistoryUse.Copies : HistoryUse.None,
        "clone" => HistoryUse.Copies,
        "bisect" => Prints(Operands.FirstOrDefault() is "visualize" or "view"),
        "stash" when Operands.FirstOrDefault() is not ("list" or "show") => Prints(Options.Any(word => Has(word, ["--patch"]) || HasLetter(word, "p", "mSGnOIl"))),
        "stash" when Operands.First() is "show" => Prints(Options.Any(IsPatch) || (Options.Any() && !Options.Any(IsFigure))),
        "log" or "whatchanged" or "reflog" or "stash" or "diff-tree" or "diff-index" or "diff-files" => Prints(Options.Any(IsPatch)),
        "diff" when Words.Contains("--no-index") => HistoryUse.None,
        "diff" => Prints(!Options.Any(IsFigure) || Options.Any(IsPatch)),
        "show" => Prints(!Options.Any(IsFigure) || Options.Any(IsPatch) || !Operands.All(IsCommit)),
        "cat-file" => Prints(Options.Any(word => word.StartsWith("--b", StringComparison.Ordinal) && !IsBatchOfNames(word))
            || (!Options.Any(word => word is "-t" or "-s" or "-e" || IsBatchOfNames(word)) && !(Options.All(word => word is "-p") && ShowsNoFile(Operands)))),
        _ when Telling.TryGetValue(Verb, out var telling) => Prints(Options.Any(word => Has(word, telling.Names.Split(' ', StringSplitOptions.RemoveEmptyEntries)) || HasLetter(word, telling.Letters, "mFt")) || Words.Any(word => word.Contains("%(raw", StringComparison.Ordinal))),
        _ => HistoryUse.Prints,
    };

    private static HistoryUse Prints(bool prints) => prints ? HistoryUse.Prints : HistoryUse.None;

    private static bool IsElsewhere(IReadOnlyList<string> words, int verb)
    {
        for (var i = 1; i < verb; i++)
        {
            if (words[i] is "-c" && i + 1 < verb && (PlainSettings.Contains(words[i + 1].Split('.')[0].ToLowerInvariant()) || PlainSettings.Contains(words[i + 1].Split('=')[0].ToLowerInvariant())))
            {
                i++;
            }
            else if (!PlainGlobals.Contains(words[i]))
            {
                return true;
            }
            else
            {
                i += words[i] is "-C" ? 1 : 0;
            }
        }

        return false;
    }

    // Beside paths, log walks commits whatever it is given; the others show an object of another kind as a whole.
    private bool IsSafeBesidePaths(string word) => Verb is "log" or "whatchanged" or "format-patch" ? !word.Contains(':') : IsCommit(word);

    private static bool IsCommit(string word)
    {
        word = word.TrimStart('^');
        return word.Contains("...", StringComparison.Ordinal) ? !word.Contains(':')
            : word.Length > 0 && word.Split("..") is { Length: <= 2 } sides && Array.TrueForAll(sides, side => Commit.IsMatch(side));
    }

    private static bool IsFigure(string word) => Figures.Contains(word.Split('=')[0]);

    private static bool IsPatch(string word) => Has(word, Patches) || HasLetter(word, PatchLetters, "SGnOIl");

    private static bool Has(string word, string[] names) =>
        word is ['-', '-', _, ..] && word.Split('=')[0] is not "--color" and var name && Array.Exists(names, option => option.StartsWith(name, StringComparison.Ordinal));

    // What stands behind a letter that takes the rest of its word is no letter.
    private static bool HasLetter(string word, string letters, string valued) =>
        word is ['-', not '-', ..] && letters.Length > 0 && word.AsSpan(1).IndexOfAny(letters) is >= 0 and var at && word.AsSpan(1, at).IndexOfAny(valued) < 0;

    private static bool IsBatchOfNames(string word) => word.Split('=')[0] is "--batch-check" or "--batch-all-objects";

    // A commit with its message, or the names in a tree.
    private static bool ShowsNoFile(IEnumerable<string> operands) =>
        operands.SkipWhile(word => word is "commit" or "tree").ToList() is { Count: > 0 } named && named.TrueForAll(word => IsCommit(word) || word.EndsWith("^{tree}", StringComparison.Ordinal));
}
