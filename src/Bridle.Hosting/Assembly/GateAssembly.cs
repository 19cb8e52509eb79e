using Bridle.Events;
using Bridle.Hooks;
using Bridle.Hosting.Settings;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;

namespace Bridle.Hosting.Assembly;

/// <summary>Puts the gate together: the rules of all layers, the mode, and the stages in their one order.</summary>
internal static class GateAssembly
{
    /// <summary>The rules that are in force, with what is wrong with some of them.</summary>
    public static PermissionsInForce Permissions(
        HarnessRequest request, HostFiles files, ModeChoice mode, string root, IReadOnlyList<PermissionRule> granted, ToolSet tools, List<string> notices)
    {
        var rules = new List<PermissionRule>(granted);
        void Add(string text, Verdict verdict, RuleSource source)
        {
            var read = PermissionRule.Parse(text, verdict, source);
            notices.AddRange(read.Problems);
            if (read.Rule is { } rule)
            {
                rules.Add(rule);
                notices.AddRange(rule.UnknownTools(tools.Tools.Select(tool => tool.Definition.Name).ToHashSet()).Select(unknown => $"Rule '{text}' in {source.Name} names the tool '{unknown}', which does not exist."));
            }
        }

        foreach (var rule in files.Layers.Rules)
        {
            Add(rule.Text, rule.Verdict switch { "allow" => Verdict.Allow, "ask" => Verdict.Ask, _ => Verdict.Deny }, SourceOf(rule));
        }

        var flags = new RuleSource(RuleLayer.CommandLine, "the command line");
        if (files.Layers.ManagedAllowOnly && (request.Allow.Count > 0 || rules.RemoveAll(rule => rule.Verdict is Verdict.Allow && rule.Source.Layer is not RuleLayer.Managed) > 0))
        {
            notices.Add("The administrator's settings let only their own rules allow anything; --allow and what was allowed earlier do not count.");
        }

        foreach (var text in files.Layers.ManagedAllowOnly ? [] : request.Allow)
        {
            Add(text, Verdict.Allow, flags);
        }

        foreach (var text in request.Deny)
        {
            Add(text, Verdict.Deny, flags);
        }

        return new(new PolicyOptions
        {
            Root = root,
            Home = files.Environment.Home,
            Mode = mode.Mode,
            Strict = mode.Strict,
            Trusted = files.Trust.ForThisRun || files.Trust.Store.IsTrusted(root),
            Rules = rules,
            HarnessFolders = [files.Folders.Data, files.Folders.State, files.Folders.Config],
        });
    }

    /// <summary>The stages, outermost first.</summary>
    public static ToolPipeline Pipeline(PermissionsInForce inForce, ToolSet tools, SecretRedactor redactor, IApprover approver, (HookSet Set, Func<string, CallId, string, string, HookRan?> FindRecorded) hooks, Func<ToolInvocation, EarlierAnswer?> findEarlier, FaultLog faults)
    {
        var permission = new PermissionStage(inForce);
        return new(
        [
            new ContainFaultsStage(() => Guid.NewGuid().ToString("N")[..8], faults.Report),
            new BindArgumentsStage(tools),
            new HookStage(hooks.Set, new() { WhatDenies = permission.WhatDenies, Rebind = BindArgumentsStage.Rebind, FindRecorded = (call, hook, hash) => hooks.FindRecorded(HookEvents.PreToolUse, call, hook, hash) }),
            new PlanIsolationStage(),
            permission,
            new ApprovalStage(inForce, new()
            {
                Approver = approver, Rebind = BindArgumentsStage.Rebind, NewId = () => Guid.NewGuid().ToString("N"), FindEarlier = findEarlier,
                Hooks = hooks.Set, FindRecorded = (call, hook, hash) => hooks.FindRecorded(HookEvents.PermissionRequest, call, hook, hash),
            }),
            new EnforceStage(inForce, redactor),
            new AfterHookStage(hooks.Set),
            new LimitStage(new()),
        ]);
    }

    // An untrusted project's allow rules are not among the rules at all.
    private static RuleSource SourceOf(WrittenRule rule) => new(
        rule.Origin switch
        {
            SettingsOrigin.Managed => RuleLayer.Managed,
            SettingsOrigin.User => RuleLayer.User,
            SettingsOrigin.Project => RuleLayer.Project,
            SettingsOrigin.ProjectLocal => RuleLayer.ProjectLocal,
            _ => RuleLayer.CommandLine,
        },
        rule.Source,
        rule.Folder)
    { FolderIsTrusted = rule.Verdict == "allow" };
}

/// <summary>Keeps the gate's mode the one that the log says, whoever changed it.</summary>
internal sealed class ModeFollower(PermissionsInForce inForce) : IEventSink
{
    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        if (sessionEvent is Recorded { Event: ModeChanged changed } && PermissionModes.Parse(changed.To) is { } mode && mode.Mode != inForce.Policy.Options.Mode)
        {
            inForce.SetMode(mode.Mode, mode.Strict);
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
