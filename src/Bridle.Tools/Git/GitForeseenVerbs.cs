using System.Collections.Frozen;

namespace Bridle.Tools.Git;

/// <summary>
/// Which files of the work tree the verbs of git change that name none. The answer is never too small: what git would find out by guessing (files under new names) makes it unknown.
/// </summary>
internal static class GitForeseenVerbs
{
    private static readonly string[] s_differences = ["--name-only", "-z", "--no-renames", "--no-relative", "--no-ext-diff", "--no-textconv"];

    private static readonly FrozenSet<string> MergeFlags = FrozenSet.Create(
        "--no-ff", "--ff", "--ff-only", "-q", "--quiet", "--no-edit", "--commit", "--no-commit", "--squash", "--no-squash", "--stat", "-n", "--no-stat", "--no-verify", "--signoff", "--no-signoff", "--no-autostash",
        "--no-log", "--no-progress", "--allow-unrelated-histories");

    private static readonly FrozenSet<string> PickFlags = FrozenSet.Create("-n", "--no-commit", "-x", "-s", "--signoff", "--ff", "--allow-empty", "--allow-empty-message", "--keep-redundant-commits", "--no-edit");

    private static readonly FrozenSet<string> SwitchFlags = FrozenSet.Create(
        "-q", "--quiet", "-f", "--force", "--discard-changes", "-d", "--detach", "-m", "--merge", "--no-progress", "--guess", "--no-guess", "-t", "--track", "--no-track", "--overwrite-ignore");

    private static readonly FrozenSet<string> SwitchMakes = FrozenSet.Create("-b", "-B", "-c", "-C", "--create", "--force-create");

    /// <summary>Their names from the top of the repository; null where nobody knows.</summary>
    public static IEnumerable<string>? FilesOf(GitLook git, string verb, IReadOnlyList<string> words) => verb switch
    {
        _ when words.Any(word => word.StartsWith("--pathspec-f", StringComparison.Ordinal)) => null,
        "reset" => Reset(git, words),
        "checkout" or "switch" => Switch(git, verb, words),
        "stash" => Stash(git, words),
        "merge" => Merge(git, words),
        "rebase" => Rebase(git, words),
        "cherry-pick" or "revert" => Pick(git, verb, words),
        "clean" => Clean(git, words),
        _ => null,
    };

    // What differs between the files as they are and a commit.
    private static IReadOnlyList<string>? FilesUnlike(GitLook git, string? commit) => commit is null ? null : git.Lines("diff", [.. s_differences, commit, "--"]);

    private static IReadOnlyList<string>? Between(GitLook git, string? one, string? other) => one is null || other is null ? null : git.Lines("diff", [.. s_differences, one, other, "--"]);

    private static IReadOnlyList<string>? Reset(GitLook git, IReadOnlyList<string> words)
    {
        var (flags, operands) = Split(Spread(words, "q"));
        if (flags.Any(flag => flag is not ("--hard" or "--merge" or "--keep" or "-q" or "--quiet" or "--no-refresh")) || operands.Count > 1)
        {
            return null;
        }

        var target = git.Commit(operands.Count == 0 ? "HEAD" : operands[0]);
        return flags.Contains("--keep") ? Between(git, git.Commit("HEAD"), target) : FilesUnlike(git, target);
    }

    private static IReadOnlyList<string>? Switch(GitLook git, string verb, IReadOnlyList<string> words)
    {
        words = Spread(words, "qfdmtbBcC");
        var (operands, force, makes) = (new List<string>(), false, false);
        for (var i = 0; i < words.Count; i++)
        {
            if (SwitchMakes.Contains(words[i]))
            {
                (makes, i) = (true, i + 1);
            }
            else if (words[i] is ['-', _, ..])
            {
                force |= words[i] is "-f" or "--force" or "--discard-changes";
                if (!SwitchFlags.Contains(words[i]))
                {
                    return null;
                }
            }
            else
            {
                operands.Add(words[i]);
            }
        }

        var head = git.Commit("HEAD");
        if (operands.Count == 0)
        {
            return force ? FilesUnlike(git, head) : [];
        }

        var named = operands[0] is "-" ? "@{-1}" : operands[0];
        var target = git.Commit(named) ?? (makes ? null : git.Commit($"refs/remotes/origin/{named}"));
        if (operands.Count > 1 || target is null)
        {
            // Files of the index, or of the commit that is named before them.
            return verb is not "checkout" || makes ? null : git.LinesHere("diff", [.. s_differences, .. target is null ? [] : new[] { target }, "--", .. operands.Skip(target is null ? 0 : 1)]);
        }

        return force ? Union(FilesUnlike(git, target), Between(git, head, target)) : Between(git, head, target);
    }

    private static IReadOnlyList<string>? Stash(GitLook git, IReadOnlyList<string> words)
    {
        var what = words is [not ['-', ..] and var first, ..] ? first : "push";
        var (flags, operands) = Split(Spread(what is "push" && words is [['-', ..], ..] or [] ? words : [.. words.Skip(1)], "qukaS"), "-m", "--message");
        switch (what)
        {
            case "push" or "save":
                // With files it takes those alone; to 'save' they are words of a message.
                if (what is "push" && operands.Count > 0)
                {
                    return git.Commit("HEAD") is { } now ? Union(git.LinesHere("diff", [.. s_differences, now, "--", .. operands]), git.LinesHere("ls-files", ["-z", "--others", "--full-name", "--", .. operands])) : null;
                }

                var (others, all) = (flags.Any(flag => flag is "-u" or "--include-untracked"), flags.Any(flag => flag is "-a" or "--all"));
                return flags.All(flag => flag is "-q" or "--quiet" or "-k" or "--keep-index" or "--no-keep-index" or "-u" or "--include-untracked" or "-a" or "--all" or "-S" or "--staged" || flag is ['-', 'm', ..] || flag.StartsWith("--message=", StringComparison.Ordinal))
                    ? Union(FilesUnlike(git, git.Commit("HEAD")), all ? git.Lines("ls-files", "-z", "--others") : others ? git.Lines("ls-files", "-z", "--others", "--exclude-standard") : [])
                    : null;
            case "pop" or "apply" when flags.All(flag => flag is "--index" or "-q" or "--quiet") && operands.Count < 2:
                var name = operands.Count == 0 ? "stash@{0}" : operands[0].All(char.IsAsciiDigit) ? $"stash@{{{operands[0]}}}" : operands[0];
                var untracked = git.Commit($"{name}^3") is { } third ? git.Lines("ls-tree", "-r", "-z", "--name-only", "--full-tree", third) : [];
                return git.Commit(name) is { } stash ? Union(Known(git, "diff", ["--name-status", .. s_differences.Skip(1), $"{stash}^1", stash, "--"]), untracked) : null;
            default:
                return null;
        }
    }

    private static IReadOnlyList<string>? Merge(GitLook git, IReadOnlyList<string> words)
    {
        var (flags, operands) = Split(Spread(words, "qnm"), "-m", "--message", "--into-name");
        if (flags is ["--abort"] && operands.Count == 0)
        {
            return FilesUnlike(git, git.Commit("HEAD"));
        }

        if (flags is ["--continue"] or ["--quit"] && operands.Count == 0)
        {
            return [];
        }

        if (!flags.All(MergeFlags.Contains) || git.Commit("HEAD") is not { } head)
        {
            return null;
        }

        IReadOnlyList<string>? found = [];
        foreach (var operand in operands.DefaultIfEmpty("@{upstream}"))
        {
            // Without a common ancestor git refuses, or takes all of the other side in.
            if (git.Commit(operand) is not { } other || git.Lines("merge-base", "--all", head, other) is not [var starts])
            {
                return null;
            }

            foreach (var start in starts.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                found = Union(found, Known(git, "diff", ["--name-status", .. s_differences.Skip(1), start, other, "--"]));
            }
        }

        return found;
    }

    private static IReadOnlyList<string>? Rebase(GitLook git, IReadOnlyList<string> words)
    {
        var (flags, operands) = Split(Spread(words, "q"));
        return flags is ["--quit"] or ["--edit-todo"] && operands.Count == 0 ? []
            : flags.All(flag => flag is "-q" or "--quiet" or "--no-autostash" or "--keep-empty" or "--no-verify" or "--no-stat") && operands.Count < 2
                && git.Commit(operands.Count == 0 ? "@{upstream}" : operands[0]) is { } onto && git.Commit("HEAD") is { } head
                ? Union(Between(git, head, onto), Logged(git, $"{onto}...{head}"))
                : null;
    }

    private static IReadOnlyList<string>? Pick(GitLook git, string verb, IReadOnlyList<string> words)
    {
        var (flags, operands) = Split(Spread(words, "nxsm"), "-m", "--mainline");
        return flags is ["--quit"] && operands.Count == 0 ? [] : flags.All(PickFlags.Contains) && operands.Count > 0 && !operands.Any(one => one is ['-', ..]) ? Logged(git, ["--no-walk", .. operands], backwards: verb is "revert") : null;
    }

    private static IReadOnlyList<string>? Clean(GitLook git, IReadOnlyList<string> words)
    {
        var (flags, operands) = Split(words, "-e", "--exclude");
        if (!flags.All(flag => flag is "--force" or "--quiet" || (flag is ['-', not '-', ..] && flag.AsSpan(1).IndexOfAnyExcept("fdxXq") < 0)))
        {
            return null;
        }

        string[] which = flags.Any(flag => flag is ['-', not '-', ..] && flag.AsSpan(1).IndexOfAny("xX") >= 0) ? [] : ["--exclude-standard"];
        var found = git.LinesHere("ls-files", ["-z", "--others", "--full-name", .. which, "--", .. operands]);

        // Another repository inside stands there as one folder; it is taken away when that is said twice.
        return flags.Sum(flag => flag is "--force" ? 1 : flag is ['-', not '-', ..] ? flag.Count(letter => letter == 'f') : 0) > 1 ? found : found?.Where(file => !file.EndsWith('/')).ToList();
    }

    private static IReadOnlyList<string>? Logged(GitLook git, params string[] what) => Logged(git, what, backwards: false);

    private static IReadOnlyList<string>? Logged(GitLook git, string[] what, bool backwards) =>
        Known(git, "log", ["--name-status", "-m", "--format=", "--no-show-signature", "--no-follow", .. s_differences.Skip(1), .. what, "--"], backwards);

    // What a change touches, when it is laid over the commit that is checked out. A file that is not there under that name git looks for under others.
    private static IReadOnlyList<string>? Known(GitLook git, string verb, IReadOnlyList<string> arguments, bool backwards = false)
    {
        if (git.Lines(verb, arguments) is not { } lines || git.Lines("ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD") is not { } there)
        {
            return null;
        }

        var (files, present) = (new List<string>(), there.ToHashSet(StringComparer.Ordinal));
        for (var i = 0; i + 1 < lines.Count; i += 2)
        {
            var (status, name) = (lines[i].Trim('\n'), lines[i + 1]);
            if (status is not ("A" or "M" or "D" or "T") || (status != (backwards ? "D" : "A") && !present.Contains(name)))
            {
                return null;
            }

            files.Add(name);
        }

        return lines.Count % 2 == 0 ? files : null;
    }

    private static IReadOnlyList<string>? Union(IReadOnlyList<string>? one, IReadOnlyList<string>? other) => one is null || other is null ? null : other.Count == 0 ? one : [.. one, .. other];

    // Letters that stand together, one by one: -qf is -q -f.
    private static IReadOnlyList<string> Spread(IReadOnlyList<string> words, string letters) =>
        [.. words.TakeWhile(word => word is not "--").SelectMany(word => word is ['-', not '-', _, ..] && word.AsSpan(1).IndexOfAnyExcept(letters) < 0 ? word.Skip(1).Select(letter => $"-{letter}") : [word]), .. words.SkipWhile(word => word is not "--")];

    // Options, and what are none; the value of one that takes a word is neither.
    private static (IReadOnlyList<string> Flags, IReadOnlyList<string> Operands) Split(IReadOnlyList<string> words, params string[] withValue)
    {
        var (flags, operands) = (new List<string>(), new List<string>());
        for (var i = 0; i < words.Count; i++)
        {
            if (withValue.Contains(words[i]))
            {
                i++;
            }
            else if (words[i] is "--")
            {
                operands.AddRange(words.Skip(i + 1));
                break;
            }
            else
            {
                (words[i] is ['-', _, ..] ? flags : operands).Add(words[i]);
            }
        }

        return (flags, operands);
    }
}
