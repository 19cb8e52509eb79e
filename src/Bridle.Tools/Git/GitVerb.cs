using System.Collections.Frozen;

namespace Bridle.Tools.Git;

/// <summary>One of git's verbs that change a repository, with the options that would run a program, open an editor or read or write a file that was not named.</summary>
/// <param name="Refused">Long options, also every abbreviation of them.</param>
/// <param name="RefusedLetters">Short options.</param>
/// <param name="WithValue">Short options whose value follows: <c>-mTEXT</c> or <c>-m TEXT</c>.</param>
internal sealed record GitVerb(string[] Refused, string RefusedLetters, string WithValue)
{
    private static readonly string[] s_everywhere =
    [
        "--exec", "--gpg-sign", "--sign", "--local-user", "--file", "--template", "--pathspec-from-file", "--recurse-submodules", "--separate-git-dir", "--edit-description",
        "--interactive", "--patch", "--upload-pack", "--receive-pack", "--output", "--ext-diff", "--textconv", "--reedit-message", "--show-signature", "--verify-signatures",
    ];

    private static readonly string[] s_strategies = ["ort", "recursive", "resolve", "octopus", "ours", "subtree"];

    /// <summary>The verbs by their names.</summary>
    public static FrozenDictionary<string, GitVerb> All { get; } = new Dictionary<string, GitVerb>
    {
        ["add"] = new([], "pie", ""),
        ["branch"] = new([], "", "u"),
        ["checkout"] = new([], "p", "bB"),
        ["cherry-pick"] = new([], "Se", "mX"),
        ["commit"] = new([], "SFtpce", "mC"),
        ["init"] = new(["--shared"], "", "b"),
        ["merge"] = new([], "SFe", "mXs"),
        ["mv"] = new([], "", ""),
        ["rebase"] = new([], "Six", "XsC"),
        ["reset"] = new([], "p", ""),
        ["restore"] = new([], "p", "s"),
        ["revert"] = new([], "Se", "mX"),
        ["rm"] = new([], "", ""),
        ["stash"] = new([], "p", "m"),
        ["switch"] = new([], "", "cC"),
        ["tag"] = new(["--verify"], "suFve", "mn"),
    }.ToFrozenDictionary();

    /// <summary>Why the arguments are not passed on, or null.</summary>
    public static string? Refuse(string verb, IReadOnlyList<string> arguments)
    {
        if (!All.TryGetValue(verb, out var known))
        {
            return $"'{verb}' is not a verb of this tool. It has {string.Join(", ", All.Keys.Order(StringComparer.Ordinal))}. For looking, and for anything that reaches another repository, use Bash.";
        }

        for (var i = 0; i < arguments.Count && arguments[i] != "--"; i++)
        {
            if (known.RefuseOne(verb, arguments, ref i) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private string? RefuseOne(string verb, IReadOnlyList<string> arguments, ref int at)
    {
        var word = arguments[at];
        if (word.Contains('\0'))
        {
            return "An argument holds a NUL character.";
        }

        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            return RefuseLong(verb, arguments, ref at);
        }

        if (word.Length < 2 || word[0] != '-')
        {
            return null;
        }

        for (var letter = 1; letter < word.Length; letter++)
        {
            if (RefusedLetters.Contains(word[letter]))
            {
                return Told(verb, $"-{word[letter]}");
            }

            if (WithValue.Contains(word[letter]))
            {
                var value = letter + 1 < word.Length ? word[(letter + 1)..] : ++at < arguments.Count ? arguments[at] : "";
                return word[letter] == 's' && verb is "merge" or "rebase" ? RefuseStrategy(value) : null;
            }
        }

        return null;
    }

    private string? RefuseLong(string verb, IReadOnlyList<string> arguments, ref int at)
    {
        var word = arguments[at];
        var name = word.Split('=')[0];
        if (Array.Find(s_everywhere, option => option.StartsWith(name, StringComparison.Ordinal)) is { } refused && !IsOther(name))
        {
            return Told(verb, refused);
        }

        if (Array.Exists(Refused, option => option.StartsWith(name, StringComparison.Ordinal)))
        {
            return Told(verb, name);
        }

        if (name.Length > 3 && "--strategy".StartsWith(name, StringComparison.Ordinal))
        {
            var value = word.Contains('=', StringComparison.Ordinal) ? word[(name.Length + 1)..] : ++at < arguments.Count ? arguments[at] : "";
            return RefuseStrategy(value);
        }

        if (name is "--message" && !word.Contains('=', StringComparison.Ordinal))
        {
            at++;
        }

        return null;
    }

    // Whole names of harmless options with which a refused one begins.
    private static bool IsOther(string name) => name is "--edit";

    private static string? RefuseStrategy(string value) =>
        s_strategies.Contains(value) ? null : $"The strategy '{value}' would be a program of that name; the built-in ones are {string.Join(", ", s_strategies)}.";

    private static string Told(string verb, string option) =>
        $"git {verb} {option} is not passed on: it signs, asks, opens an editor, runs a program, or reads a file that permission cannot see. Do it without; messages go with -m.";
}
