using System.Collections.Frozen;
using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>How far a program that reads whole folders reaches: the folder where it stands, only those that it names, or what git keeps.</summary>
internal static class FolderReach
{
    // Letters that follow links, of programs that otherwise do not.
    private static readonly FrozenDictionary<string, string> Followers = new Dictionary<string, string>
    {
        ["grep"] = "R", ["egrep"] = "R", ["fgrep"] = "R", ["rg"] = "L", ["tar"] = "hCT", ["gtar"] = "hCT", ["bsdtar"] = "HLhCT",
    }.ToFrozenDictionary();

    private const string PlainLettersOfGitGrep = "nilLcwEFGPvhHoqpWIaz", ValuedLettersOfGitGrep = "eABCm";

    private static readonly FrozenSet<string> PlainOfGitGrep = FrozenSet.Create(
        "--line-number", "--ignore-case", "--files-with-matches", "--count", "--word-regexp", "--name-only", "--extended-regexp", "--fixed-strings", "--perl-regexp", "--heading", "--break", "--column", "--no-color", "--color");

    /// <summary>Whether it reads only what its operands name, which are all there, and follows no link out of them. <paramref name="text"/> is the word that is no file; 0 where none is.</summary>
    public static bool IsNamed(JudgedCommand command, FoundCommand one, int text) =>
        one.Name is "git" ? !MayReadHistory(command, one) && Named(command, one, text).Any() : Followers.TryGetValue(one.Name, out var letters) && one.Words.All(word => word.Plain)
        && !one.Texts.Skip(1).Index().Any(word => (word.Item is ['-', not '-', ..] || (word.Index == 0 && letters.Contains('T'))) && word.Item.AsSpan().IndexOfAny(letters) >= 0)
        && !one.Texts.Any(word => word is ['-', '-', ..] && (word.StartsWith("--deref", StringComparison.Ordinal) || word.StartsWith("--follow", StringComparison.Ordinal) || word.StartsWith("--dir", StringComparison.Ordinal) || word.StartsWith("--files", StringComparison.Ordinal)))
        && Named(command, one, text).Any();

    /// <summary>Whether the file is one of those that its operands name, or lies below one.</summary>
    public static bool IsAmongNamed(JudgedCommand command, FoundCommand one, int text, string file) =>
        Named(command, one, text).Any(path => new[] { path.Normalised, path.Real }.Any(name => file == name || file.StartsWith(name.TrimEnd('/') + "/", StringComparison.Ordinal)));

    /// <summary>Whether an archive is unpacked or listed: nothing that lies in a folder is read.</summary>
    public static bool Unpacks(FoundCommand one)
    {
        if (one.Name is not ("tar" or "gtar" or "bsdtar") || one.Texts.Count < 2 || !one.Words.All(word => word.Plain))
        {
            return false;
        }

        return Mode(one.Texts[1]) is { } mode && mode.AsSpan().IndexOfAny("xt") >= 0 && mode.AsSpan().IndexOfAny("cruA") < 0
            && !one.Texts.Skip(2).Any(word => word is ['-', not '-', ..] ? Mode(word) is not { } more || more.AsSpan().IndexOfAny("cruA") >= 0 : word is "--create" or "--append" or "--update" or "--concatenate" || word.StartsWith("--c", StringComparison.Ordinal) || word.StartsWith("--a", StringComparison.Ordinal) || word.StartsWith("--u", StringComparison.Ordinal));
    }

    // The letters of options; behind one that takes the rest of the word as its value no more.
    private static string? Mode(string word) => word switch
    {
        ['-', '-', ..] => null,
        ['-', .. var letters] => letters.AsSpan().IndexOfAny("fCbI") is >= 0 and var at ? letters[..(at + 1)] : letters,
        _ => word,
    };

    /// <summary>Whether <c>git grep</c> may search what git keeps, and not only what lies there.</summary>
    public static bool MayReadHistory(JudgedCommand command, FoundCommand one)
    {
        if (one.Texts is not [_, "grep", ..] || !one.Words.All(word => word.Plain))
        {
            return true;
        }

        var (hasPattern, at) = (false, 2);
        for (; at < one.Texts.Count && one.Texts[at] is not "--"; at++)
        {
            var word = one.Texts[at];
            if (word is ['-', not '-', ..])
            {
                var valued = word.AsSpan(1).IndexOfAny(ValuedLettersOfGitGrep);
                if (word.AsSpan(1, valued < 0 ? word.Length - 1 : valued).IndexOfAnyExcept(PlainLettersOfGitGrep) >= 0)
                {
                    return true;
                }

                hasPattern |= valued >= 0 && word[valued + 1] is 'e';
                at += valued == word.Length - 2 ? 1 : 0;
            }
            else if (word is ['-', '-', ..] ? !PlainOfGitGrep.Contains(word) : hasPattern && command.PathsOf(word).All(path => path.Path.Kind is FileKind.Missing))
            {
                return true;
            }
            else
            {
                hasPattern |= word is not ['-', ..];
            }
        }

        return false;
    }

    // What stands before them may be a pattern that bears the name of a file.
    private static int LastDashes(FoundCommand one) => one.Texts.ToList().LastIndexOf("--") is >= 0 and var at ? at : one.Texts.Count;

    private static IEnumerable<ResolvedPath> Named(JudgedCommand command, FoundCommand one, int text) =>
        one.Texts.Where((word, at) => at > (one.Name is "git" ? LastDashes(one) : 0) && at != text && word is not ['-', _, ..]).SelectMany(command.PathsOf).Select(path => path.Path).Where(path => path.Kind is not FileKind.Missing);
}
