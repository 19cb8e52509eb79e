using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>The options of a program that keep it harmless.</summary>
/// <param name="flags">Letters that stand alone.</param>
/// <param name="valued">Letters that take the rest of their word, or the next word.</param>
/// <param name="longNames">Long options without dashes, separated by blanks; abbreviations do not count.</param>
internal sealed class OptionTable(string flags, string valued, string longNames)
{
    private readonly FrozenSet<string> _long = longNames.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"--{name}").ToFrozenSet();

    /// <summary>The first word from number <paramref name="named"/> on that is an option outside the table, as a reason; null when there is none.</summary>
    public string? Check(IReadOnlyList<string> words, int named)
    {
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] == "--" && !MayBeValue(words, i))
            {
                return null;
            }

            var known = IsKnown(words[i], out var takesNext);
            if (!known && i >= named)
            {
                return $"'{words[i].Split('=')[0]}' needs a rule that names it";
            }

            i += takesNext ? 1 : 0;
        }

        return null;
    }

    /// <summary>The words that are neither options nor their values.</summary>
    public IReadOnlyList<string> Operands(IReadOnlyList<string> words)
    {
        var operands = new List<string>();
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] == "--")
            {
                operands.AddRange(words.Skip(i + 1));
                break;
            }

            if (words[i] is not ['-', _, ..])
            {
                operands.Add(words[i]);
                continue;
            }

            IsKnown(words[i], out var takesNext);
            i += takesNext ? 1 : 0;
        }

        return operands;
    }

    /// <summary>The values of a valued option, in order.</summary>
    public IReadOnlyList<string> ValuesOf(IReadOnlyList<string> words, char letter, string longName)
    {
        var values = new List<string>();
        for (var i = 1; i < words.Count && words[i] != "--"; i++)
        {
            var word = words[i];
            if (word.StartsWith($"--{longName}=", StringComparison.Ordinal))
            {
                values.Add(word[(longName.Length + 3)..]);
            }
            else if (word == $"--{longName}" && i + 1 < words.Count)
            {
                values.Add(words[i + 1]);
            }
            else if (word is ['-', not '-', ..] && word.IndexOfAny([.. valued], 1) is var at and > 0)
            {
                IsKnown(word, out var takesNext);
                if (word[at] == letter && (!takesNext || i + 1 < words.Count))
                {
                    values.Add(takesNext ? words[i + 1] : word[(at + 1)..]);
                }

                i += takesNext ? 1 : 0;
            }
        }

        return values;
    }

    // After a long option without '=' the dashes may be its value, and what follows is then still read as options.
    private static bool MayBeValue(IReadOnlyList<string> words, int at) => words[at - 1] is ['-', '-', _, ..] && !words[at - 1].Contains('=');

    /// <summary>Whether an option is in the table, and whether the next word is its value.</summary>
    public bool IsKnown(string word, out bool takesNext)
    {
        takesNext = false;
        if (word is not ['-', _, ..])
        {
            return true;
        }

        if (word[1] == '-')
        {
            // Whether a long option takes the next word is left open: both readings are checked as options.
            return _long.Contains(word.Split('=')[0]);
        }

        for (var i = 1; i < word.Length; i++)
        {
            if (valued.Contains(word[i]))
            {
                takesNext = i == word.Length - 1;
                return true;
            }

            if (!flags.Contains(word[i]))
            {
                return false;
            }
        }

        return true;
    }
}
