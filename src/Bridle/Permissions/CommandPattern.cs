using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>
/// What stands in <c>Bash(...)</c>: everything (<c>*</c>), an exact command, a prefix of words (<c>git log:*</c>, <c>git log *</c>), or a text with <c>*</c> anywhere.
/// Prefixes end at word boundaries.
/// </summary>
internal sealed record CommandPattern(string Text, IReadOnlyList<string> Words, CommandPattern.Form Shape)
{
    // More of them are not looked at one by one.
    private const int MostComputed = 64;
    private const int MostOptions = 32;
    private const int MostWords = 100;

    public enum Form
    {
        Everything,
        Exact,
        Prefix,
        Wildcard,
    }

    public static CommandPattern Parse(string text)
    {
        text = text.Trim();
        if (text is "*" or ":*" or "")
        {
            return new CommandPattern(text, [], Form.Everything);
        }

        var prefix = text.EndsWith(":*", StringComparison.Ordinal) ? text[..^2] : text.EndsWith(" *", StringComparison.Ordinal) ? text[..^2] : null;
        if (prefix is not null && !prefix.Contains('*'))
        {
            return new CommandPattern(text, WordsOf(prefix), Form.Prefix);
        }

        return text.Contains('*') ? new CommandPattern(text, [], Form.Wildcard) : new CommandPattern(text, WordsOf(text), Form.Exact);
    }

    /// <summary>Whether it is word for word what the person agreed to, whatever it is.</summary>
    public bool IsExactly(string command) => Shape is Form.Exact && command.Trim() == Text;

    /// <summary>Whether the pattern lets a simple command run. What it names must be known, and must cover every dangerous option.</summary>
    public Coverage Allows(IReadOnlyList<ShellWord> command)
    {
        if (Words.Count > 0 && Words[0] != command[0].Text)
        {
            return Coverage.None;
        }

        IReadOnlyList<string> words = [.. command.Select(word => word.Text)];
        var known = command.TakeWhile(word => word.Plain).Count();
        if (Shape is Form.Exact)
        {
            return known == words.Count && words.SequenceEqual(Words) ? Coverage.Full : Coverage.None;
        }

        if (ProgramOptions.Computed(command) is { } reason)
        {
            return Shape is Form.Everything || (Shape is Form.Prefix && StartsWith(words, Words)) ? new Coverage(false, reason) : Coverage.None;
        }

        return Shape switch
        {
            Form.Everything => Coverage.Full,
            Form.Prefix when known >= Words.Count && StartsWith(words, Words) => Covered(words, Words.Count),
            Form.Wildcard when known == words.Count && !words.Any(word => word.Length == 0 || word.Any(char.IsWhiteSpace)) && MatchesText(string.Join(' ', words)) =>
                Covered(words, Text[..Text.IndexOf('*')].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length - (Text.IndexOf('*') is var at && at > 0 && Text[at - 1] != ' ' ? 1 : 0)),
            _ => Coverage.None,
        };
    }

    /// <summary>
    /// Why nobody can say which word of the command is its verb, or null: a program that takes options before it has so many of them that not all that may be its verb is looked at.
    /// </summary>
    public static string? HidesVerb(IReadOnlyList<string> words) =>
        words.Count > MostWords && GlobalOptions.Of(ShellWords.NameOf(words[0])) is not null && words.Where(GlobalOptions.IsOption).Skip(MostOptions).Any() ? $"'{ShellWords.NameOf(words[0])}' has too many options to find its verb" : null;

    /// <summary>Whether the pattern speaks of the command, for deny and ask rules: programs by name wherever they lie, options in any order.</summary>
    public bool Hits(IReadOnlyList<string> words)
    {
        if (Shape is Form.Everything)
        {
            return true;
        }

        // Most rules speak of another program.
        if (Words.Count > 0 && !words[0].AsSpan(words[0].LastIndexOf('/') + 1).SequenceEqual(Words[0]) && words[0] != Words[0])
        {
            return false;
        }

        foreach (var form in FormsOf(words))
        {
            var hit = Shape switch
            {
                Form.Exact => form.SequenceEqual(Words) || SortOptions(form).SequenceEqual(SortOptions(Words)),
                Form.Prefix => StartsWith(form, Words),
                _ => MatchesText(string.Join(' ', form)),
            };
            if (hit)
            {
                return true;
            }
        }

        return Shape is Form.Prefix && Words.Count > 1 && (RuleOptions.Hits(words, Words) || (OptionsIn(words) is { BeforeVerbOnly: false } options
            && VerbPath.MayBegin([WordShape.Of(Words[0]), .. words.Skip(1).Select(WordShape.Of)], Words, options)));
    }

    /// <summary>Whether the pattern may speak of a command some words of which are only known when it runs.</summary>
    public bool MayHit(IReadOnlyList<string> texts, IReadOnlyList<WordShape> words)
    {
        var name = ShellWords.NameOf(texts[0]);
        if (Shape is Form.Everything || (Words.Count > 0 && name != Words[0] && texts[0] != Words[0]))
        {
            return Shape is Form.Everything;
        }

        if (words.Count(word => word.Text is null) > MostComputed || HidesVerb(texts) is not null)
        {
            return true;
        }

        var options = GlobalOptions.Of(name);
        IReadOnlyList<WordShape> named = [WordShape.Of(Shape is Form.Wildcard ? name : Words[0]), .. words.Skip(1)];
        return Shape switch
        {
            Form.Prefix => VerbPath.MayBegin(named, Words, options) || RuleOptions.MayHit(named, Words),
            Form.Exact when options is not null => VerbPath.MayBegin(named, [.. Words.Where(word => !GlobalOptions.IsOption(word))], options),
            Form.Exact => MayBeExactly(named),
            _ => WordShape.MayMatch(Text, words) || WordShape.MayMatch(Text, named)
                || (options is not null && VerbPath.VerbsOf(named, options).Any(at => WordShape.MayMatch(Text, [named[0], .. named.Skip(at)]))),
        };
    }

    // What is known of it must stand in the rule, and what is not must be able to be the rest.
    private bool MayBeExactly(IReadOnlyList<WordShape> words)
    {
        var known = words.Select(word => word.Text).OfType<string>().ToList();
        var (wanted, at) = (SortOptions(Words).ToList(), 0);
        foreach (var word in SortOptions(known))
        {
            at = wanted.IndexOf(word, at) + 1;
            if (at == 0)
            {
                return false;
            }
        }

        return words.Any(word => word.IsMany) || words.Count > wanted.Count(word => word is not ['-', _, ..]) - (wanted.Exists(word => word is ['-', _, ..]) ? 0 : 1);
    }

    private static Coverage Covered(IReadOnlyList<string> words, int named) =>
        ProgramOptions.Uncovered(words, Math.Max(named, 0)) is { } reason ? new Coverage(false, reason) : Coverage.Full;

    private bool MatchesText(string command) => Wildcard.Matches(Text.Replace("\\", "\\\\").Replace("[", "\\[").Replace("?", "\\?"), command, StringComparison.Ordinal);

    private static GlobalOptions? OptionsIn(IReadOnlyList<string> words) => words.Skip(1).Any(GlobalOptions.IsOption) && HidesVerb(words) is null ? GlobalOptions.Of(ShellWords.NameOf(words[0])) : null;

    // The words as they stand, with the program's bare name, and with its options before the verb left out.
    private static IEnumerable<IReadOnlyList<string>> FormsOf(IReadOnlyList<string> words)
    {
        yield return words;
        var name = ShellWords.NameOf(words[0]);
        IReadOnlyList<string> named = [name, .. words.Skip(1)];
        yield return named;
        if (words.Count > 2 && GlobalOptions.IsOption(words[1]) && OptionsIn(words) is { } options)
        {
            foreach (var verb in VerbPath.VerbsOf([.. named.Select(WordShape.Of)], options))
            {
                yield return [name, .. words.Skip(verb)];
            }
        }
    }

    private static bool StartsWith(IReadOnlyList<string> words, IReadOnlyList<string> prefix)
    {
        if (words.Count < prefix.Count)
        {
            return false;
        }

        for (var i = 0; i < prefix.Count; i++)
        {
            if (words[i] != prefix[i])
            {
                return false;
            }
        }

        return true;
    }

    // rm -rf x, rm -r -f x and rm -fr x are one.
    private static IEnumerable<string> SortOptions(IReadOnlyList<string> words)
    {
        var options = words.Skip(1).Where(word => word is ['-', _, ..])
            .SelectMany(word => word is ['-', '-', ..] ? [word] : word[1..].Select(letter => $"-{letter}"));
        return words.Take(1).Concat(options.Distinct().Order(StringComparer.Ordinal)).Concat(words.Skip(1).Where(word => word is not ['-', _, ..]));
    }

    private static IReadOnlyList<string> WordsOf(string text) =>
        ShellParser.Parse(text) is { Problem: null, Body.Items: [{ Command: SimpleCommand { Assignments: [], Redirects: [] } only }] } && only.Words.All(word => word.Plain)
            ? [.. only.Words.Select(word => word.Text)]
            : text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Whether a rule covers a command, and if it nearly does, what is missing.</summary>
internal readonly record struct Coverage(bool Covers, string? Missing)
{
    public static Coverage Full { get; } = new(true, null);

    public static Coverage None { get; } = new(false, null);
}
