using Bridle.Context;
using Bridle.Events;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Budgets;
using Bridle.Hosting.Hooks;
using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;
using Bridle.Journal;
using Bridle.Loop.Accepting;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Runs;
using Bridle.Sandboxing;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.DryRuns;

/// <summary>Collects what a dry run sees, part by part, in the order in which a start would come to it.</summary>
internal sealed class DryRunReading(HarnessRequest request, HostFiles files, string? task)
{
    private const int UsualOutput = 8_192;

    private readonly List<DryRunFinding> _findings = [];
    private DryRun _seen = new(request.Folder, task);
    private Transcript? _transcript;
    private IReadOnlySet<string>? _frozenTools;
    private IReadOnlyList<Spent> _spent = [];
    private PermissionPolicy? _policy;

    /// <summary>What was seen, the worst first.</summary>
    public DryRun Result() => _seen with
    {
        IsTrusted = files.Trust.IsTrusted,
        SettingsFiles = [.. files.Layers.Files.Where(file => file.Settings is not null || file.Error is not null).Select(file => file.Path)],
        Findings = [.. _findings.OrderByDescending(finding => finding.Level)],
    };

    /// <summary>A start would be refused for this.</summary>
    public void Block(HarnessRefused refused) => _findings.Add(new(DryRunVerdict.Blocked, refused.Kind, refused.Message, refused.Advice));

    /// <summary>Where the settings come from, and what of the project's does not count.</summary>
    public void LookAtSettings(string called)
    {
        if (request.Folder != called)
        {
            Warn("session", $"It would work in {request.Folder}, where the session began.", "");
        }

        if (request.Worktree is not null || files.Layers.Effective.Worktree is true)
        {
            if (RealFolder.Of(request.Folder)?.Repository() is null)
            {
                Block(new("usage", $"{request.Folder} is not in a git repository, so there is nothing to make a worktree of.", "Leave out --worktree (or the setting worktree), or make a repository with a commit first."));
            }
            else
            {
                Warn("worktree", "It would work in a git worktree, which a dry run does not make: everything below is read from the folder itself.", "");
            }
        }

        foreach (var notice in files.Notices)
        {
            Warn("settings", notice, "");
        }
    }

    /// <summary>The session that it would go on with.</summary>
    public void LookAtSession()
    {
        if (request.InMemory)
        {
            return;
        }

        var store = new SessionStore(files.Folders.Data, files.Folders.State);
        if (request.SessionName is { } wanted && !store.Exists(wanted) && SessionStore.WhyNotNewName(wanted) is { } wrong)
        {
            Block(new("usage", wrong, "Choose another name."));
            return;
        }

        if (request.Latest && LatestSession.In(store, request.Folder) is null)
        {
            Block(new("session", $"There is no session of the folder {request.Folder} yet.", "Start one without --continue, or name one with --resume; `bridle sessions list` lists them."));
            return;
        }

        var name = request.Latest ? LatestSession.In(store, request.Folder) : request.SessionName;
        if (request.Resume && name is not null && !store.Exists(name))
        {
            Block(SessionOpening.Missing(store, name));
        }
        else if (name is not null && store.Exists(name))
        {
            Read(store, name);
        }
    }

    private void Read(SessionStore store, string name)
    {
        _seen = _seen with { Session = name };
        try
        {
            var opened = store.Read(name);
            using var closed = new Closing(opened.Journal);
            var transcript = new Transcript();
            foreach (var record in opened.Journal.Read())
            {
                transcript.Apply(record);
            }

            (_transcript, _frozenTools) = (transcript, ContextAssembler.FrozenTools(transcript, opened.Journal.Blobs));
            _spent = SpendingFold.Of(opened.Journal.Read(), withCopied: true);
            _seen = _seen with { SessionMessages = transcript.Messages.Count };
            var waits = opened.Report.State is OpenState.EditsPending or OpenState.AdoptionPending;
            if (opened.Report.State is not OpenState.Clean && !(waits && request.AcceptEdits))
            {
                Block(new("session", opened.Report.Describe().Trim(), ""));
            }

            if (store.HolderOf(name) is { } holder)
            {
                Warn("session", $"The session '{name}' seems to be open in another process ({holder}). Only one may write to it.", "Close it there first.");
            }
        }
        catch (JournalException unreadable)
        {
            Block(new("session", unreadable.Message, "See `bridle sessions verify`."));
        }
    }

    /// <summary>What the task itself asks for.</summary>
    public void LookAtTask()
    {
        if (task is { } text && SlashWord.Refused(text, files, request.Folder) is { } refused)
        {
            if (SlashWord.MayCome(files))
            {
                Warn(refused.Kind, $"{refused.Message} A hook of the start may make it.", refused.Advice);
                return;
            }

            Block(refused);
        }
    }

    /// <summary>The model, as far as it is known without asking.</summary>
    public async Task LookAtModelAsync(CancellationToken cancellationToken)
    {
        var look = new DryRunModelLook(request, files);
        _seen = _seen with { Model = await look.FindAsync(cancellationToken) };
        _findings.AddRange(look.Findings);
        var provider = _seen.Model?.FullName.Split('/')[0];
        var named = SessionRoles.Fallbacks(request, files).Select(name => ("fallback", Name: (string?)name)).Concat(SessionRoles.Named(files));
        foreach (var (role, name) in named.Where(one => one.Name is not null))
        {
            // The session can do without them, so that none of them blocks it.
            var other = new DryRunModelLook(request with { Wish = new() { Model = name, Current = provider }, Model = null, RehearseWhenUnconfigured = false }, files);
            var model = await other.FindAsync(cancellationToken);
            _findings.AddRange(other.Findings.Select(finding => finding with { Level = DryRunVerdict.Warning, Text = $"The {role} model '{name}': {finding.Text}" }));
            _seen = model is null ? _seen : _seen with { Roles = [.. _seen.Roles, (role, model)] };
        }
    }

    /// <summary>What the model would be told, and the tools.</summary>
    public void LookAtContext()
    {
        var (overview, _) = ContextOverview.Of(request);
        if (overview is not null && FrozenPrefix.Of(request, files, _transcript, _frozenTools is not null) is { } frozen)
        {
            overview = frozen.In(overview);
            _seen = _seen with { IsFrozen = true, Changed = frozen.Changed };
            if (frozen.Notice is { } notice)
            {
                Warn("session", notice, FrozenPrefix.Advice);
            }
        }

        _seen = _seen with { Context = overview };
        foreach (var left in overview?.Left ?? [])
        {
            Warn("instructions", $"Not read as instructions: {left}", files.Trust.IsTrusted ? "" : "`bridle trust` lets the folder's own files count.");
        }
    }

    /// <summary>The hooks, and why some do not run.</summary>
    public void LookAtHooks()
    {
        var (book, _) = HookFiles.Read(files);
        _seen = _seen with { Hooks = book.Hooks };
        foreach (var notice in HookAssembly.NoticesOf(book, files.Trust.Folder))
        {
            Warn("hooks", notice, book.Hooks.Any(hook => hook is { IsBroken: true }) ? "Correct the file." : "");
        }
    }

    /// <summary>Mode, rules, tools and limits.</summary>
    public void LookAtPermissions()
    {
        var said = new List<string>();
        var (mode, problem) = StartLimits.Mode(request, files.Layers, said);
        if (mode is null)
        {
            Block(problem!);
            return;
        }

        var tools = new ContextAssembly(request, files, request.Folder).ToolsWith(new BuiltInTools(null));
        var options = PolicyAssembly.Options(request, files, mode, request.Folder, [], tools.Names, said);
        var policy = _policy = new PermissionPolicy(options);
        _seen = _seen with
        {
            Mode = PermissionModes.NameOf(mode.Mode),
            IsStrict = mode.Strict,
            Rules = [.. options.Rules.OrderByDescending(rule => rule.Verdict)],
            Tools = [.. Offered([.. tools.Tools.Select(tool => tool.Definition).Where(tool => !policy.Hides(tool.Name))], TaskWords.Of(task)).OrderByDescending(tool => tool.Matches.Count)],
            Limits = StartLimits.Limits(request, files.Layers),
            MaxTokens = StartLimits.MaxTokens(request, files.Layers),
        };
        foreach (var notice in said)
        {
            Warn("permissions", notice, "");
        }
    }

    /// <summary>The look back at long work.</summary>
    public async Task LookAtReviewAsync(CancellationToken cancellationToken) => _seen = _policy is null ? _seen : _seen with { Review = await DryRunReview.OfAsync(request, files, _policy, cancellationToken) };

    // A session that goes on is sent the tools it was sent before, those of servers among them, which a dry run does not start.
    private IEnumerable<DryRunTool> Offered(List<ToolDefinition> today, IReadOnlyList<string> words) => _frozenTools is null
        ? today.Select(tool => new DryRunTool(tool.Name, tool.Kind.ToString().ToLowerInvariant(), TaskWords.In(words, $"{tool.Name} {tool.Description}")))
        : _frozenTools.Select(name => today.Find(tool => tool.Name == name) is { } known
            ? new DryRunTool(name, known.Kind.ToString().ToLowerInvariant(), TaskWords.In(words, $"{name} {known.Description}")) : new DryRunTool(name, "other", TaskWords.In(words, name)));

    /// <summary>What would confine commands.</summary>
    public void LookAtSandbox()
    {
        var decision = SandboxDecision.Look(request.Sandbox, files.Layers, request.Sandboxes ?? SandboxDecision.For(files));
        if (decision.Refused is { } refused)
        {
            Block(refused);
        }
        else if (decision.Notice is { } notice)
        {
            Warn("sandbox", notice, "");
        }

        var hosts = SandboxDoors.Domains(files.Layers.Effective.Sandbox, files.Layers.Rules, files.Trust.IsTrusted, []);
        _seen = _seen with { Sandbox = new(decision.Requested, decision.Sandbox?.Name, decision.Why, [.. hosts.Allow.Select(rule => rule.Port is { } port ? $"{rule.Host}:{port}" : rule.Host)]) { Unasked = LeavesUnasked(decision.Sandbox) } };
    }

    // As the gate has it, for a sandbox that works; see PermissionPolicy.AllowsConfined.
    private bool LeavesUnasked(ISandbox? sandbox) =>
        _policy?.AllowsConfined is true && sandbox?.CanKeepToWorkspace is true;

    /// <summary>What a collector would be sent.</summary>
    public void LookAtTelemetry()
    {
        var said = new List<string>();
        _seen = _seen with { Telemetry = Telemetry.TelemetryAssembly.Shown(files, said) };
        foreach (var notice in said)
        {
            Warn("telemetry", notice, "");
        }
    }

    /// <summary>The tool servers that the folder names.</summary>
    public void LookAtTools()
    {
        foreach (var (text, next) in ToolServerFile.Problems(request.Folder, files.Environment, files.Trust.IsTrusted))
        {
            Warn("mcp", text, next);
        }
    }

    /// <summary>Sealed patterns that no file matches.</summary>
    public void LookAtSeals(CancellationToken cancellationToken)
    {
        if (request.Workspace is null && AcceptanceAssembly.Patterns(request, files.Layers) is { Count: > 0 } patterns && SealedPlaces.Of(patterns, new LocalFiles(request.Folder)) is { } places)
        {
            foreach (var pattern in places.Files.Unmatched(new LocalFiles(request.Folder), places.Files.Paths(new LocalFiles(request.Folder), cancellationToken)))
            {
                Warn("seal", SealedFiles.NoMatch(pattern), "");
            }
        }
    }

    /// <summary>The limits of money, and whether they leave room for a first request.</summary>
    public void LookAtSpending()
    {
        var limits = BudgetAssembly.Limits(request, files.Layers);
        var name = _seen.Session ?? "";
        var ledger = new SpendingLedger(Path.Combine(files.Folders.State, "spending.ledger"), new SessionStore(files.Folders.Data, files.Folders.State, request.Time), request.Time);
        var sums = limits is { Day: null, Month: null } || request.InMemory ? new SpendingSums(0, 0, 0) : ledger.Peek(name);
        _seen = _seen with
        {
            Spending =
            [
                .. new[] { ("session", limits.Session, _spent.Sum(one => one.Counted)), ("day", limits.Day, sums.Day), ("month", limits.Month, sums.Month) }
                    .Where(one => one.Item2 is not null).Select(one => new DryRunSpending(one.Item1, one.Item2!.Value, one.Item3)),
            ],
        };
        if (_seen.Model is not { Price: { } price, Simulated: false } model)
        {
            return;
        }

        var most = Math.Min(model.MaxOutputTokens ?? UsualOutput, StartLimits.MaxTokens(request, files.Layers) ?? int.MaxValue);
        var tokens = (_seen.Context?.Parts.Sum(part => part.Tokens) ?? 0) + (((_transcript?.Characters ?? 0) + TokenEstimate.QuartersOf(task)) / TokenEstimate.Quarters);
        var asked = most;
        if (new RunBudget(StartLimits.Limits(request, files.Layers), price, request.Time).RefuseRequest(tokens, ref asked) is { } own)
        {
            BlockSpending(own, "Raise the limit: it holds for each turn by itself, so that waiting changes nothing.");
        }
        else if (new SharedBudget(limits, null, name, asks: false).WouldRefuse(sums, _spent, price, tokens, most) is var (refusal, next))
        {
            BlockSpending(refusal, next);
        }
    }

    private void BlockSpending(string refusal, string next) => Block(new("limit", $"The run would end before it asks anything, with exit code 4: {refusal}.", next));

    private void Warn(string kind, string text, string next) => _findings.Add(new(DryRunVerdict.Warning, kind, text, next));

    /// <summary>A journal that was only read.</summary>
    private readonly struct Closing(IJournal journal) : IDisposable
    {
        public void Dispose() => journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
