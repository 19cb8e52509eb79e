using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>What a person can do so that a call runs that was refused because nobody could be asked. Each thing that it names was tried on the policy: advice that changes nothing is worse than none.</summary>
/// <param name="Rules">The allow rules that together let it run; empty where none do.</param>
/// <param name="Unconfined">What lets it run without the sandbox, or null.</param>
/// <param name="OtherMode">Whether a mode lets it run.</param>
/// <param name="Otherwise">What to say where nothing does.</param>
internal sealed record Remedies(IReadOnlyList<string> Rules, string? Unconfined, bool OtherMode, string Otherwise)
{
    private bool None => Rules.Count == 0 && Unconfined is null && !OtherMode;

    /// <summary>Looks for them. <paramref name="hooks"/> is what hooks said of the call.</summary>
    public static Remedies Of(PermissionPolicy policy, CallToJudge call, Judgement judgement, Verdict? hooks)
    {
        // As it would be asked, without what holds only where nobody is.
        var options = policy.Options with { DenyInsteadOfPrompting = false, AllowConfined = false, Mode = policy.Options.Mode is PermissionMode.DontAsk ? PermissionMode.Default : policy.Options.Mode };
        var asking = new PermissionPolicy(options);
        var plain = asking.Judge(call);
        if (hooks is Verdict.Ask && plain.Verdict is Verdict.Allow)
        {
            return new([], null, false, "No allow rule and no mode stands in for the answer that the hook asks for.");
        }

        if (call is { AsksForNoSandbox: true, Commands: [var command, ..] })
        {
            var named = PermissionRule.Parse(RuleFor.Call(call), Verdict.Allow, new RuleSource(RuleLayer.User, "tried")).Rule;
            return named is not null && Allows(options with { AllowUnconfined = [.. options.AllowUnconfined, named] })
                ? new([], $"name the command in sandbox.allowUnconfined in their own settings ('{command.Text.Trim()}'); an allow rule does not free it from the sandbox", false, "")
                : new([], null, false, NothingHelps(plain));
        }

        return new(asking.Explain(call).Suggested, null, Allows(options with { Mode = PermissionMode.Bypass }) || Allows(options with { Mode = PermissionMode.AcceptEdits }), NothingHelps(judgement.Firm ? judgement : plain));

        bool Allows(PolicyOptions tried) => new PermissionPolicy(tried).Judge(call).Verdict is Verdict.Allow;
    }

    /// <summary>As a sentence about a run that nobody watches.</summary>
    public string ForPerson() => None ? Otherwise : $"The person can {(OtherMode ? Rules.Count > 0 ? "run again with another --mode, or " : "run again with another --mode" : "")}{Unconfined ?? AddRules()}.";

    /// <summary>As the end of a sentence, with what stands before it, about a mode or setting that refuses what would be asked.</summary>
    public string ForSettings() => None ? $". {Otherwise}" : $"; {Unconfined ?? string.Join(", or ", ((string[])[Rules.Count > 0 ? $"{AddRules()} to your settings" : "", OtherMode ? "choose another --mode" : ""]).Where(part => part.Length > 0))}.";

    private string AddRules() => Rules.Count == 0 ? "" : $"add the allow rule{(Rules.Count > 1 ? "s" : "")} {string.Join(" and ", Rules.Select(rule => $"'{rule}'"))}";

    private static string NothingHelps(Judgement judgement) => judgement.Rule is { } rule && rule.StartsWith("ask ", StringComparison.Ordinal)
        ? $"No allow rule and no mode stands in for that: a person answers, or takes the rule '{rule}' out."
        : "No allow rule and no mode stands in for that: it needs the answer of a person, where somebody can be asked.";
}
