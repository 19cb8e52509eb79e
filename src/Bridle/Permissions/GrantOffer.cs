using Bridle.Permissions.Shell;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>What a person may agree to beyond one call: a rule that covers exactly the call that is shown, or nothing.</summary>
internal static class GrantOffer
{
    // A rule for a whole tool covers every other call of it, whatever was shown. A longer command is not taken in at a glance, and what was not seen was not agreed to.
    private const int LongestCommand = 1_000;

    /// <summary>The text of the rule, or null when none says exactly this call, or when the call cannot be shown whole and plain.</summary>
    public static string? For(CallToJudge call, PermissionPolicy policy)
    {
        if (call.Commands.Any(command => command.Text.Trim() is var text && (text.Length > LongestCommand || text.Contains('\n') || ShellParser.HiddenIn(text) is not null)))
        {
            return null;
        }

        return Parts(call).Append(RuleFor.Call(call)).Select(text => Exact(text, call, policy)).FirstOrDefault(rule => rule is not null);
    }

    // Of several commands, only the one that is not allowed already: what is agreed to is that, wherever it stands again. Where more than one is missing, the whole text as it is.
    private static IEnumerable<string> Parts(CallToJudge call) => call.Commands is [var command] && command.Direct.Count() > 1
        ? command.Direct.Where(one => one.Assignments.Count == 0 && one.Words[0].Span.Start < one.Words[^1].Span.End && one.Words[^1].Span.End <= command.Text.Length)
            .Select(one => $"{call.Tool}({command.Text[one.Words[0].Span.Start..one.Words[^1].Span.End]})")
        : [];

    private static string? Exact(string text, CallToJudge call, PermissionPolicy policy)
    {
        var rule = PermissionRule.Parse(text, Verdict.Allow, SessionGrants.Source with { Actor = call.Actor }) is { Rule: { Terms: [var term] } one, Problems: [] }
            && term is { Scope: not RuleScope.Tool, Command: null or { Shape: CommandPattern.Form.Exact } } ? one : null;
        var alone = policy.Options with { DenyInsteadOfPrompting = false };
        return rule is not null && new PermissionPolicy(alone with { Rules = [.. alone.Rules, rule] }).Judge(call).Verdict is Verdict.Allow ? rule.Text : null;
    }
}
