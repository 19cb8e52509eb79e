using System.Text;

namespace Bridle.Hosting.Hooks;

/// <summary>The variables that what a hook runs may name.</summary>
internal static class HookVariables
{
    /// <summary>The variables that name the project's folder.</summary>
    public static IReadOnlyList<string> OfFolder { get; } = ["CLAUDE_PROJECT_DIR", "BRIDLE_PROJECT_DIR"];

    /// <summary>Puts the project's folder in for its variables.</summary>
    public static string Expand(string word, string root)
    {
        foreach (var name in OfFolder)
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
