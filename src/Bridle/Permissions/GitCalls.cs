using System.Text;
using System.Text.Json;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Calls of the tool for git as the commands that they are: what rules say of <c>git commit</c> holds for them too.</summary>
public static class GitCalls
{
    /// <summary>The tool's name.</summary>
    public const string Tool = "Git";

    private const string Program = "git";

    /// <summary>
    /// What a text such as <c>commit -m 'two words'</c>, as a person writes it, gives the tool: its verb and the words behind it, with or without <c>git</c> before them. Null
    /// when it is not one command of plain words.
    /// </summary>
    public static IReadOnlyList<string>? WordsOf(string text)
    {
        if (ShellParser.Parse(text) is not { Problem: null, Body.Items: [{ Command: SimpleCommand { Assignments: [], Redirects: [] } only }] } || !only.Words.All(word => word.Plain))
        {
            return null;
        }

        List<string> words = [.. only.Words.Select(word => word.Text).SkipWhile((word, at) => at == 0 && word is Program)];
        return words.Count == 0 ? null : words;
    }

    /// <summary>The command that a call of the tool stands for, quoted so that a shell reads it word for word; null for any other tool.</summary>
    public static string? CommandOf(string tool, JsonElement input)
    {
        if (tool is not Tool || input.ValueKind is not JsonValueKind.Object || !input.TryGetProperty("verb", out var verb) || verb.ValueKind is not JsonValueKind.String)
        {
            return null;
        }

        var text = new StringBuilder(Program).Append(' ').Append(Quoted(verb.GetString()!));
        if (input.TryGetProperty("arguments", out var arguments) && arguments.ValueKind is JsonValueKind.Array)
        {
            foreach (var argument in arguments.EnumerateArray())
            {
                text.Append(' ').Append(Quoted(argument.ValueKind is JsonValueKind.String ? argument.GetString()! : argument.GetRawText()));
            }
        }

        return text.ToString();
    }

    /// <summary>The pattern of a rule <c>Git(commit:*)</c>, or null when no verb of git's stands in it: then nobody knows what it means.</summary>
    internal static CommandPattern? PatternOf(string specifier)
    {
        var verb = specifier.Split((char[])[' ', '\t'], 2)[0];
        verb = verb.EndsWith(":*", StringComparison.Ordinal) ? verb[..^2] : verb;
        return GitVerbs.IsKnown(verb) ? CommandPattern.Parse($"{Program} {specifier}") : null;
    }

    /// <summary>Whether an allow rule for commands speaks of git by name: one that only happens to fit does not open the tool.</summary>
    internal static bool IsNamedBy(CommandPattern pattern) => pattern.Text.StartsWith("git ", StringComparison.Ordinal) || pattern.Text is "git:*";

    private static string Quoted(string word) => word.Length > 0 && Enumerable.Range(0, word.Length).All(at => IsPlain(word, at)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(string word, int at) =>
        char.IsAsciiLetterOrDigit(word[at]) || word[at] is '_' or '@' or '%' or '+' or '=' or ':' or ',' or '.' or '/' or '-' or '^' || (word[at] is '~' && at > 0 && char.IsAsciiLetterOrDigit(word[at - 1]));
}
