using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Whether allow rules cover a call: every path, command and address of it.</summary>
internal static class AllowRules
{
    /// <summary>A rule when everything is covered; else what a rule that nearly covers it leaves out, or nothing.</summary>
    public static (PermissionRule? Rule, string? Missing) Covering(CompiledRules rules, CallToJudge call, PolicyOptions options)
    {
        var whole = rules.Of(Verdict.Allow).FirstOrDefault(entry => IsWhole(entry.Term, call)).Rule;
        if (whole is not null && call.IsSaidAsCommand)
        {
            return (whole, null);
        }

        PermissionRule? last = null;
        foreach (var command in call.Commands)
        {
            var covering = new CommandAllowance(rules, call, command, options);
            if (!covering.Covers(whole))
            {
                return (null, covering.Missing);
            }

            last = covering.Rule ?? last;
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
            if (OfAddress(rules.Of(Verdict.Allow), call.Tool, address) is not { } rule)
            {
                return (null, null);
            }

            last = rule;
        }

        return (last, null);
    }

    /// <summary>Whether a rule speaks of every call like this one.</summary>
    public static bool IsWhole(RuleTerm term, CallToJudge call) =>
        term.Names(call.Tool) && (term.Scope is RuleScope.Tool || (term.Scope is RuleScope.Subject && RuleInput.NamesSubject(term.Tool, call.Input, term.Specifier, tightens: false)));

    /// <summary>The rule for the address' host: for the host's own https site, not for whatever listens on another port.</summary>
    public static PermissionRule? OfAddress(IEnumerable<CompiledRules.Entry> entries, string tool, string address) =>
        HostPattern.Read(address, out _) is { Scheme: "https", IsDefaultPort: true } uri
            ? entries.FirstOrDefault(entry => entry.Term.Scope is RuleScope.Host && entry.Term.Names(tool) && HostPattern.Matches(entry.Term.Specifier, uri.IdnHost)).Rule
            : null;
}
