using Bridle.Context;
using Bridle.Events;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Prompts;
using Bridle.Hosting.Providers;
using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Telemetry;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Models.Prompted;
using Bridle.Models.Rehearsal;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Sessions;
using Bridle.Tools;
using Bridle.Tools.Search;
using Bridle.Tools.Web;
using Bridle.Workspaces;

namespace Bridle.Hosting;

/// <summary>The one place where everything is put together: settings, model, log, tools, gate, session. Read it from top to bottom.</summary>
public static class Composition
{
    /// <summary>What an agent without settings may take for one turn before it stops and says so.</summary>
    public const int DefaultMaxSteps = 100;

    private const int MostListedFiles = 50_000;
    private static readonly HashSet<string> WhatWasDecided = ["approval_requested", "approval_given", "grant_revoked", "hook_ran"];

    /// <summary>Makes a harness, or says why not. Sends nothing; a new session's file is made, unless something is refused first.</summary>
    public static async Task<HarnessStart> StartAsync(HarnessRequest request, CancellationToken cancellationToken)
    {
        if (request.Workspace is null && !Directory.Exists(request.Folder))
        {
            return new HarnessRefused("usage", HostFiles.NoFolder(request.Folder), "Give another one with --cwd.");
        }

        var (called, trusted) = (request.Folder, request.TrustFolder);
        request = SessionOpening.Settled(request);
        var files = HostFiles.Read(request);
        if (files.Problem is { } broken)
        {
            return broken;
        }

        var notices = new List<string>(files.Notices);
        if (request.Folder != called)
        {
            notices.Add($"Working in {request.Folder}, where this session began.{(trusted && !files.Trust.IsTrusted ? " It is not trusted: --trust was said of another folder. Give this one with --cwd." : "")}");
        }

        var picked = await PickModelAsync(request, files, notices, cancellationToken);
        if (picked.Model is not { } model)
        {
            return picked.Problem!;
        }

        var (mode, forbidden) = StartLimits.Mode(request, files.Layers, notices);
        if (mode is null)
        {
            return forbidden!;
        }

        if (BudgetAssembly.Unpriced(request, files, model.Info) is { } unpriced)
        {
            return unpriced;
        }

        var sandbox = request.Workspace is null ? SandboxDecision.Deciding(request.Sandbox, files.Layers, request.Sandboxes ?? SandboxDecision.For(files)) : null;
        if (sandbox is { IsCompleted: true } && (await sandbox).Refused is { } unconfined)
        {
            return unconfined;
        }

        var (log, refused) = await SessionOpening.OpenAsync(request, files.Folders, files.Layers.Effective.KeepSessionDays, cancellationToken);
        return log is null ? refused! : await PutTogetherAsync(request, files, new(model, picked.Choice, mode, sandbox), log, notices, cancellationToken);
    }

    // Whatever ends the start early, an error or an interrupt: nothing that was opened stays.
    private static async Task<HarnessStart> PutTogetherAsync(
        HarnessRequest request, HostFiles files, Chosen chosen, OpenLog log, List<string> notices, CancellationToken cancellationToken)
    {
        var opened = new Unwinding();
        opened.Add(log.Journal);
        HarnessStart? start = null;
        try
        {
            return start = await PutTogetherAsync(request, files, chosen, log, opened, notices, cancellationToken);
        }
        finally
        {
            if (start is not HarnessStarted)
            {
                await opened.DisposeAsync();
            }
        }
    }

    private static async Task<HarnessStart> PutTogetherAsync(
        HarnessRequest request, HostFiles files, Chosen chosen, OpenLog log, Unwinding opened, List<string> notices, CancellationToken cancellationToken)
    {
        var search = new ModelSearch(request, files, chosen.Choice);
        var redactor = KnownSecrets.Redactor(files, chosen.Choice);
        var workspace = new EnvironmentWorkspace(request.Workspace ?? new LocalWorkspace(log.Root, null, request.Time), KnownSecrets.WithoutKeys(files));
        var told = new ContextAssembly(request, files, workspace.Files.Root, log.Name, redactor);
        var tools = told.ToolsWith(new BuiltInTools(SearchOf(files.Layers.Effective.WebSearch)));
        notices.AddRange([.. log.Notices, .. told.Notices, .. told.Memory.Tidy(), .. ShellNotice.Of(request, files)]);
        var before = Decided(log, notices);
        var spills = new SessionSpills(log);
        var confinement = opened.Add(SessionConfinement.Open(request, files, chosen.Sandbox is null ? null : await chosen.Sandbox, workspace.Files, spills, notices));
        var inForce = GateAssembly.Permissions(request, files, chosen.Mode, workspace.Files.Root, before, tools, notices, GateAssembly.Foresight(request, workspace, confinement.InForce));
        var faults = request.Log ?? FaultLog.Of(request);
        var journal = new RedactingJournal(log.Journal, redactor);
        var budget = opened.AddPlain(BudgetAssembly.Open(request, files, log));
        var events = opened.AddPlain(new SessionEvents(journal, [new ModeFollower(inForce), .. told.Skills.Follow(inForce), spills.Follow(inForce), budget, .. Watchers(request, files.Folders, faults, log, chosen), .. TelemetryAssembly.Open(request, files, chosen.Choice, redactor, log.Name, opened, notices), .. request.Sinks], broken => request.Warn?.Invoke($"Something that watched the session broke and was left out: {broken.Message}"), redactor));
        told.Skills.TakeUp(events.Transcript);
        var roles = new SessionRoles(request, files, search, chosen.Model);
        var hooks = new HookAssembly(request, files, log, inForce, confinement.InForce, BudgetAssembly.Beside(budget, events, request.Time), roles.AskedAsync, (text, isForModel) => spills.Keep(redactor.Redact(text), isForModel));
        opened.Add(hooks);
        var (sensors, world) = (opened.Add(new SensorAssembly(request, files, roles.JudgeAsync)), new EnvironmentWorkspace(workspace, hooks.Variables));
        notices.AddRange([.. hooks.Notices, .. sensors.Notices, .. GuideAssembly.Notices(files), .. FrozenPrefix.Notices(request, events.Transcript)]);
        var approver = hooks.Around(request.Approver ?? new NobodyThere());
        var mode = await SettleModeAsync(request, inForce, events, chosen.Mode, cancellationToken);
        var leftOpen = events.Transcript.UnansweredCalls.Select(call => call.Call.Id.Value).ToHashSet();
        var gate = new GateParts(inForce, confinement.InForce, tools, redactor, GateAssembly.Approval(request, files, approver, call => leftOpen.Contains(call.Call.Id.Value) ? SessionGrants.AnswerFor(before, call.Call.Id) : null), faults)
            { Hooks = hooks.Set, Sensors = (sensors.Set, world, request.Time), FindRecorded = (name, call, hook, hash) => leftOpen.Contains(call.Value) ? RecordedHooks.Find(before, name, call, hook, hash) : null };
        var parts = new SessionParts
        {
            Events = events, Model = chosen.Model, Roles = await roles.FindAsync(notices, cancellationToken),
            Workspace = world,
            Hooks = hooks.Set, Sensors = sensors.Set,
            Pipeline = GateAssembly.Pipeline(gate),
            FindTool = name => tools.Resolve(name)?.Tool,
            Context = new ContextAssembler(told.Prompt(inForce.Policy), GateAssembly.Offered(tools, inForce, told.Offer.Under(() => inForce.Policy)), log.Name) { Stream = request.Stream }, Guides = [.. told.Guides(inForce, journal.Blobs, hooks.Set), .. GuideAssembly.Guides(files, workspace.Files.Root, roles, confinement), .. ExperienceAssembly.Guides(request, files, log)], Skills = told.Skills.Calls,
            Approver = approver, Acceptance = AcceptanceAssembly.Of(request, files, roles, confinement),
            SharedBudget = budget.Around(approver, events), Limits = StartLimits.Limits(request, files.Layers), Compaction = StartLimits.Compaction(files.Layers), PointsToEarlierReads = files.Layers.Effective.PointToEarlierReads ?? true, Mode = mode, Isolation = confinement.InForce.Plan.Text, Time = request.Time,
            OnToolsUnsupported = model => files.Catalog.NoteRefusedTools(model.Provider, model.Name, model.Server, request.Time.GetUtcNow()),
        };
        var session = new Session(parts);
        if (await hooks.BeginAsync(events, chosen.Model, told, cancellationToken) is { } refusal)
        {
            await hooks.EndAsync("other", request.Warn);
            return new HarnessRefused("hook", $"A hook does not let the session begin: {refusal}", "`bridle hooks list` shows the hooks.");
        }

        return new HarnessStarted(new(session, log.Name, reason => CloseAsync(hooks, opened, reason, request.Warn))
        {
            Path = log.Path, Files = workspace.Files, Notes = told.Memory.Book, Permissions = new(request, files, inForce, events, workspace.Files, () => Decided(log, [])), Notices = notices, FirstMessage = hooks.FirstMessage, Tools = [.. tools.Tools.Select(tool => tool.Definition)], Provider = chosen.Choice,
            WhyNotMode = wanted => StartLimits.WhyNot(files.Layers, wanted), ListFiles = token => FileListing.Below(workspace.Files, log.Root, MostListedFiles, token),
            FindModelAsync = (name, token) => search.FindModelAsync(session.Model.Info.Provider, name, token), LoweredTokens = model => StartLimits.LoweredTokens(request, files.Layers, model),
            FindServerAsync = token => search.FindServerAsync(session.Model.Info, token),
            SwitchModelAsync = new ModelSwitching(parts, session).SwitchAsync, CompactAsync = (focus, token) => new Shortening(parts).RunAsync(session.Model, focus, token),
            Spending = () => SpendingFold.Of(log.Journal.ReadOnly(SpendingFold.Types), withCopied: true), Records = types => types is null ? log.Journal.Read() : log.Journal.ReadOnly(types),
            LookAsync = sensors.Begin(parts, session, confinement.InForce), KnownModels = () => search.Known(session.Model.Info.Provider), FindSkills = told.Skills.ForPerson, ReviewAsync = ReviewAssembly.Of(request, files, parts, gate, told.Memory.Book, roles, session),
        });
    }

    // What was agreed to counts where this installation wrote it down; anybody can write a file that says so.
    private static IReadOnlyList<Recorded> Decided(OpenLog log, List<string> notices)
    {
        var all = log.Journal.ReadOnly(WhatWasDecided).ToList();
        if (!all.Any(record => record.Event is ApprovalGiven { Verdict: "allow" } or HookRan))
        {
            return all;
        }

        var last = log.LastStrange();
        var own = all.Where(record => record.N > last).ToList();
        if (own.Count(record => record.Event is ApprovalGiven { Verdict: "allow" }) < all.Count(record => record.Event is ApprovalGiven { Verdict: "allow" }))
        {
            notices.Add("What was allowed earlier in this session does not count, because its file is a copy, was edited or comes from elsewhere. You are asked again.");
        }

        return own;
    }

    private static async ValueTask CloseAsync(HookAssembly hooks, Unwinding opened, string reason, Action<string>? warn)
    {
        try
        {
            await hooks.EndAsync(reason, warn);
        }
        finally
        {
            await opened.DisposeAsync();
        }
    }

    internal static async Task<(IModel? Model, ProviderChoice? Choice, HarnessRefused? Problem)> PickModelAsync(
        HarnessRequest request, HostFiles files, List<string> notices, CancellationToken cancellationToken)
    {
        if (request.Model is { } given)
        {
            return (new PromptedTools(given), null, null);
        }

        switch (await files.ResolveAsync(request.Wish, request.FindLocalServers ?? HostFiles.FindLocalServersAsync, cancellationToken))
        {
            case ProviderChosen chosen:
                var model = new ModelMaking(files.Layers.Effective, files.Catalog, files.Environment).Make(chosen.Choice, request.Tools, StartLimits.MaxTokens(request, files.Layers));
                if (model.Info is { Tools: Known.No, Simulated: false } && request.Tools is null)
                {
                    notices.Add($"{model.Info.FullName} has no tool calls of its own; tools are described in the prompt. --native-tools tries them all the same.");
                }

                if (StartLimits.LoweredTokens(request, files.Layers, model.Info) is { } lowered)
                {
                    notices.Add(lowered);
                }

                return (model, chosen.Choice, null);
            case ProviderProblem problem:
                return (null, null, new("provider", problem.Message, problem.Advice));
            case NothingConfigured nothing when request.RehearseWhenUnconfigured:
                notices.AddRange(nothing.Seen);
                notices.Add("No model is configured, so the built-in rehearsal model works by rules, without a language model. Run `bridle init` to set one up.");
                return (new RehearsalModel(), null, null);
            case NothingConfigured nothing:
                return (null, null, new("unconfigured", string.Join(' ', nothing.Seen.Append("No model is configured and no local server with a model answers.")), "Run `bridle init`, or set a provider's key."));
            default:
                throw new InvalidOperationException("The provider outcome is not one of the known ones.");
        }
    }

    /// <summary>The model that a request picks, without a session, or why there is none.</summary>
    internal static async Task<(IModel? Model, HarnessRefused? Problem)> FindModelAsync(HarnessRequest request, CancellationToken cancellationToken)
    {
        var files = HostFiles.Read(request);
        var (model, _, problem) = files.Problem is { } broken ? (null, null, broken) : await PickModelAsync(request, files, [], cancellationToken);
        return (model, problem);
    }

    private static WebSearchEngine? SearchOf(WebSearchSettings? settings)
    {
        List<(string, WebSearchEngine)> engines =
        [
            .. settings?.Url is { } address ? [(address, SearxngSearch.At(address))] : Array.Empty<(string, WebSearchEngine)>(),
            .. (settings?.Engines ?? []).Select(name => (name, ResultPageSearch.Named(name)!)),
        ];
        return engines switch { [] => null, [var (_, only)] => only, _ => ResultPageSearch.FirstOf(engines) };
    }

    private static IEnumerable<IEventSink> Watchers(HarnessRequest request, BridleFolders folders, FaultLog faults, OpenLog log, Chosen chosen) => request.InMemory ? []
        : request.Model is not null ? [new RunLog(faults, log, chosen.Model.Info.FullName)]
        : [new RunLog(faults, log, chosen.Model.Info.FullName), new PreviousModelKeeper(folders.PreviousModel)];

    /// <summary>
    /// The mode of a session that goes on: a flag decides; else what the log says counts only where it is stricter, because a file alone gives nobody authority.
    /// </summary>
    private static async Task<string> SettleModeAsync(HarnessRequest request, PermissionsInForce inForce, SessionEvents events, ModeChoice mode, CancellationToken cancellationToken)
    {
        var name = PermissionModes.NameOf(mode.Mode);
        if (events.Transcript.Mode is not { } logged || logged == name)
        {
            return name;
        }

        var rank = ModeName.Parse(name)!.Rank;
        if (request.Mode is null && ModeName.Parse(logged) is { } before && (before.Rank < rank || (before.Strict && before.Rank == rank)))
        {
            inForce.SetMode(PermissionModes.Parse(logged)!.Mode, mode.Strict || before.Strict);
            return logged;
        }

        await events.RecordAsync(RunId.Session, new ModeChanged(logged, name, "flag"), Durability.Written, cancellationToken);
        return name;
    }

    private sealed record Chosen(IModel Model, ProviderChoice? Choice, ModeChoice Mode, Task<SandboxDecision>? Sandbox);
}
