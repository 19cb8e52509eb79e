using System.Text.Json;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Knows calls that make a commit.</summary>
public static class CommitCalls
{
    private const string GitTool = "Git";

    private static readonly HashSet<string> s_plain =
        ["-q", "--quiet", "-n", "--no-verify", "-s", "--signoff", "--amend", "--no-edit", "--allow-empty", "--allow-empty-message", "--no-gpg-sign", "--no-status", "--dry-run", "-v", "--verbose"];

    /// <summary>Whether the call runs <c>git commit</c>, by the tool for git or anywhere in a command; a command that cannot be read counts when it names both words.</summary>
    public static bool Makes(ToolInvocation invocation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        if (invocation is not { Tool.Definition: { } definition, Input: { } input })
        {
            return false;
        }

        if (definition.Name is GitTool)
        {
            return input.Json.ValueKind is JsonValueKind.Object && input.Json.TryGetProperty("verb", out var verb) && verb.ValueKind is JsonValueKind.String && verb.ValueEquals("commit"u8);
        }

        return input.Targets.OfType<CommandTarget>().Any(target => target.Command.Contains("commit", StringComparison.Ordinal))
            && CallReader.Read(definition, input, invocation.Scope.Files, invocation.Scope.WorkingDirectory).Commands.Any(Makes);
    }

    /// <summary>
    /// Whether a call that makes a commit may take up more than is staged when it begins: it stages as well, or names what it commits. What cannot be read does; what another program than git
    /// stages is not seen.
    /// </summary>
    public static bool StagesToo(ToolInvocation invocation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        if (invocation is not { Tool.Definition: { } definition, Input: { } input })
        {
            return true;
        }

        if (definition.Name is GitTool)
        {
            return !input.Json.TryGetProperty("arguments", out var words) || words.ValueKind is not JsonValueKind.Array
                ? false : TakesMore([.. words.EnumerateArray().Select(word => word.ValueKind is JsonValueKind.String ? word.GetString()! : "")]);
        }

        return CallReader.Read(definition, input, invocation.Scope.Files, invocation.Scope.WorkingDirectory).Commands.Any(command =>
            command.Script.Problem is not null || command.Reading.Commands.Where(one => one.Name is "git").Any(one => StagesToo(one.Texts)));
    }

    private static bool StagesToo(IReadOnlyList<string> words) =>
        GitVerbs.SkipGlobalOptions(words) is var verb && verb.Count > 1 && verb[1] is "commit" ? TakesMore([.. verb.Skip(2)]) : !GitVerbs.OnlyLooks(words);

    // Words of git commit that leave the index as it is; any other may name a file or be an option that stages.
    private static bool TakesMore(List<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] is "-m" or "-F" or "-C" or "--message" or "--author" or "--date" or "--file")
            {
                i++;
            }
            else if (!s_plain.Contains(words[i]) && !words[i].StartsWith("--message=", StringComparison.Ordinal) && !words[i].StartsWith("--author=", StringComparison.Ordinal)
                && !words[i].StartsWith("--date=", StringComparison.Ordinal) && !(words[i] is ['-', 'm', _, ..] or ['-', 'q', 'm']))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Makes(JudgedCommand command) =>
        command.Reading.Commands.Any(one => one.Name is "git" && GitVerbs.SkipGlobalOptions(one.Texts) is [_, "commit", ..])
        || (command.Script.Problem is not null && command.Text.Contains("git", StringComparison.Ordinal));
}
