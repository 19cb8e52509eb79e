using System.Text;

namespace Bridle.Hosting.Hooks;

/// <summary>The words of a hook's shell text, as far as they can be known without running it; only for finding the program it begins with.</summary>
internal static class HookWords
{
    private const string Breaks = " \t\n;&|<>()";

    /// <summary>The variables that name the project's folder.</summary>
    public static IReadOnlyList<string> FolderVariables { get; } = ["CLAUDE_PROJECT_DIR", "BRIDLE_PROJECT_DIR"];

    /// <summary>The words, quotes taken off, the project's folder put in.</summary>
    public static IReadOnlyList<string> Of(string command, string root)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        foreach (var one in command + "\n")
        {
            if (quote != '\0')
            {
                _ = one == quote ? word : word.Append(one);
                quote = one == quote ? '\0' : quote;
            }
            else if (one is '\'' or '"')
            {
                quote = one;
            }
            else if (!Breaks.Contains(one))
            {
                word.Append(one);
            }
            else if (word.Length > 0)
            {
                words.Add(Expand(word.ToString(), root));
                word.Clear();
            }
        }

        return words;
    }

    /// <summary>Puts the project's folder in for its variables.</summary>
    public static string Expand(string word, string root)
    {
        foreach (var name in FolderVariables)
        {
            word = word.Replace($"${{{name}}}", root, StringComparison.Ordinal).Replace($"${name}", root, StringComparison.Ordinal);
        }

        return word;
    }

    /// <summary>
    /// OpenHarness' <c>$ARGUMENTS</c> in shell text, as one word and never as text that the shell reads again: the JSON comes in a variable, and an unquoted mention of it is quoted.
    /// </summary>
    public static string QuoteArguments(string command)
    {
        const string Name = "$ARGUMENTS";
        var result = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < command.Length; i++)
        {
            var one = command[i];
            if (one == '\\' && quote != '\'' && i + 1 < command.Length)
            {
                result.Append(one).Append(command[++i]);
                continue;
            }

            if (quote != '\0')
            {
                quote = one == quote ? '\0' : quote;
            }
            else if (one is '\'' or '"')
            {
                quote = one;
            }
            else if (command.AsSpan(i).StartsWith(Name, StringComparison.Ordinal) && (i + Name.Length == command.Length || !(char.IsAsciiLetterOrDigit(command[i + Name.Length]) || command[i + Name.Length] == '_')))
            {
                result.Append('"').Append(Name).Append('"');
                i += Name.Length - 1;
                continue;
            }

            result.Append(one);
        }

        return result.ToString();
    }
}
