using System.Text;

namespace Bridle.Memory;

/// <summary>
/// Names of notes: 1 to 64 of <c>a-z</c>, <c>0-9</c>, <c>-</c> and <c>_</c>, beginning with a letter or digit. They become names of files, so nothing else is let through: no dot, no slash,
/// no letter that only looks like one of these, and no name of a device.
/// </summary>
public static class NoteName
{
    /// <summary>The most characters of a name.</summary>
    public const int Most = 64;

    private static readonly HashSet<string> Reserved =
    [
        "memory", "con", "prn", "aux", "nul", .. Enumerable.Range(0, 10).SelectMany(number => new[] { $"com{number}", $"lpt{number}" }),
    ];

    /// <summary>The name that is meant, in lower case and with hyphens for spaces; null with a sentence for whoever chose it when it can be none.</summary>
    public static (string? Name, string? Problem) Read(string text)
    {
        var name = text.Trim().ToLowerInvariant().Replace(' ', '-');
        var shown = new string([.. text.Take(80).Select(letter => char.IsControl(letter) ? '?' : letter)]);
        return IsName(name) ? (name, null)
            : Reserved.Contains(name) ? (null, $"The name '{shown}' is reserved. Choose another one.")
            : (null, $"'{shown}' is no name for a note: 1 to {Most} of a-z, 0-9, - and _.{Suggestion(name)}");
    }

    /// <summary>Whether this is a name as it stands.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= Most && char.IsAsciiLetterOrDigit(text[0]) && text.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_') && !Reserved.Contains(text);

    private static string Suggestion(string text)
    {
        var made = new StringBuilder();
        foreach (var letter in text)
        {
            if (letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_')
            {
                made.Append(letter);
            }
            else if (made.Length > 0 && made[^1] != '-')
            {
                made.Append('-');
            }
        }

        var name = made.ToString(0, Math.Min(made.Length, Most)).Trim('-', '_');
        return IsName(name) ? $" Such as '{name}'." : "";
    }
}
