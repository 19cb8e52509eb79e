using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>What a skill in use leaves of the calls that may be made. It can take away only: what it leaves is judged as ever.</summary>
/// <param name="By">What narrows, in words, such as <c>the skill 'deploy'</c>.</param>
/// <param name="Allowed">Allow rules of which some must cover a call; null where every call may be made.</param>
/// <param name="Refused">Deny rules that must not touch a call.</param>
public sealed record Narrowing(string By, IReadOnlyList<PermissionRule>? Allowed, IReadOnlyList<PermissionRule> Refused);

/// <summary>The narrowings of a policy with their rules ready. Each must let a call pass.</summary>
internal sealed class NarrowedCalls
{
    private readonly PolicyOptions _options;
    private readonly IReadOnlyList<(Narrowing One, CompiledRules Rules)> _all;

    public NarrowedCalls(PolicyOptions options)
    {
        _options = options;
        _all = [.. options.Narrowings.Select(one => (one, new CompiledRules(options with { Rules = [.. one.Allowed ?? [], .. one.Refused] })))];
    }

    /// <summary>Why the call may not be made, or null. What touches nothing outside the session is always free: asking, planning, the next skill.</summary>
    public string? WhatDenies(CallToJudge call)
    {
        if (call.Kind is ToolKind.Meta && !call.Tool.StartsWith("mcp__", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        foreach (var (one, rules) in _all)
        {
            if (rules.Touching(Verdict.Deny, call) is { } refused)
            {
                return $"{one.By} is in use, and its disallowed-tools '{refused.Rule.Text}' keep from {refused.What} until the person's next message.";
            }

            if (one.Allowed is { } allowed && AllowRules.Covering(rules, call, _options).Rule is null)
            {
                return $"{one.By} is in use, and until the person's next message its allowed-tools let only these calls be made: {(allowed.Count is 0 ? "none" : string.Join(", ", allowed.Select(rule => rule.Text)))}.";
            }
        }

        return null;
    }
}
