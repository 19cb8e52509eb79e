using Bridle.Events;
using Bridle.Hooks;
using Bridle.Hosting.Grants;
using Bridle.Hosting.Settings;
using Bridle.Journal;
using Bridle.Models;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Sensors;
using Bridle.Tools;
using Bridle.Tools.Git;
using Bridle.Workspaces;

namespace Bridle.Hosting.Assembly;

/// <summary>Puts the gate together: the rules of all layers, the mode, and the stages in their one order.</summary>
internal static class GateAssembly
{
    /// <summary>The policy of a session, with what is wrong with some rules.</summary>
    public static PermissionsInForce Permissions(
        HarnessRequest request, HostFiles files, ModeChoice mode, string root, IReadOnlyList<Recorded> before, ToolSet tools, List<string> notices, IGitForesight? foresight)
    {
        var options = PolicyAssembly.Options(request, files, mode, root, SessionGrants.From(before), tools.Names, notices);
        var inForce = new PermissionsInForce(options, request.InMemory || files.Layers.ManagedAllowOnly ? null : () => PolicyAssembly.RulesOf(PolicyAssembly.Kept(request, files, root, []))) { Foresight = foresight };
        foreach (var rule in SessionGrants.HookRules(before).Where(rule => rule.Verdict is not Verdict.Allow || !files.Layers.ManagedAllowOnly))
        {
            inForce.Add(rule);
        }

        return inForce;
    }

    /// <summary>What looks at what git would change, in the sandbox of the session; null for a workspace that is not on this machine's disk.</summary>
    public static IGitForesight? Foresight(HarnessRequest request, IWorkspace workspace, SandboxInForce sandbox) =>
        request.Workspace is null ? new GitForesight(() => sandbox.Confine(workspace.Processes, sandbox.Plan), request.Time) : null;

    /// <summary>The tools as the model sees them: without those that a rule denies whole and those that are found by search. The same instance while nothing changed.</summary>
    public static Func<IReadOnlyList<ToolSchema>> Offered(ToolSet tools, PermissionsInForce inForce, ToolOffer? offer = null)
    {
        (IReadOnlyList<ToolSchema>? All, PermissionPolicy? Policy, IReadOnlyList<ToolSchema> Shown) last = (null, null, []);
        return () =>
        {
            var (all, policy) = (tools.Schemas, inForce.Policy);
            if (!ReferenceEquals(all, last.All) || !ReferenceEquals(policy, last.Policy))
            {
                var shown = all.Where(tool => !policy.Hides(tool.Name) && offer?.Shows(tool.Name) is not false).ToList();
                last = (all, policy, shown.Count == all.Count ? all : shown.SequenceEqual(last.Shown) ? last.Shown : shown);
            }

            return last.Shown;
        };
    }

    /// <summary>The stages, outermost first.</summary>
    public static ToolPipeline Pipeline(GateParts parts)
    {
        var permission = new PermissionStage(parts.InForce);
        ToolPipeline? made = null;
        return made = new(
        [
            new ContainFaultsStage(() => Guid.NewGuid().ToString("N")[..8], parts.Faults.Report),
            new BindArgumentsStage(parts.Tools),
            new HookStage(parts.Hooks, new() { WhatDenies = permission.WhatDenies, Rebind = BindArgumentsStage.Rebind, FindRecorded = (call, hook, hash) => parts.FindRecorded(HookEvents.PreToolUse, call, hook, hash) }),
            new PlanIsolationStage(parts.Sandbox),
            permission,
            new ApprovalStage(parts.InForce, parts.Approval with { Hooks = parts.Hooks, FindRecorded = (call, hook, hash) => parts.FindRecorded(HookEvents.PermissionRequest, call, hook, hash) }),
            .. parts.Sensors is var (sensors, workspace, time) ? [new CommitSensorStage(sensors, new SensorDoors(() => made!, workspace, () => Guid.NewGuid().ToString("N"), time))] : Array.Empty<ToolStage>(),
            new EnforceStage(parts.InForce, parts.Redactor, parts.Sandbox),
            new AfterHookStage(parts.Hooks),
            new LimitStage(new()),
        ]);
    }

    /// <summary>Who is asked, for how long, and where what they agree to is kept.</summary>
    public static ApprovalOptions Approval(HarnessRequest request, HostFiles files, IApprover approver, Func<ToolInvocation, EarlierAnswer?> findEarlier) => new()
    {
        Approver = approver,
        Rebind = BindArgumentsStage.Rebind,
        NewId = () => Guid.NewGuid().ToString("N"),
        FindEarlier = findEarlier,
        OfferGrants = !files.Layers.ManagedAllowOnly,
        MaySetMode = name => ModeName.Parse(name) is { } wanted && StartLimits.WhyNot(files.Layers, wanted) is null,
        Keep = request.InMemory || files.Layers.ManagedAllowOnly ? null : new KeptGrants(files.Folders.Grants).Add,
        AnswerWithin = TimeSpan.FromSeconds(files.Layers.Effective.ApprovalTimeout ?? 300),
    };
}

/// <summary>What the stages of the gate work with.</summary>
internal sealed record GateParts(PermissionsInForce InForce, SandboxInForce Sandbox, ToolSet Tools, SecretRedactor Redactor, ApprovalOptions Approval, FaultLog Faults)
{
    public HookSet Hooks { get; init; } = HookSet.None;

    /// <summary>What looks before a commit, and the world that it looks at.</summary>
    public (SensorSet Set, IWorkspace Workspace, TimeProvider Time)? Sensors { get; init; }

    /// <summary>What a hook answered at an event about a call with an input before a restart, or null.</summary>
    public Func<string, CallId, string, string, HookRan?> FindRecorded { get; init; } = (_, _, _, _) => null;
}

/// <summary>Keeps the gate's mode the one that the log says, whoever changed it.</summary>
internal sealed class ModeFollower(PermissionsInForce inForce) : IEventSink
{
    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        if (sessionEvent is Recorded { Event: ModeChanged changed } && PermissionModes.Parse(changed.To) is { } mode
            && (mode.Mode != inForce.Policy.Options.Mode || (mode.Strict && !inForce.Policy.Options.Strict)))
        {
            // Only a person makes less strict what is strict.
            inForce.SetMode(mode.Mode, mode.Strict || (changed.By is not "person" && inForce.Policy.Options.Strict));
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Nobody is there to be asked.</summary>
internal sealed class NobodyThere : IApprover
{
    public ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken) => ValueTask.FromResult<ApprovalAnswer?>(null);

    public ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
}
