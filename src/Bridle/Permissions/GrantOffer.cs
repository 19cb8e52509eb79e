using Bridle.Permissions.Shell;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>What a person may agree to beyond one call: a rule that covers exactly the call that is shown, or nothing.</summary>
internal static class GrantOffer
{
    // A longer command is not taken in at a glance, and what was not seen was not agreed to.
    private const int LongestCommand = 1_000;

    /// <summary>The text of the rule, or null when none says exactly this call, or when the call cannot be shown whole and plain.</summary>
    public static string? For(CallToJudge call, PermissionPolicy policy)
    {
        if (call.Commands.Any(command => command.Text.Trim() is var text && (text.Length > LongestCommand || text.Contains('\n') || ShellParser.HiddenIn(text) is not null)))
        {
            return null;
        }

        var rule = PermissionRule.Parse(RuleFor.Call(call), Verdict.Allow, SessionGrants.Source with { Actor = call.Actor }) is { Rule: { Terms: [var term] } one, Problems: [] }
            && term.Command is null or { Shape: CommandPattern.Form.Exact } ? one : null;
        var alone = policy.Options with { DenyInsteadOfPrompting = false };
        return rule is not null && new PermissionPolicy(alone with { Rules = [.. alone.Rules, rule] }).Judge(call).Verdict is Verdict.Allow ? rule.Text : null;
    }
}
