using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>
/// Lets hooks answer in a person's place. A no always counts; a yes does not where only a person may decide: ask rules, protected and sensitive files, critical removals.
/// What is denied never gets here.
/// </summary>
internal sealed class AnsweringHooks(ApprovalOptions options, PermissionsInForce inForce)
{
    /// <summary>The hooks' answer, or null: a person is asked.</summary>
    public async ValueTask<HookedAnswer?> AskAsync(ToolInvocation invocation, Func<string, string, HookRan?> findRecorded, CancellationToken cancellationToken)
    {
        if (!options.Hooks.Hears(HookEvents.PermissionRequest))
        {
            return null;
        }

        var occasion = new HookOccasion(HookEvents.PermissionRequest) { Subject = invocation.Tool!.Definition.Name, Invocation = invocation };
        var said = await options.Hooks.AskAsync(occasion, new HookLog(invocation.RecordAsync) { Beside = invocation.Asking?.Beside, FindRecorded = findRecorded }, cancellationToken);
        invocation.StopReason ??= said.StopReason;
        switch (said)
        {
            case { StopReason: { } stop }:
                return new(new(false, Reason: stop), "A hook");
            case { Verdict: Verdict.Deny, Decider: { } no }:
                return new(new(false, Reason: no.Answer.Reason), $"The hook '{no.Hook}'");
            case { Verdict: Verdict.Allow, Decider: { } yes } when invocation.Judgement is not { Firm: true }:
                var rules = await WidenAsync(invocation, yes.Answer, cancellationToken);
                return new(new(true, EditedInput: said.Rewriter?.Answer.UpdatedInput), $"The hook '{yes.Hook}'") { Rules = rules };
            default:
                return null;
        }
    }

    // The rules that a hook adds hold for the session, as if a person had said so.
    private async ValueTask<IReadOnlyList<HookRule>?> WidenAsync(ToolInvocation invocation, HookAnswer answer, CancellationToken cancellationToken)
    {
        var added = new List<HookRule>();
        foreach (var (text, verdict) in answer.Rules)
        {
            // Where only the administrator's rules allow anything, a hook's do not either.
            if ((verdict is not Verdict.Allow || options.OfferGrants) && PermissionRule.Parse(text, verdict, SessionGrants.HookSource).Rule is { } rule)
            {
                inForce.Add(rule);
                added.Add(new(text, verdict.ToString().ToLowerInvariant()));
            }
        }

        // Nobody but a person at the command line takes all questions away, or makes less strict what is strict.
        var now = inForce.Policy.Options;
        if (answer.Mode is { } name && PermissionModes.Parse(name) is { Mode: not PermissionMode.Bypass } wanted && (wanted.Mode != now.Mode || (wanted.Strict && !now.Strict)) && options.MaySetMode(name))
        {
            var strict = wanted.Strict || now.Strict;
            await invocation.RecordAsync(new ModeChanged(PermissionModes.NameOf(now.Mode, now.Strict), PermissionModes.NameOf(wanted.Mode, strict), "hook"), Durability.Synced, cancellationToken);
            inForce.SetMode(wanted.Mode, strict);
        }

        return added.Count == 0 ? null : added;
    }
}

/// <summary>An answer and who gave it, in words.</summary>
internal sealed record HookedAnswer(ApprovalAnswer Answer, string By)
{
    /// <summary>The rules that came with it, or null.</summary>
    public IReadOnlyList<HookRule>? Rules { get; init; }
}
