using Bridle.Events;
using Bridle.Journal;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Judges the call. A deny ends it here; an ask goes on to approval, unless a hook allowed it and the question is not a firm one.</summary>
public sealed class PermissionStage(PermissionsInForce inForce) : ToolStage
{
    /// <inheritdoc/>
    public override string Name => "permission";

    /// <summary>What stands against the call whatever anybody answers, or null. For the hook stage, which must not tell hooks about such a call.</summary>
    public Judgement? WhatDenies(ToolInvocation invocation) => inForce.Policy.WhatDenies(CallOf(inForce, invocation));

    /// <summary>Says no in the words the model reads.</summary>
    public static ToolResult Refuse(string reason) => ToolResult.Denied($"[Permission denied] {reason}");

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var judgement = await JudgeAsync(inForce, invocation, cancellationToken);
        return judgement.Verdict is Verdict.Deny ? Refuse(judgement.Reason) : await next(invocation, cancellationToken);
    }

    internal static async ValueTask<Judgement> JudgeAsync(PermissionsInForce inForce, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var call = CallOf(inForce, invocation);
        var judgement = inForce.Renewed().Judge(call, VerdictBefore(invocation), AllowedBy(invocation));
        (invocation.Judgement, invocation.JudgedPaths) = (judgement, call.Paths);
        await invocation.RecordAsync(
            new CallJudged(invocation.Call.Id, judgement.Verdict.ToString().ToLowerInvariant(), judgement.Reason, judgement.Rule), Durability.Written, cancellationToken);
        return judgement;
    }

    internal static Verdict? VerdictBefore(ToolInvocation invocation) => invocation.HookVerdict ?? (invocation.VouchedBy is null ? null : Verdict.Allow);

    internal static string AllowedBy(ToolInvocation invocation) => invocation.HookVerdict is null && invocation.VouchedBy is { } who ? $"Allowed by {who}." : PermissionPolicy.ByHook;

    internal static CallToJudge CallOf(PermissionsInForce inForce, ToolInvocation invocation) =>
        CallReader.Read(invocation.Tool!.Definition, invocation.Input!, invocation.Scope.Files, invocation.Scope.WorkingDirectory) with
        {
            Confined = invocation.Plan.KeepsToWorkspace,
            Fetching = invocation.Plan.Fetching,
            NothingConfines = invocation.Plan is { Backend: IsolationPlan.Nothing, IsByRequest: false },
            Guarded = () => inForce.Guarded(fresh: false),
            Foreseen = new(inForce.Foresight),
        };
}
