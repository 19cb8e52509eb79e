using System.Text.Json;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Knows calls that make a commit.</summary>
public static class CommitCalls
{
    private const string GitTool = "Git";

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

    private static bool Makes(JudgedCommand command) =>
        command.Reading.Commands.Any(one => one.Name is "git" && GitVerbs.SkipGlobalOptions(one.Texts) is [_, "commit", ..])
        || (command.Script.Problem is not null && command.Text.Contains("git", StringComparison.Ordinal));
}
