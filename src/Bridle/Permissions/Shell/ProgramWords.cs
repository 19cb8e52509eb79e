namespace Bridle.Permissions.Shell;

/// <summary>Which words of a command hold a program's text, and which name a file that holds one.</summary>
internal sealed record ProgramWords(IReadOnlyList<(ShellWord Word, string Text)> Scripts, IReadOnlyList<(ShellWord Word, string Text)> Files)
{
    /// <summary>Looks at words that are known.</summary>
    public static ProgramWords Of(IReadOnlyList<string> words, string scriptLetters, string fileLetters, string valued, string suffixed, string scriptName, params string[] fileNames) =>
        Of([.. words.Select(word => ShellWord.Bare(new(0, 0), word))], scriptLetters, fileLetters, valued, suffixed, scriptName, fileNames);

    /// <summary>Looks. Letters are options that take a value, <paramref name="suffixed"/> those that take it in the same word only; without a script or a file among the options the first operand is the script, where <paramref name="scriptLetters"/> says that there is one.</summary>
    public static ProgramWords Of(IReadOnlyList<ShellWord> words, string scriptLetters, string fileLetters, string valued, string suffixed, string scriptName, params string[] fileNames)
    {
        var scripts = new List<(ShellWord, string)>();
        var files = new List<(ShellWord, string)>();
        var operands = new List<(ShellWord, string)>();
        for (var i = 1; i < words.Count; i++)
        {
            var (word, text) = (words[i], words[i].Text);
            if (text is "--")
            {
                operands.AddRange(words.Skip(i + 1).Select(one => (one, one.Text)));
                break;
            }

            if (text is ['-', '-', ..])
            {
                var equals = text.IndexOf('=', StringComparison.Ordinal);
                var name = equals < 0 ? text : text[..equals];
                var into = IsAbbreviation(name, scriptName) ? scripts : fileNames.Any(file => IsAbbreviation(name, file)) ? files : null;
                var next = equals < 0 && i + 1 < words.Count ? words[i + 1] : null;
                if (into is not null && (equals > 0 || next is not null))
                {
                    into.Add(equals > 0 ? (word, text[(equals + 1)..]) : (next!, next!.Text));
                    i += equals > 0 ? 0 : 1;
                }
            }
            else if (text is ['-', _, ..])
            {
                var at = text.AsSpan(1).IndexOfAny($"{scriptLetters}{fileLetters}{valued}{suffixed}") + 1;
                if (at == 0 || suffixed.Contains(text[at]))
                {
                    continue;
                }

                var glued = at + 1 < text.Length;
                if (!glued && ++i >= words.Count)
                {
                    break;
                }

                var value = glued ? (word, text[(at + 1)..]) : (words[i], words[i].Text);
                (scriptLetters.Contains(text[at]) ? scripts : fileLetters.Contains(text[at]) ? files : null)?.Add(value);
            }
            else
            {
                operands.Add((word, text));
            }
        }

        if (scriptLetters.Length > 0 && scripts.Count == 0 && files.Count == 0)
        {
            // A long option's separate value counts as an operand: all words up to the first that is certainly none are taken.
            scripts.AddRange(operands.Take(words.Any(word => word.Text is ['-', '-', _, ..] && !word.Text.Contains('=')) ? 2 : 1));
        }

        return new(scripts, files);
    }

    private static bool IsAbbreviation(string name, string option) => name.Length > 3 && $"--{option}".StartsWith(name, StringComparison.Ordinal);
}
