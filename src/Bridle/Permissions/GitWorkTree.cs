using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>Verbs of git that may change files of the work tree which their words do not name.</summary>
internal static class GitWorkTree
{
    private static readonly FrozenSet<string> Always = FrozenSet.Create(
        "am", "checkout-index", "cherry-pick", "filter-branch", "merge", "merge-octopus", "merge-ours", "merge-recursive", "merge-resolve", "merge-subtree", "pull",
        "read-tree", "rebase", "revert", "sparse-checkout", "subtree", "switch");

    // Verbs whose words name the files, unless they name a list of them.
    private static readonly FrozenSet<string> Named = FrozenSet.Create("restore", "rm", "checkout", "reset", "stash");

    private static readonly FrozenSet<string> StashesNothing = FrozenSet.Create("list", "show", "drop", "clear", "create", "store");

    private static readonly string[] ResetsFiles = ["--hard", "--merge", "--keep"];

    private static readonly string[] OnlySays = ["--check", "--stat", "--numstat", "--summary", "--cached"];

    /// <summary>Whether the command may change such files. Looks at the words alone; an abbreviation of an option counts as the option.</summary>
    public static bool MayChange(IReadOnlyList<string> words)
    {
        var at = GitVerbs.VerbAt(words);
        if (at >= words.Count)
        {
            return false;
        }

        var rest = words.Skip(at + 1).ToList();
        return words[at] switch
        {
            var verb when Named.Contains(verb) && rest.Exists(word => word.StartsWith("--pathspec-f", StringComparison.Ordinal)) => true,
            "reset" => rest.Exists(word => word.Length > 2 && ResetsFiles.Any(option => option.StartsWith(word, StringComparison.Ordinal))),
            "stash" => rest is [] || !StashesNothing.Contains(rest[0]),
            "clean" => !rest.Exists(word => word is "--dry-run" || word is ['-', not '-', ..] && word.Contains('n')),
            "apply" => !rest.Exists(OnlySays.Contains) || rest.Exists(word => word is "--apply" or "--index" or "-3" or "--3way"),
            "submodule" => rest.Exists(word => word is "update" or "deinit" or "add"),
            "checkout" => !rest.Contains("--"),
            "bisect" => !rest.Exists(word => word is "log" or "view" or "visualize" or "terms" or "help"),
            var verb => Always.Contains(verb),
        };
    }
}
