using System.Text.Json;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Hosting.Cases;

/// <summary>The policy that a case states.</summary>
internal static class CasePolicy
{
    private static readonly (string Name, Verdict Verdict)[] Lists = [("allow", Verdict.Allow), ("ask", Verdict.Ask), ("deny", Verdict.Deny)];

    /// <summary>Reads it. Throws <see cref="FormatException"/> when a part of it cannot be understood: a case whose rule does not hold proves nothing.</summary>
    public static PolicyOptions Of(JudgeCase one)
    {
        var policy = one.Policy;
        var mode = Text(policy, "mode") ?? "default";
        var options = new PolicyOptions
        {
            Root = Text(policy, "root") ?? "/ws",
            Home = Text(policy, "home") ?? "/home/u",
            Trusted = Flag(policy, "trusted") ?? true,
            ReadOnlyCommands = Text(policy, "read_only_commands") is not "ask",
            AllowConfined = Flag(policy, "auto_allow_if_sandboxed") ?? false,
            Rules = [.. Lists.SelectMany(list => Rules(one, list.Name, list.Verdict))],
        };
        options = PermissionModes.Parse(mode) is { } choice
            ? options with { Mode = choice.Mode, Strict = choice.Strict }
            : throw new FormatException($"{one.Id}: there is no mode '{mode}'.");
        return policy.TryGetProperty("agent", out var agent) ? Narrowed(options, agent) : options;
    }

    /// <summary>Whether a person is there to be asked.</summary>
    public static bool SomebodyThere(JudgeCase one) => Flag(one.Policy, "interactive") ?? true;

    /// <summary>Whether the sandbox is on for the case.</summary>
    public static bool Confines(JudgeCase one) => Text(one.Policy, "sandbox") == "on" && one.Tool == "Bash";

    // A sub-agent has the tools of its list; one that is isolated works in its worktree and writes nowhere else.
    private static PolicyOptions Narrowed(PolicyOptions options, JsonElement agent)
    {
        if (agent.TryGetProperty("tools", out var tools))
        {
            options = options with { OnlyTools = tools.EnumerateArray().Select(tool => tool.GetString()!).ToHashSet(StringComparer.Ordinal) };
        }

        return Text(agent, "isolation") is { } isolation && isolation.StartsWith("worktree:", StringComparison.Ordinal)
            ? options with { Root = isolation["worktree:".Length..], BlockWritesOutside = true }
            : options;
    }

    private static IEnumerable<PermissionRule> Rules(JudgeCase one, string name, Verdict verdict)
    {
        foreach (var text in one.Policy.TryGetProperty(name, out var rules) ? rules.EnumerateArray().Select(rule => rule.GetString()!).ToList() : [])
        {
            var outcome = PermissionRule.Parse(text, verdict, new RuleSource(RuleLayer.User, $"case {one.Id}"));
            yield return outcome is { Rule: { } rule, Problems.Count: 0 } ? rule : throw new FormatException($"{one.Id}: {string.Join(' ', outcome.Problems)}");
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static bool? Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.ValueKind is JsonValueKind.True : null;
}
