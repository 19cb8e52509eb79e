using System.Text.Json;

namespace Bridle.Permissions;

/// <summary>What rules ask of a call's input: one parameter's value, or the agent or skill that is called.</summary>
internal static class RuleInput
{
    private static readonly string[] AgentFields = ["subagent_type", "agent", "agent_type", "name"];

    private static readonly string[] SkillFields = ["skill", "name", "command"];

    private static readonly string[] ArgumentFields = ["args", "arguments"];

    /// <summary>Whether the parameter is given and its value, as text, is the one the rule names; <c>*</c> stands for any run of characters. What is left out never matches.</summary>
    public static bool Matches(JsonElement input, string parameter, string value) =>
        input.ValueKind is JsonValueKind.Object && input.TryGetProperty(parameter, out var given) && TextOf(given) is { } text && MatchesText(value, text);

    /// <summary>
    /// Whether the rule's name is that of the agent or skill. <c>name *</c> is the name with any arguments. A bare name allows the call without arguments only;
    /// when it tightens it speaks of every call of that name.
    /// </summary>
    public static bool NamesSubject(string tool, JsonElement input, string specifier, bool tightens)
    {
        var agent = tool.Equals("Agent", StringComparison.OrdinalIgnoreCase);
        if (First(input, agent ? AgentFields : SkillFields) is not { } name)
        {
            return tightens;
        }

        name = name.TrimStart('/');
        var any = specifier.EndsWith(" *", StringComparison.Ordinal) || specifier.EndsWith(":*", StringComparison.Ordinal);
        var wanted = any ? specifier[..^2].TrimEnd() : specifier;
        if (!MatchesText(wanted, name))
        {
            return false;
        }

        return agent || any || tightens || First(input, ArgumentFields) is null or "";
    }

    private static string? First(JsonElement input, string[] fields) =>
        input.ValueKind is JsonValueKind.Object ? fields.Select(field => input.TryGetProperty(field, out var value) ? TextOf(value) : null).FirstOrDefault(text => text is not null) : null;

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private static bool MatchesText(string pattern, string text) =>
        Wildcard.Matches(pattern.Replace("\\", "\\\\").Replace("[", "\\[").Replace("?", "\\?"), text, StringComparison.Ordinal);
}
