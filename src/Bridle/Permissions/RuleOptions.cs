using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>
/// Options in a rule that denies or asks: <c>rm -rf</c> speaks of <c>rm -v -f -r x</c> and <c>git commit --no-verify</c> of <c>git commit -m x --no-verify</c>. The other words of the rule begin
/// the command, its options stand anywhere, in any order, as one word or several, long or short.
/// </summary>
internal static class RuleOptions
{
    private const int LongestCluster = 7;

    // Their options of several letters have one sign in front.
    private static readonly FrozenSet<string> s_longWithOneSign = FrozenSet.Create(
        "find", "terraform", "tofu", "java", "javac", "go", "openssl", "ffmpeg", "ffprobe", "convert", "magick", "gcc", "g++", "clang", "clang++", "cc", "c++", "ld", "ant", "packer", "consul", "vault", "nomad", "terragrunt", "7z", "7za", "7zz", "mvn",
        "gradle", "dotnet", "msbuild", "pwsh", "powershell", "keytool", "xset", "xrandr", "qemu-img", "X", "screen", "expect", "rsvg-convert", "pdftotext");

    // They take the beginning of a long option for it.
    private static readonly FrozenSet<string> s_abbreviating = FrozenSet.Create(
        "git", "rm", "rmdir", "cp", "mv", "ln", "chmod", "chown", "chgrp", "tar", "mkdir", "touch", "tee", "truncate", "shred", "dd", "sed", "grep", "sort", "xargs", "curl", "wget", "rsync", "install", "useradd", "userdel", "usermod", "shutdown", "kill", "killall");

    // Without an option that takes a word of its own.
    private static readonly FrozenSet<string> s_withoutValues = FrozenSet.Create("rm", "rmdir", "mkdir", "chmod", "chown", "unlink", "shred");

    private static readonly FrozenDictionary<string, string[][]> s_same = new Dictionary<string, string>
    {
        ["rm"] = "-r|-R|--recursive;-f|--force;-d|--dir", ["cp"] = "-r|-R|--recursive;-f|--force", ["mv"] = "-f|--force", ["ln"] = "-f|--force;-s|--symbolic", ["chmod"] = "-R|--recursive", ["chown"] = "-R|--recursive", ["chgrp"] = "-R|--recursive",
        ["git commit"] = "-n|--no-verify;-a|--all", ["git push"] = "-f|--force;-d|--delete", ["git clean"] = "-f|--force", ["git checkout"] = "-f|--force", ["git switch"] = "-f|--force|--discard-changes", ["git branch"] = "-d|--delete;-f|--force;-m|--move",
        ["git tag"] = "-d|--delete;-f|--force", ["git add"] = "-f|--force;-A|--all", ["git fetch"] = "-f|--force", ["git rm"] = "-f|--force", ["git rebase"] = "-i|--interactive", ["git merge"] = "-n|--no-stat", ["git stash"] = "-u|--include-untracked",
        ["npm"] = "-g|--global;-f|--force", ["pnpm"] = "-g|--global", ["curl"] = "-k|--insecure;-X|--request;-o|--output;-O|--remote-name;-d|--data;-T|--upload-file;-F|--form", ["wget"] = "-O|--output-document",
        ["docker"] = "-v|--volume;-f|--force;-a|--all;-p|--publish", ["podman"] = "-v|--volume;-f|--force;-a|--all;-p|--publish", ["kubectl"] = "-f|--filename", ["sed"] = "-i|--in-place", ["rsync"] = "-r|--recursive", ["pip"] = "-U|--upgrade", ["sort"] = "-o|--output",
    }.ToFrozenDictionary(one => one.Key, one => one.Value.Split(';').Select(group => group.Split('|')).ToArray());

    /// <summary>Whether the words of a command begin with those of the rule that are no options, and hold its options anywhere.</summary>
    public static bool Hits(IReadOnlyList<string> command, IReadOnlyList<string> rule) =>
        rule.Count > 1 && rule.Any(IsOption) && Missing(command, rule).Count == 0 && Begins([WordShape.Of(rule[0]), .. command.Skip(1).Select(WordShape.Of)], rule);

    /// <summary>The same, where words that are only known when the command runs may be the options.</summary>
    public static bool MayHit(IReadOnlyList<WordShape> command, IReadOnlyList<string> rule)
    {
        if (rule.Count < 2 || !rule.Any(IsOption) || !Begins(command, rule))
        {
            return false;
        }

        var valueless = s_withoutValues.Contains(ShellWords.NameOf(rule[0]));
        return Missing([rule[0], .. command.Skip(1).Select(word => word.Text).OfType<string>()], rule).Count == 0 || command.Index().Any(word => word.Index > 0 && word.Item.Text is null && word.Item.MayBegin('-')
            && (word.Item.IsMany || valueless || !(command[word.Index - 1].Text is { } before && IsOption(before))));
    }

    private static bool IsOption(string word) => word is ['-', _, ..];

    private static bool Begins(IReadOnlyList<WordShape> command, IReadOnlyList<string> rule)
    {
        IReadOnlyList<string> wanted = [.. rule.Where(word => !IsOption(word))];
        return VerbPath.MayBegin([.. command.Where((word, index) => index == 0 || word.Text is not { } text || !IsOption(text))], wanted, null)
            || (GlobalOptions.Of(ShellWords.NameOf(rule[0])) is { } options && VerbPath.MayBegin(command, wanted, options));
    }

    // What the rule's options say that the command's do not.
    private static List<string> Missing(IReadOnlyList<string> command, IReadOnlyList<string> rule)
    {
        var name = ShellWords.NameOf(rule[0]);
        var (clusters, begins) = (!s_longWithOneSign.Contains(name), s_abbreviating.Contains(name));
        var same = s_same.GetValueOrDefault(rule.Count > 1 ? $"{name} {rule[1]}" : name) ?? s_same.GetValueOrDefault(name) ?? [];
        var given = command.Skip(1).Where(IsOption).ToList();
        var letters = given.SelectMany(word => clusters && IsCluster(word) ? word[1..].Select(letter => $"-{letter}") : [word]).ToHashSet(StringComparer.Ordinal);
        var wanted = rule.Skip(1).Where(IsOption).SelectMany(word => given.Contains(word) ? [] : clusters && IsCluster(word) ? word[1..].Select(letter => $"-{letter}") : [word]);
        return [.. wanted.Where(option => !(same.FirstOrDefault(group => group.Contains(option)) ?? [option]).Any(one => letters.Contains(one) || given.Exists(word => Says(word, one, begins))))];
    }

    private static bool IsCluster(string word) => word is ['-', not '-', ..] && word.Length <= LongestCluster && word.Skip(1).All(char.IsAsciiLetterOrDigit);

    // With a value behind '=', or as far as it is written out; '--force' is an option of its own beside '--force-with-lease'.
    private static bool Says(string word, string option, bool begins)
    {
        var name = word.IndexOf('=') is > 0 and var at ? word[..at] : word;
        return name == option || (begins && name.Length > 4 && name is ['-', '-', ..] && option.StartsWith(name, StringComparison.Ordinal) && name is not ("--force" or "--all" or "--delete" or "--no"));
    }
}
