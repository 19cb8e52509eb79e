namespace Bridle.Cli.Terminals;

/// <summary>The few colours used, or none of them.</summary>
internal sealed class Styling(bool on)
{
    public string Dim(string text) => Wrap("2", text);

    public string Bold(string text) => Wrap("1", text);

    public string Red(string text) => Wrap("31", text);

    public string Green(string text) => Wrap("32", text);

    public string Yellow(string text) => Wrap("33", text);

    /// <summary>A unified diff with its added and removed lines in colour.</summary>
    public string Diff(string diff) => !on ? diff : string.Join('\n', diff.Split('\n').Select(line => line switch
    {
        ['+', ..] when !line.StartsWith("+++", StringComparison.Ordinal) => Green(line),
        ['-', ..] when !line.StartsWith("---", StringComparison.Ordinal) => Red(line),
        ['@', ..] => Dim(line),
        _ => line,
    }));

    private string Wrap(string code, string text) => on && text.Length > 0 ? $"\x1b[{code}m{text}\x1b[0m" : text;
}
