using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>What the approval stage works with.</summary>
public sealed record ApprovalOptions
{
    /// <summary>Who is asked.</summary>
    public required IApprover Approver { get; init; }

    /// <summary>Binds an input that the approver changed.</summary>
    public required Func<ToolInvocation, string, BindOutcome> Rebind { get; init; }

    /// <summary>Makes the id of a request.</summary>
    public required Func<string> NewId { get; init; }

    /// <summary>What was asked, and perhaps answered, about a call before a restart, or null; see <see cref="SessionGrants.AnswerFor"/>.</summary>
    public Func<ToolInvocation, EarlierAnswer?> FindEarlier { get; init; } = _ => null;

    /// <summary>What may answer in a person's place.</summary>
    public HookSet Hooks { get; init; } = HookSet.None;

    /// <summary>What a hook answered to the same call, name and input before a restart, or null.</summary>
    public Func<CallId, string, string, HookRan?> FindRecorded { get; init; } = (_, _, _) => null;

    /// <summary>
    /// Keeps a grant for a project or for always and gives null, or says why it could not. Null where nothing is kept: then neither is offered. The folder of a grant for a
    /// project is the workspace root.
    /// </summary>
    public Func<PermissionGrant, string?>? Keep { get; init; }

    /// <summary>Whether a yes may hold for more than one call. Off where only the administrator's rules allow anything.</summary>
    public bool OfferGrants { get; init; } = true;

    /// <summary>Whether a hook's answer may set a mode; not one that is looser than what the administrator has fixed.</summary>
    public Func<string, bool> MaySetMode { get; init; } = _ => true;

    /// <summary>How long a question waits for its answer; then it is a no.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long a yes holds.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>
/// Asks the person. A yes binds the exact input, the base file's hash and the isolation, is synced before it is acted on, and expires. One question at a time.
/// Nobody there means no.
/// </summary>
public sealed class ApprovalStage(PermissionsInForce inForce, ApprovalOptions options) : ToolStage
{
    private const string NoPlanMode = "Plan mode is not on, so no plan waits for an approval and nobody was asked. Do what the person asked for; permission decides each step.";

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly AnsweringHooks _hooks = new(options, inForce);

    /// <inheritdoc/>
    public override string Name => "approval";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        // The person said no to this very call, and the restart came before the model heard of it: no rule of today changes that.
        if (options.FindEarlier(invocation) is { Given: { Verdict: "deny", By: "person" } no } earlier && IsSameInput(earlier.Request, invocation))
        {
            return RefuseAsTold(invocation, no.Reason, null);
        }

        // Where an approval was recorded before a restart, plan mode is over by it.
        if (invocation.Tool!.Definition.Name is PermissionPolicy.ExitPlanMode && inForce.Policy.Options.Mode is not PermissionMode.Plan
            && options.FindEarlier(invocation) is not { Given.Verdict: "allow" })
        {
            return ToolResult.Completed(NoPlanMode);
        }

        if (invocation.Judgement is { Verdict: Verdict.Ask })
        {
            await _oneAtATime.WaitAsync(cancellationToken);
            try
            {
                if (await ApproveAsync(invocation, asksHooks: true, cancellationToken) is { } refusal)
                {
                    return refusal;
                }
            }
            finally
            {
                _oneAtATime.Release();
            }
        }

        return invocation.Tell(await next(invocation, cancellationToken));
    }

    // Null: approved. The base file is looked at again after the answer, because people take their time.
    private async ValueTask<ToolResult?> ApproveAsync(ToolInvocation invocation, bool asksHooks, CancellationToken cancellationToken)
    {
        var earlier = options.FindEarlier(invocation);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            // An answer to another question may have settled this one meanwhile.
            var call = PermissionStage.CallOf(inForce, invocation);
            invocation.JudgedPaths = call.Paths;
            var now = inForce.Renewed().Judge(call, PermissionStage.VerdictBefore(invocation), PermissionStage.AllowedBy(invocation));
            if (now.Verdict is Verdict.Allow)
            {
                invocation.Judgement = now;
                return null;
            }

            if (now.Verdict is Verdict.Deny)
            {
                return PermissionStage.Refuse(now.Reason);
            }

            var preview = await invocation.Tool!.PreviewAsync(invocation.Input!, invocation.Scope, cancellationToken);
            var holds = earlier is not null && StillHolds(earlier.Request, invocation, preview) ? earlier : null;
            earlier = null;
            var hooked = asksHooks && attempt == 0 && holds is not { Given: { By: "person" } }
                ? await _hooks.AskAsync(invocation, (hook, hash) => options.FindRecorded(invocation.Call.Id, hook, hash), cancellationToken) : null;
            var (answer, request, late) = holds is { Given: { By: "person" } given }
                ? (AnswerOf(given), holds.Request, false)
                : await AskAsync(invocation, call, preview, (attempt, hooked), holds is { Given: null } ? holds.Request : null, cancellationToken);
            if (answer is not { Allowed: true })
            {
                return answer is not null ? RefuseAsTold(invocation, answer.Reason, hooked?.By)
                    : PermissionStage.Refuse(late ? $"{invocation.Judgement!.Reason} {LateReason()} Do what can be done without it and say what was left out." : NobodyThere(call, invocation));
            }

            if (answer.EditedInput is { } edited)
            {
                return await TakeEditedAsync(invocation, edited, hooked?.By, cancellationToken);
            }

            var after = await invocation.Tool.PreviewAsync(invocation.Input!, invocation.Scope, cancellationToken);
            if (after?.BaseHash == preview?.BaseHash && invocation.Scope.Time.GetUtcNow() < request.ExpiresAt)
            {
                await LeavePlanModeAsync(invocation, cancellationToken);
                return null;
            }
        }

        return ToolResult.Failed("The file changed, or the approval ran out, twice while the person was asked. Nothing was done. Read the file again and repeat the call.");
    }

    private async ValueTask<(ApprovalAnswer? Answer, ApprovalRequested Request, bool Late)> AskAsync(
        ToolInvocation invocation, CallToJudge call, CallPreview? preview, (int Attempt, HookedAnswer? Hooked) round, ApprovalRequested? open, CancellationToken cancellationToken)
    {
        var (definition, input) = (invocation.Tool!.Definition, invocation.Input!);
        var reason = round.Attempt == 0 ? invocation.Judgement!.Reason : $"Asked again because the file changed meanwhile. {invocation.Judgement!.Reason}";

        // What is shown is what will run, never what an old record says about it.
        var request = new ApprovalRequested(
            open?.Id ?? options.NewId(), invocation.Call.Id, definition.Name, InputHash.TextOf(input.Json), InputHash.Of(definition.Name, input.Json), preview?.BaseHash, invocation.Isolation, reason,
            open?.ExpiresAt ?? invocation.Scope.Time.GetUtcNow() + options.Expiry);
        if (open is null)
        {
            await invocation.RecordAsync(request, Durability.Written, cancellationToken);
        }

        var offer = options.OfferGrants ? GrantOffer.For(call, inForce.Policy) : null;
        IReadOnlyList<string> scopes = offer is null ? ["once"] : options.Keep is null ? ["once", "session"] : ["once", "session", "project", "always"];
        var (answer, late) = round.Hooked is { } hooked ? (hooked.Answer, false) : await WaitAsync(new ApprovalPrompt(request, preview?.Diff, scopes) { Grant = offer }, invocation.Scope.Time, cancellationToken);
        var grant = answer is { Allowed: true, EditedInput: null } && offer is not null && answer.Scope != "once" && scopes.Contains(answer.Scope) ? GrantOf(answer.Scope, offer, request, call, invocation) : null;
        if (grant is { Lifetime: not GrantLifetime.Session } && options.Keep!(grant) is { } problem)
        {
            // The yes stands, for as long as it can be kept: a session's grants live in its log.
            invocation.Scope.ShowProgress($"The permission could not be kept beyond this session: {problem}");
            grant = grant with { Lifetime = GrantLifetime.Session, Folder = null };
        }

        await invocation.RecordAsync(Given(request, answer, late, grant, round.Hooked is null ? "person" : "hook") with { Rules = round.Hooked?.Rules }, Durability.Synced, cancellationToken);
        if (grant?.ToRule() is { } rule)
        {
            inForce.Add(rule);
        }

        return (answer, request, late);
    }

    private ApprovalGiven Given(ApprovalRequested request, ApprovalAnswer? answer, bool late, PermissionGrant? grant, string by) => answer is null
        ? new ApprovalGiven(request.Id, "deny", "once", late ? "timeout" : "headless", late ? LateReason() : "Nobody is there to ask.")
        : new ApprovalGiven(request.Id, answer.Allowed ? "allow" : "deny", grant is null ? "once" : NameOf(grant.Lifetime), by, answer.Reason, answer.EditedInput)
        {
            Rule = grant?.RuleText,
            Grant = grant is null ? null : new GrantGiven(grant.Id, grant.Actor, grant.Capability, grant.Pattern, NameOf(grant.Lifetime)),
        };

    // An approver that does not listen to the token is left behind all the same.
    private async ValueTask<(ApprovalAnswer? Answer, bool Late)> WaitAsync(ApprovalPrompt prompt, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return (await options.Approver.ApproveAsync(prompt, either.Token).AsTask().WaitAsync(either.Token), false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, true);
        }
    }

    private PermissionGrant GrantOf(string scope, string rule, ApprovalRequested request, CallToJudge call, ToolInvocation invocation)
    {
        var lifetime = scope switch { "project" => GrantLifetime.Project, "always" => GrantLifetime.Always, _ => GrantLifetime.Session };
        var id = request.Id.Length > 8 ? request.Id[..8] : request.Id;
        return PermissionGrant.Of(id, call.Actor, rule, lifetime, invocation.Scope.Time.GetUtcNow()) with { Folder = lifetime is GrantLifetime.Project ? inForce.Policy.Options.Root : null };
    }

    private string LateReason() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Nobody answered within {options.AnswerWithin.TotalSeconds:0.#} s, which counts as no.");

    private static string NameOf(GrantLifetime lifetime) => lifetime switch { GrantLifetime.Project => "project", GrantLifetime.Always => "always", _ => "session" };

    // The person wrote it, so they are not asked about it again; what is denied stays denied. A hook's rewrite is asked about where only a person may decide.
    private async ValueTask<ToolResult?> TakeEditedAsync(ToolInvocation invocation, string edited, string? hook, CancellationToken cancellationToken)
    {
        var by = hook ?? "The person";
        var bound = options.Rebind(invocation, edited);
        if (bound.Input is not { } input)
        {
            return ToolResult.Failed($"{by} changed the input, and it does not fit the tool: {bound.Error}");
        }

        var asked = InputHash.TextOf(invocation.Input!.Json);
        invocation.Input = input;
        var judgement = await PermissionStage.JudgeAsync(inForce, invocation, cancellationToken);
        if (judgement.Verdict is Verdict.Deny)
        {
            return PermissionStage.Refuse($"{by} changed the input. {judgement.Reason}");
        }

        if (hook is not null && judgement is { Verdict: Verdict.Ask, Firm: true })
        {
            return await ApproveAsync(invocation, asksHooks: false, cancellationToken);
        }

        // Somebody was asked: what they wrote is no call that runs only because it is confined.
        invocation.Judgement = judgement with { Reach = null };
        invocation.PersonsInput = hook is null && InputHash.TextOf(input.Json) is var written && written != asked ? written : null;
        await LeavePlanModeAsync(invocation, cancellationToken);
        return null;
    }

    private async ValueTask LeavePlanModeAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (invocation.Tool!.Definition.Name is PermissionPolicy.ExitPlanMode && inForce.Policy.Options.Mode is PermissionMode.Plan)
        {
            var strict = inForce.Policy.Options.Strict;
            await invocation.RecordAsync(
                new ModeChanged(PermissionModes.NameOf(PermissionMode.Plan), PermissionModes.NameOf(PermissionMode.Default, strict), "plan_approved"), Durability.Synced, cancellationToken);
            inForce.SetMode(PermissionMode.Default, strict);
        }
    }

    private static bool StillHolds(ApprovalRequested earlier, ToolInvocation invocation, CallPreview? preview) =>
        IsSameInput(earlier, invocation)
        && earlier.BaseHash == preview?.BaseHash
        && earlier.Isolation == invocation.Isolation
        && invocation.Scope.Time.GetUtcNow() < earlier.ExpiresAt;

    private static bool IsSameInput(ApprovalRequested earlier, ToolInvocation invocation) =>
        earlier.InputHash == InputHash.Of(invocation.Tool!.Definition.Name, invocation.Input!.Json);

    private static ToolResult RefuseAsTold(ToolInvocation invocation, string? reason, string? hook)
    {
        invocation.PersonSaidNo = hook is null;
        return PermissionStage.Refuse($"{hook ?? "The person"} said no{(reason is { Length: > 0 } ? $": {reason}" : ".")}");
    }

    private static ApprovalAnswer AnswerOf(ApprovalGiven given) => new(given.Verdict == "allow", "once", given.Reason, given.EditedInput);

    private string NobodyThere(CallToJudge call, ToolInvocation invocation) =>
        $"{invocation.Judgement!.Reason} Nobody is there to ask. Do what can be done without it and say what was left out. {Remedies.Of(inForce.Policy, call, invocation.Judgement, PermissionStage.VerdictBefore(invocation)).ForPerson()}";
}
