using System.Text;

namespace Bridle.Cli.Output;

/// <summary>
/// Hints for who started the program by the name of llm-agent-harness: its own command line where that does the same, and else <c>bridle</c> with the name of its folders,
/// without which it would look into others.
/// </summary>
internal static class SeedHints
{
    /// <summary>The commands that a hint may name.</summary>
    public static readonly IReadOnlySet<string> Commands = new HashSet<string>(StringComparer.Ordinal)
    {
        "run", "chat", "init", "models", "sessions", "runs", "goal", "cost", "recall", "permissions", "hooks", "sensors", "settings", "trust", "sandbox", "context", "memory", "skills", "experience", "doctor", "completion",
    };

    private const string Program = "bridle ";
    private const string Alias = Cli.Commands.SeedCommand.Alias;

    // With the words of the other command line as they begin, and the same on its own; {0} is the name of a session.
    private static readonly (string[] Words, string Own)[] s_same =
    [
        (["run", "--resume", "", "\"…\""], $"{Alias} -r {{0}} --one-shot -p \"…\""),
        (["chat", "--resume", ""], $"{Alias} -r {{0}}"),
        (["sessions", "list"], $"{Alias} -r"),
        (["models", "refresh"], $"{Alias} --one-shot --refresh-models"),
    ];

    /// <summary>A text of the program's own, with the hints in it as they work under the other name.</summary>
    /// <param name="text">The text; what people and models wrote does not belong here.</param>
    /// <param name="root">The name of the folders.</param>
    public static string Of(string text, string root)
    {
        var made = new StringBuilder();
        var from = 0;
        for (var at = text.IndexOf(Program, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Program, at + 1, StringComparison.Ordinal))
        {
            if ((at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '-' or '_' or '.' or '/')) || !Commands.Contains(WordAt(text, at + Program.Length)))
            {
                continue;
            }

            made.Append(text, from, at - from);
            from = Same(text, at + Program.Length, made);
            if (from < 0)
            {
                made.Append($"HARNESS_ROOT_DIRS_NAME={root} ");
                from = at;
            }
        }

        return made.Append(text, from, text.Length - from).ToString();
    }

    // Appends the own command and gives where the other one ends; -1 when there is none.
    private static int Same(string text, int start, StringBuilder made)
    {
        foreach (var (words, own) in s_same)
        {
            var (at, name, fits) = (start, "", true);
            for (var i = 0; i < words.Length && fits; i++)
            {
                var word = WordAt(text, at);
                fits = word.Length > 0 && (words[i].Length == 0 || words[i] == word);
                name = words[i].Length == 0 ? word : name;
                at += word.Length + (i < words.Length - 1 ? 1 : 0);
            }

            if (fits)
            {
                made.Append(own.Replace("{0}", name, StringComparison.Ordinal));
                return at;
            }
        }

        return -1;
    }

    private static string WordAt(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] is not (' ' or '`' or '\n'))
        {
            end++;
        }

        return at < text.Length ? text[at..end] : "";
    }
}
