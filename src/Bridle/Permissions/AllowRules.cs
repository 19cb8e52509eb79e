using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Whether allow rules cover a call: every path, command and address of it.</summary>
internal static class AllowRules
{
    /// <summary>A rule when everything is covered; else what a rule that nearly covers it leaves out, or nothing.</summary>
    public static (PermissionRule? Rule, string? Missing) Covering(CompiledRules rules, CallToJudge call)
    {
        var whole = rules.Of(Verdict.Allow).FirstOrDefault(entry => IsWhole(entry.Term, call)).Rule;
        PermissionRule? last = null;
        foreach (var command in call.Commands)
        {
            var (rule, missing) = OfCommand(rules, call.Tool, command);
            rule ??= command.Command.NotSimple is null ? whole : null;
            if (rule is null)
            {
                return (null, missing);
            }

            last = rule;
        }

        if (whole is not null)
        {
            return (last ?? whole, null);
        }

        foreach (var path in call.Paths)
        {
            if (rules.Allowing(path.Path, path.Access, call.Tool) is not { } rule)
            {
                return (null, null);
            }

            last = rule;
        }

        foreach (var address in call.Addresses)
        {
            if (OfAddress(rules, call.Tool, address) is not { } rule)
            {
                return (null, null);
            }

            last = rule;
        }

        return (last, null);
    }

    private static bool IsWhole(RuleTerm term, CallToJudge call) =>
        term.Names(call.Tool) && (term.Scope is RuleScope.Tool || (term.Scope is RuleScope.Subject && RuleInput.NamesSubject(term.Tool, call.Input, term.Specifier, tightens: false)));

    private static (PermissionRule? Rule, string? Missing) OfCommand(CompiledRules rules, string tool, JudgedCommand command)
    {
        string? missing = null;
        foreach (var entry in rules.Of(Verdict.Allow).Where(entry => entry.Term.Scope is RuleScope.Command && entry.Term.Names(tool)))
        {
            var coverage = entry.Term.Command!.Allows(command.Command);
            if (coverage.Covers)
            {
                return (entry.Rule, null);
            }

            missing ??= coverage.Missing is { } part ? $"The rule 'allow {entry.Rule.Text}' does not cover it: {part}." : null;
        }

        return (null, missing);
    }

    // A host rule speaks of the host's own https site, not of whatever listens on another port.
    private static PermissionRule? OfAddress(CompiledRules rules, string tool, string address) =>
        HostPattern.Read(address, out _) is { Scheme: "https", IsDefaultPort: true } uri
            ? rules.Of(Verdict.Allow).FirstOrDefault(entry => entry.Term.Scope is RuleScope.Host && entry.Term.Names(tool) && HostPattern.Matches(entry.Term.Specifier, uri.IdnHost)).Rule
            : null;
}
