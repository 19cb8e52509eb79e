using System.Collections.Frozen;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>
/// Programs that run and load nothing of the folder in which they are started but what their words name: no configuration from there, no plugin, no program beside it. Any other may,
/// so a hook that came with a project and starts one runs inside the sandbox.
/// </summary>
internal static class HarmlessPrograms
{
    private static readonly FrozenSet<string> s_all = (
        // What the shell does itself. What takes a text to run is read before.
        ": [ test true false echo printf pwd read exit return break continue shift set unset wait umask ulimit times type getopts let jobs bg fg disown shopt kill export "
        // Texts.
        + "cat tac head tail tee cut paste tr sort uniq wc nl fold fmt column rev expand unexpand comm join diff cmp grep egrep fgrep zgrep zcat sed gsed awk gawk mawk nawk jq yq rg xxd od hexdump strings shuf tsort numfmt seq expr bc "
        // Files: those that write are looked at for what they write.
        + "ls stat file find basename dirname realpath readlink mktemp touch mkdir rmdir rm cp mv ln chmod du df truncate sync tree which whereis "
        // Sums.
        + "cksum sum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum shasum md5 base32 base64 basenc "
        // The machine.
        + "date sleep uname hostname whoami id groups logname users who uptime nproc free arch locale getconf tty stty tput clear printenv ps pgrep pidof pkill killall logger yes "
        // What tells people.
        + "notify-send terminal-notifier osascript say afplay paplay aplay pw-play canberra-gtk-play wall curl git").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // They say whether a file is there, or what it is called, and never what is in it.
    private static readonly FrozenSet<string> s_blind = FrozenSet.Create("[", "test", "echo", "printf", "ls", "stat", "basename", "dirname", "realpath", "readlink", "exit", "which", "type");

    // They read what is there. What writes git's index or refs runs the repository's hooks, which may lie in the folder.
    private static readonly FrozenSet<string> s_looks = FrozenSet.Create("rev-parse", "log", "show", "rev-list", "merge-base", "for-each-ref", "name-rev", "shortlog", "ls-files", "ls-tree", "cat-file");

    private const string CurlWrites = "oOJDcK", CurlTakes = "AbCdeEFhHmPQrtTuUwxXyYz";

    /// <summary>Whether it reads no file that its words name.</summary>
    public static bool ReadsNothing(string name) => s_blind.Contains(name);

    /// <summary>Why a command may take something from the folder that its words do not name, in words that go on "it …"; null where it takes nothing.</summary>
    /// <param name="name">The program.</param>
    /// <param name="words">The whole command.</param>
    /// <param name="root">The folder where it runs, when that is certain.</param>
    public static string? WhyNot(string name, IReadOnlyList<string> words, string? root) =>
        !s_all.Contains(name) ? $"starts '{name}', which is not known to take nothing from the folder"
        : name switch
        {
            "git" => LooksOnly(words, root) ? null : "starts 'git' for more than a look at the history",
            "curl" => words.Skip(1).FirstOrDefault(WritesOrReads) is { } option ? $"starts 'curl {option}', which may write or read a file" : null,
            "osascript" => words is [_, "-e", var text] && !text.Contains("script", StringComparison.OrdinalIgnoreCase) && !text.Contains("run", StringComparison.OrdinalIgnoreCase) ? null : "starts 'osascript' for more than a message",
            "sort" => words.FirstOrDefault(word => word is ['-', not '-', ..] && word.Contains('o') || word.StartsWith("--output", StringComparison.Ordinal) || word.StartsWith("--compress", StringComparison.Ordinal)) is { } option ? $"starts 'sort {option}'" : null,
            "awk" or "gawk" => words.FirstOrDefault(word => word is ['-', 'l' or 'i', ..] || word.StartsWith("--l", StringComparison.Ordinal) || word.StartsWith("--i", StringComparison.Ordinal) || word.Contains("@load", StringComparison.Ordinal) || word.Contains("@include", StringComparison.Ordinal)) is { } option ? $"starts '{name} {option}', which may load a file" : null,
            "yq" => words.FirstOrDefault(word => word is "-i" or "--inplace" or "-s" or "--split-exp") is { } option ? $"starts 'yq {option}'" : null,
            "rg" => words.FirstOrDefault(word => word.StartsWith("--pre", StringComparison.Ordinal) || word.StartsWith("--hostname-bin", StringComparison.Ordinal)) is { } option ? $"starts 'rg {option}'" : null,
            "find" => words.FirstOrDefault(word => word is "-delete" || word.StartsWith("-fprint", StringComparison.Ordinal) || word.StartsWith("-fls", StringComparison.Ordinal) || word.StartsWith("-exec", StringComparison.Ordinal) || word.StartsWith("-ok", StringComparison.Ordinal)) is { } option ? $"starts 'find {option}'" : null,
            _ => null,
        };

    // At the top of a repository: below it, and where there is none, a folder that looks like one would be taken for it, with its own configuration.
    private static bool LooksOnly(IReadOnlyList<string> words, string? root) => root is not null && Path.Exists(Path.Combine(root, ".git")) && words.Skip(1).ToList() switch
    {
        ["rev-parse" or "log" or "show", .. var rest] when rest.Any(word => word.StartsWith("--output", StringComparison.Ordinal) || word.StartsWith("--ext-diff", StringComparison.Ordinal)) => false,
        [var verb, ..] when s_looks.Contains(verb) => true,
        ["branch"] or ["branch", "--show-current" or "-a" or "-r" or "--list"] or ["symbolic-ref", "HEAD"] or ["symbolic-ref", "--short" or "-q", "HEAD"] or ["config", "--get", _] or ["config", "get", _] => true,
        ["remote"] or ["remote", "-v"] or ["remote", "get-url", _] => true,
        _ => false,
    };

    // Letters may stand together; what follows one that takes a value is its value.
    private static bool WritesOrReads(string word)
    {
        if (word is not ['-', not '-', ..])
        {
            return word.StartsWith("--out", StringComparison.Ordinal) || word.StartsWith("--remote-", StringComparison.Ordinal) || word.StartsWith("--conf", StringComparison.Ordinal) || word.StartsWith("--trace", StringComparison.Ordinal)
                || word.StartsWith("--dump-", StringComparison.Ordinal) || word.StartsWith("--cookie-j", StringComparison.Ordinal) || word.StartsWith("--stderr", StringComparison.Ordinal) || word.StartsWith("--engine", StringComparison.Ordinal)
                || word.StartsWith("--etag-s", StringComparison.Ordinal) || word.StartsWith("--hsts", StringComparison.Ordinal) || word.StartsWith("--alt-svc", StringComparison.Ordinal) || word.StartsWith("--libcurl", StringComparison.Ordinal);
        }

        var first = word.AsSpan(1).IndexOfAny(CurlTakes);
        return word.AsSpan(1, first < 0 ? word.Length - 1 : first).IndexOfAny(CurlWrites) >= 0;
    }
}
