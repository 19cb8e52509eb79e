using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>Programs that write files whose names stand in what they read: archives, patches, addresses.</summary>
internal static class UnpackingCommands
{
    private static readonly FrozenSet<string> ValuedOfPatch = FrozenSet.Create("-i", "--input", "-p", "--strip", "-d", "--directory", "-B", "-D", "-F", "-g", "-r", "-V", "-Y", "-z");

    private const string ValuedOfCurl = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";

    /// <summary>Whether the command writes such files.</summary>
    public static bool Writes(string name, IReadOnlyList<string> words) => name switch
    {
        "tar" or "gtar" or "bsdtar" => (words.Count > 1 && words[1] is not ['-', ..] && words[1].Contains('x') || HasLetter(words, "x") || HasLong(words, "--extract", "--get")) && !HasLetter(words, "O") && !HasLong(words, "--to-stdout"),
        "unzip" => words.Count > 1 && !HasLetter(words, "lptvzZ"),
        "7z" or "7za" or "7zr" or "7zz" or "unrar" or "rar" => words.Count > 1 && words[1] is "x" or "e",
        "unar" or "jar" when name is "unar" || (words.Count > 1 && words[1].Contains('x')) => true,
        "cpio" => HasLetter(words, "ip") || HasLong(words, "--extract", "--pass-through"),
        "pax" => HasLetter(words, "r"),
        "ar" => words.Count > 1 && words[1].Contains('x'),
        "patch" or "gpatch" => !HasLong(words, "--dry-run") && !words.Skip(1).Where((word, at) => word is not ['-', _, ..] && !ValuedOfPatch.Contains(words[at])).Any(),
        "wget" => words.Count > 1 && !HasLetter(words, "O") && !HasLong(words, "--output-document", "--spider"),
        "curl" => words.Skip(1).Any(word => word is ['-', not '-', ..] && word.Skip(1).TakeWhile(letter => !ValuedOfCurl.Contains(letter)).Any(letter => letter is 'O' or 'J')) || HasLong(words, "--remote-name", "--remote-name-all", "--remote-header-name", "--output-dir"),
        "gzip" or "gunzip" or "bzip2" or "xz" or "zstd" => HasLetter(words, "r") || HasLong(words, "--recursive"),
        _ => false,
    };

    private static bool HasLetter(IReadOnlyList<string> words, string letters) => words.Skip(1).Any(word => word is ['-', not '-', ..] && word.AsSpan(1).IndexOfAny(letters) >= 0);

    // Also what is left of a name that is cut short.
    private static bool HasLong(IReadOnlyList<string> words, params ReadOnlySpan<string> names)
    {
        foreach (var word in words.Skip(1).Where(word => word is ['-', '-', _, _, _, ..]))
        {
            foreach (var name in names)
            {
                if (name.StartsWith(word.Split('=')[0], StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
