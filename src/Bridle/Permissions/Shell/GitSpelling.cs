using System.Collections.Frozen;

namespace Bridle.Permissions.Shell;

/// <summary>
/// Verbs that git itself corrects: with <c>help.autocorrect</c>, which a setting of the person, of the repository or of the command turns on, it runs the one verb that is most like
/// a word that is none. Like git's <c>help_unknown_cmd</c>, with its weights.
/// </summary>
internal static class GitSpelling
{
    private const int TooFar = 7;

    private static readonly FrozenSet<string> Verbs = (
        "add am annotate apply archimport archive bisect blame branch bugreport bundle cat-file check-attr check-ignore check-mailmap check-ref-format checkout checkout-index cherry cherry-pick citool clean clone column commit "
        + "commit-graph commit-tree config count-objects credential credential-cache credential-store cvsexportcommit cvsimport cvsserver daemon describe diagnose diff diff-files diff-index diff-tree difftool fast-export fast-import "
        + "fetch fetch-pack filter-branch fmt-merge-msg for-each-ref for-each-repo format-patch fsck fsck-objects gc get-tar-commit-id grep gui hash-object help hook http-backend http-fetch http-push imap-send index-pack init "
        + "init-db instaweb interpret-trailers gitk log ls-files ls-remote ls-tree mailinfo mailsplit maintenance merge merge-base merge-file merge-index merge-one-file merge-ours merge-recursive merge-subtree merge-tree mergetool "
        + "mktag mktree multi-pack-index mv name-rev notes p4 pack-objects pack-redundant pack-refs patch-id pickaxe prune prune-packed pull push quiltimport range-diff read-tree rebase receive-pack reflog remote remote-ext remote-fd "
        + "repack replace replay request-pull rerere reset restore rev-list rev-parse revert rm scalar send-email send-pack shell shortlog show show-branch show-index show-ref sparse-checkout stage stash status stripspace submodule svn "
        + "switch symbolic-ref tag unpack-file unpack-objects update-index update-ref update-server-info upload-archive upload-pack var verify-commit verify-pack verify-tag version web--browse whatchanged worktree write-tree").Split(' ').ToFrozenSet();

    // Tools that are called through git without being of it.
    private static readonly FrozenSet<string> Beside = FrozenSet.Create(
        "lfs", "flow", "annex", "crypt", "secret", "town", "absorb", "branchless", "machete", "subtree", "subrepo", "extras", "filter-repo", "cliff", "delta", "gone", "hub", "review", "credential-manager", "credential-osxkeychain", "credential-libsecret", "jump");

    // git does not choose among verbs that begin with the word.
    private static readonly string[] s_common =
        ["clone", "init", "add", "mv", "restore", "rm", "bisect", "diff", "grep", "log", "show", "status", "backfill", "branch", "commit", "merge", "rebase", "reset", "switch", "tag", "fetch", "pull", "push"];

    /// <summary>Whether a word is a verb of git's own.</summary>
    public static bool IsVerb(string word) => Verbs.Contains(word);

    /// <summary>The verbs that git may take a word for which is none; mostly none or one.</summary>
    public static IReadOnlyList<string> Like(string word)
    {
        if (word.Length is 0 or > 30 || Verbs.Contains(word) || Beside.Contains(word) || Array.Exists(s_common, verb => verb.StartsWith(word, StringComparison.Ordinal)))
        {
            return [];
        }

        var (best, like) = (TooFar, new List<string>());
        foreach (var verb in Verbs)
        {
            var distance = Distance(word, verb) + 1;
            if (distance < best)
            {
                (best, like) = (distance, []);
            }

            if (distance == best && best < TooFar)
            {
                like.Add(verb);
            }
        }

        // Among several git chooses none; what is installed beside it may make one more or less.
        return like.Count <= 2 ? like : [];
    }

    // Letters in the wrong order cost nothing, one for another 2, one too few 1, one too many 3.
    private static int Distance(string from, string to)
    {
        var (before, last, now) = (new int[to.Length + 1], new int[to.Length + 1], new int[to.Length + 1]);
        for (var i = 0; i <= to.Length; i++)
        {
            last[i] = i;
        }

        for (var i = 0; i < from.Length; i++)
        {
            now[0] = (i + 1) * 3;
            for (var j = 0; j < to.Length; j++)
            {
                var cost = last[j] + (from[i] == to[j] ? 0 : 2);
                if (i > 0 && j > 0 && from[i - 1] == to[j] && from[i] == to[j - 1])
                {
                    cost = Math.Min(cost, before[j - 1]);
                }

                now[j + 1] = Math.Min(cost, Math.Min(last[j + 1] + 3, now[j] + 1));
            }

            (before, last, now) = (last, now, before);
        }

        return last[to.Length];
    }
}
