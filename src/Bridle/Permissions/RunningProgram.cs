using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>How a program is told to run another one: see <see cref="RunningPrograms"/> for what is told of each.</summary>
internal sealed class RunningProgram
{
    private const int ShortestAbbreviation = 4;
    private readonly string[][] _verbs;
    private readonly FrozenSet<string> _plain;
    private readonly FrozenSet<string> _valued;
    private readonly OptionTable _letters;
    private readonly string[] _texts;

    /// <summary>Describes one.</summary>
    /// <param name="verbs">The words behind which a command stands, alternatives separated by <c>|</c>; empty for right behind the program, null when it takes commands in options only.</param>
    /// <param name="before">How many words stand between the verb and the command.</param>
    /// <param name="plain">Options that take no value.</param>
    /// <param name="valued">Options that take the next word.</param>
    /// <param name="texts">Options whose value is a command as text.</param>
    /// <param name="rest">Options behind which a command stands, word by word.</param>
    public RunningProgram(string? verbs, int before = 0, string plain = "", string valued = "", string texts = "", string rest = "")
    {
        _verbs = [.. (verbs?.Split('|') ?? []).Select(verb => verb.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Before = before;
        _texts = texts.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Rest = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
        _plain = plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
        _valued = valued.Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(_texts).ToFrozenSet();
        _letters = new(Letters(_plain), Letters(_valued), "");
    }

    /// <summary>Any word of it may be the program that it runs, and no rule for its parts covers it.</summary>
    public bool Always { get; init; }

    /// <summary>It joins the words of the command and gives them to a shell.</summary>
    public bool Joins { get; init; }

    /// <summary>Its options with a text count only where its verb stands.</summary>
    public bool TextsNeedVerb { get; init; }

    public int Before { get; }

    public FrozenSet<string> Rest { get; }

    /// <summary>The words at which the command may begin that it runs, and whether the last of them is certainly not behind its begin.</summary>
    public (IReadOnlyList<int> Places, bool Certain) PlacesIn(IReadOnlyList<string> words)
    {
        var places = new List<int>();
        var certain = true;
        foreach (var verb in _verbs)
        {
            if (EndOf(verb, words) is > 0 and var from)
            {
                certain &= AddPlaces(words, from, places);
            }
        }

        for (var i = 1; i < words.Count - 1; i++)
        {
            if (Rest.Contains(words[i]))
            {
                places.Add(i + 1);
            }
        }

        places.Sort();
        return (places, certain);
    }

    /// <summary>The words and parts of words that are commands as text, with the number of the word that holds the option.</summary>
    public IEnumerable<(int Option, int At, string Text)> TextsIn(IReadOnlyList<string> words)
    {
        if (TextsNeedVerb && _verbs.All(verb => EndOf(verb, words) == 0))
        {
            yield break;
        }

        // What stands behind the begin of the inner command belongs to that.
        var (places, certain) = Always ? ([], false) : PlacesIn(words);
        var end = certain && places.Count > 0 && !Rest.Contains("--") ? places[^1] : words.Count;
        for (var i = 1; i < end; i++)
        {
            var equals = words[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? words[i] : words[i][..equals];
            if (_texts.Any(option => IsNamed(option, name)))
            {
                if (equals > 0)
                {
                    yield return (i, i, words[i][(equals + 1)..]);
                }
                else if (i + 1 < words.Count)
                {
                    yield return (i, i + 1, words[i + 1]);
                }
            }
            else if (Rest.FirstOrDefault(option => words[i].Length > option.Length && words[i].StartsWith(option, StringComparison.Ordinal) && (option is ['-', not '-', ..] || equals == option.Length)) is { } glued)
            {
                yield return (i, i, string.Join(' ', words.Skip(i + 1).Prepend(words[i][glued.Length..].TrimStart('='))));
            }
            else if (words[i] is ['-', not '-', ..] && LetterIn(words[i]) is > 0 and var letter)
            {
                // Whether the letter belongs to the value of another one is left open: both readings are taken.
                if (letter + 1 < words[i].Length)
                {
                    yield return (i, i, words[i][(letter + 1)..].TrimStart('='));
                }

                if (i + 1 < words.Count)
                {
                    yield return (i, i + 1, words[i + 1]);
                }
            }
        }
    }

    private int LetterIn(string word) => Enumerable.Range(1, word.Length - 1).FirstOrDefault(at => _texts.Contains($"-{word[at]}"));

    private static bool IsNamed(string option, string name) =>
        option == name || (name is ['-', '-', ..] && name.Length >= ShortestAbbreviation && option.StartsWith(name, StringComparison.Ordinal));

    // Where the verb ends if it stands in its place: behind the program, options and their values.
    private static int EndOf(string[] verb, IReadOnlyList<string> words)
    {
        var at = 1;
        foreach (var wanted in verb)
        {
            while (at < words.Count && words[at] != wanted && (words[at] is ['-', ..] || (at > 1 && words[at - 1] is ['-', ..] && !words[at - 1].Contains('='))))
            {
                at++;
            }

            if (at >= words.Count || words[at] != wanted)
            {
                return 0;
            }

            at++;
        }

        return at;
    }

    private bool AddPlaces(IReadOnlyList<string> words, int from, List<int> places)
    {
        var (fewest, most, open, ended) = (0, 0, false, false);
        for (var i = from; i < words.Count && fewest <= Before; i++)
        {
            if (!ended && words[i] == "--")
            {
                (ended, open) = (true, false);
            }
            else if (!ended && words[i] is ['-', _, ..])
            {
                // Behind an option that is not known the next word may be its value.
                (var takesNext, open) = (Takes(words[i]), false);
                i += takesNext is true ? 1 : 0;
                open = takesNext is null;
            }
            else
            {
                if (fewest <= Before && Before <= most)
                {
                    places.Add(i);
                }

                (fewest, most, open) = (open ? fewest : fewest + 1, most + 1, false);
            }
        }

        return places.Count == 0 || fewest > Before;
    }

    // Whether the next word belongs to the option; null when that is not known.
    private bool? Takes(string option) =>
        _valued.Contains(option) ? true
        : _plain.Contains(option) || option.Contains('=') ? false
        : option is ['-', not '-', ..] && _letters.IsKnown(option, out var takesNext) ? takesNext
        : null;

    private static string Letters(IEnumerable<string> options) => string.Concat(options.Where(option => option is ['-', not '-']).Select(option => option[1..]));
}
