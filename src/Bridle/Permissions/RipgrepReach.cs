namespace Bridle.Permissions;

/// <summary>
/// Whether a search by ripgrep may print a file that none of its words names. It passes by what is hidden, a name that begins with a dot, unless it is told otherwise: by a flag, by a glob or
/// a type that fits, by a settings file of its own, or by a line with a ! in a file that says what to ignore.
/// </summary>
internal static class RipgrepReach
{
    /// <summary>Whether the search, begun in a folder or told of folders, may print the file. What is not known for sure may be.</summary>
    /// <param name="words">The command, its program first.</param>
    /// <param name="file">The file's path.</param>
    /// <param name="root">The workspace, whose own place may be hidden.</param>
    public static bool MayPrint(IReadOnlyList<string> words, string file, string root)
    {
        var below = file.StartsWith(root.TrimEnd('/') + '/', StringComparison.Ordinal) ? file[root.TrimEnd('/').Length..] : file;
        if (!below.Contains("/.", StringComparison.Ordinal))
        {
            return true;
        }

        for (var at = 1; at < words.Count; at++)
        {
            var word = words[at];
            if (GlobIn(words, ref at) is { } glob)
            {
                if (Fits(glob, file))
                {
                    return true;
                }
            }
            else if (word is ['-', '-', ..] ? !IsPlainLong(word) : word is ['-', _, ..] ? word.AsSpan(1).IndexOfAnyExcept(PlainLetters) >= 0 : IsHidden(word))
            {
                return true;
            }
        }

        return IsLifted(file, root);
    }

    // What is hidden is searched all the same where a line of a file for such lines says '!'; those count that stand on the way from above the workspace to the file.
    private static bool IsLifted(string file, string root)
    {
        string[] names = [".gitignore", ".ignore", ".rgignore"];
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Array.Exists(names, name => Lifts(Path.Join(folder, name))) || Lifts(Path.Join(folder, ".git/info/exclude")))
            {
                return true;
            }
        }

        // Of a worktree such a file lies elsewhere.
        return File.Exists(Path.Join(root, ".git"));
    }

    private static bool Lifts(string file)
    {
        try
        {
            return File.Exists(file) && (new FileInfo(file).Length is 0 or > MostBytes || File.ReadLines(file).Any(line => line.TrimStart() is ['!', ..]));
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private const long MostBytes = 1024 * 1024;

    // Letters that neither reach further nor take a value that could.
    private const string PlainLetters = "nNilcvwxoFqHIpsSzU0";

    private static bool IsPlainLong(string word) => word is "--" or "--line-number" or "--no-line-number" or "--ignore-case" or "--smart-case" or "--case-sensitive" or "--files-with-matches"
        or "--count" or "--count-matches" or "--word-regexp" or "--line-regexp" or "--fixed-strings" or "--only-matching" or "--no-heading" or "--heading" or "--with-filename" or "--no-filename"
        or "--quiet" or "--json" or "--no-config" or "--multiline" or "--vimgrep" or "--trim" or "--null" or "--invert-match" or "--stats";

    // The glob that stands here, in one word with its flag or in the next.
    private static string? GlobIn(IReadOnlyList<string> words, ref int at)
    {
        var word = words[at];
        if (word is "-g" or "--glob" or "--iglob")
        {
            return ++at < words.Count ? words[at] : "*";
        }

        return word.StartsWith("--glob=", StringComparison.Ordinal) || word.StartsWith("--iglob=", StringComparison.Ordinal) ? word[(word.IndexOf('=') + 1)..] : word is ['-', 'g', ..] ? word[2..] : null;
    }

    // A glob that leaves out shows nothing; one of an ending shows what ends so; of any other it is not said what it shows.
    private static bool Fits(string glob, string file) => glob is not ['!', ..]
        && (glob is not ['*', '.', _, ..] || glob.AsSpan(2).ContainsAnyExcept(Ending) || file.EndsWith(glob[1..], StringComparison.OrdinalIgnoreCase));

    private static readonly System.Buffers.SearchValues<char> Ending = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static bool IsHidden(string operand) => operand is ['.', not ('/' or '.'), ..] || operand.Contains("/.", StringComparison.Ordinal);
}
