namespace Bridle.Cli.Terminals;

/// <summary>The few colours used, or none of them.</summary>
internal sealed class Styling(bool on)
{
    // Every code below, and no other, reaches a screen.
    private static readonly string[] Codes = ["0", "1", "2", "3", "4", "7", "9", "31", "32", "33", "34", "35", "36"];

    /// <summary>Whether anything is coloured.</summary>
    public bool On => on;

    public string Dim(string text) => Wrap("2", text);

    public string Bold(string text) => Wrap("1", text);

    public string Italic(string text) => Wrap("3", text);

    public string Underline(string text) => Wrap("4", text);

    public string Struck(string text) => Wrap("9", text);

    public string Inverse(string text) => Wrap("7", text);

    public string Red(string text) => Wrap("31", text);

    public string Green(string text) => Wrap("32", text);

    public string Yellow(string text) => Wrap("33", text);

    public string Blue(string text) => Wrap("34", text);

    public string Magenta(string text) => Wrap("35", text);

    public string Cyan(string text) => Wrap("36", text);

    /// <summary>Whether the parameters of a colour sequence are among those that are used here.</summary>
    public static bool Knows(ReadOnlySpan<char> parameters)
    {
        foreach (var code in Codes)
        {
            if (parameters.SequenceEqual(code))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A unified diff with its added and removed lines in colour.</summary>
    public string Diff(string diff) => !on ? diff : string.Join('\n', diff.Split('\n').Select(line => line switch
    {
        ['+', ..] when !line.StartsWith("+++", StringComparison.Ordinal) => Green(line),
        ['-', ..] when !line.StartsWith("---", StringComparison.Ordinal) => Red(line),
        ['@', ..] => Dim(line),
        _ => line,
    }));

    // A style inside of another ends there; what follows takes up the outer one again.
    private string Wrap(string code, string text) =>
        on && text.Length > 0 ? $"\x1b[{code}m{text.Replace("\x1b[0m", $"\x1b[0m\x1b[{code}m", StringComparison.Ordinal)}\x1b[0m" : text;
}
