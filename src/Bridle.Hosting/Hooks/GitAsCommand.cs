using System.Text.Json.Nodes;
using Bridle.Hooks;
using Bridle.Permissions;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// Calls of the tool Git as hooks for <c>Bash</c> hear of them: other harnesses run git in the shell, and a guard that somebody wrote for <c>git push</c> there must not be passed by.
/// A hook whose matcher fits the tool by its own name hears of it under that name, and once.
/// </summary>
internal static class GitAsCommand
{
    /// <summary>The tool that such a hook is told of.</summary>
    public const string Tool = "Bash";

    /// <summary>The command that the hook is told of in place of a call of the tool Git; null for every other call, and for a hook that hears of Git by name.</summary>
    public static string? Of(DeclaredHook hook, HookOccasion occasion) =>
        occasion is { Subject: GitCalls.Tool, Invocation: { Tool: { } tool, Input: { } input } } && !hook.Matcher.Fits(GitCalls.Tool) && hook.Matcher.Fits(Tool)
            ? GitCalls.CommandOf(tool.Definition.Name, input.Json)
            : null;

    /// <summary>The input of the tool Git for what such a hook made of the command, as JSON text; null where that is not git with a verb and plain words alone, which the tool cannot run.</summary>
    public static string? Taken(JsonObject updated)
    {
        if (updated["command"] is not JsonValue value || !value.TryGetValue(out string? text) || !text.TrimStart().StartsWith("git ", StringComparison.Ordinal)
            || GitCalls.WordsOf(text) is not { Count: > 0 } words || words[0] is ['-', ..])
        {
            return null;
        }

        return new JsonObject { ["verb"] = words[0], ["arguments"] = new JsonArray([.. words.Skip(1).Select(JsonNode? (word) => JsonValue.Create(word))]) }.ToJsonString();
    }
}
