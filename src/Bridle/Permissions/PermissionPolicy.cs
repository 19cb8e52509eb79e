using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// Decides about calls. Pure: the same policy gives the same call the same verdict, whatever the order of its rules. Over all layers at once: what denies, then what
/// asks (rules, protected and sensitive files, critical removals), then what allows (rules, the mode), else ask. Immutable; safe to use concurrently.
/// </summary>
public sealed class PermissionPolicy
{
    /// <summary>The tool with which the model hands in its plan.</summary>
    public const string ExitPlanMode = "ExitPlanMode";

    /// <summary>The reason where a hook's allow decides.</summary>
    public const string ByHook = "A hook allowed it.";

    private const string AskUser = "AskUser";

    private readonly CompiledRules _rules;
    private readonly CompiledRules _unconfined;
    private readonly PathGuard _guard;
    private readonly WorkspaceBounds _bounds;
    private readonly NarrowedCalls _narrowed;

    /// <summary>Makes a policy.</summary>
    public PermissionPolicy(PolicyOptions options)
    {
        Options = options;
        _rules = new CompiledRules(options);
        _unconfined = new CompiledRules(options with { Rules = options.AllowUnconfined });
        _guard = new PathGuard(options, _rules);
        _bounds = new WorkspaceBounds(options);
        _narrowed = new NarrowedCalls(options);
    }

    /// <summary>What it was made of.</summary>
    public PolicyOptions Options { get; }

    /// <summary>Whether the tool is denied whole, whatever it is called with: then a model need not hear of it.</summary>
    public bool Hides(string tool) =>
        Options.OnlyTools is { } only && !only.Contains(tool) || _rules.Of(Verdict.Deny).Any(entry => entry.Term.Scope is RuleScope.Tool && entry.Term.Names(tool));

    /// <summary>Judges a call and says all that stands behind the verdict.</summary>
    public Explanation Explain(CallToJudge call)
    {
        call = _bounds.Place(call);
        return new Explaining(this, _rules, _guard, call).Of(Judge(call));
    }

    /// <summary>
    /// Judges a call. <paramref name="hooks"/> is what hooks say about it, or null: they ask about what would be allowed, and allow what would be asked unless only a
    /// person may decide; what is refused instead of asked, they do not allow. <paramref name="allowedBy"/> is the reason where that allow decides.
    /// </summary>
    public Judgement Judge(CallToJudge call, Verdict? hooks = null, string allowedBy = ByHook)
    {
        call = _bounds.Place(call);
        var judgement = WhatDenies(call) ?? WhatAsks(call) ?? WhatAllows(call);
        judgement = judgement.Reach is not null && hooks is Verdict.Allow ? new Judgement(Verdict.Allow, allowedBy) : judgement;
        judgement = judgement is { Verdict: Verdict.Allow, Reach: null } ? FolderReads.Settle(judgement, call, Options.Root) : judgement;
        var byHook = judgement.Verdict is Verdict.Allow && hooks is Verdict.Ask;
        judgement = byHook ? Firm("A hook asks for a person's decision.") : judgement;
        if (judgement.Verdict is not Verdict.Ask)
        {
            return judgement;
        }

        if (Options.Mode is PermissionMode.DontAsk || Options.DenyInsteadOfPrompting)
        {
            var refuses = Options.Mode is PermissionMode.DontAsk ? "Mode dontAsk refuses what would be asked" : "The setting denyInsteadOfPrompting refuses what would be asked";
            return judgement with { Verdict = Verdict.Deny, Reason = $"{judgement.Reason} {refuses}{Remedies.Of(this, call, judgement, hooks).ForSettings()}" };
        }

        return hooks is Verdict.Allow && !judgement.Firm ? FolderReads.Settle(new Judgement(Verdict.Allow, allowedBy), call, Options.Root) : judgement;
    }

    /// <summary>The rule or table entry that denies a call whatever anybody answers, or null. Asked before hooks hear of the call.</summary>
    public Judgement? WhatDenies(CallToJudge call)
    {
        call = _bounds.Place(call);
        if (Options.OnlyTools is { } only && !only.Contains(call.Tool))
        {
            return new Judgement(Verdict.Deny, $"{call.Tool} is not among the tools that may be used here: {(only.Count == 0 ? "none" : string.Join(", ", only.Order(StringComparer.Ordinal)))}.");
        }

        if (_rules.Touching(Verdict.Deny, call) is { } denied)
        {
            return new Judgement(Verdict.Deny, $"The rule 'deny {denied.Rule.Text}' ({denied.Rule.Source.Name}) refuses {denied.What}.", denied.Rule.Label);
        }

        foreach (var path in call.Paths)
        {
            if (PathGuard.Malformed(path.Path) is { } malformed)
            {
                return new Judgement(Verdict.Deny, malformed);
            }

            if (_guard.WhatDenies(path.Path, path.Access, lent: _bounds.Lends(path)) is { } reason)
            {
                return new Judgement(Verdict.Deny, reason);
            }
        }

        foreach (var (command, word) in call.Commands.SelectMany(command => command.Paths.Where(word => !word.OnlyRules).Select(word => (command, word))))
        {
            if (WhatDenies(command, word) is { } reason)
            {
                return new Judgement(Verdict.Deny, reason);
            }
        }

        if ((_narrowed.WhatDenies(call) ?? _bounds.WhatDenies(call) ?? KeyDenied(call) ?? OutDenied(call)) is { } outside)
        {
            return new Judgement(Verdict.Deny, outside);
        }

        foreach (var address in call.Addresses)
        {
            if (HostPattern.Read(address, out var problem) is null)
            {
                return new Judgement(Verdict.Deny, $"{address} cannot be fetched: {problem}.");
            }
        }

        if (call.Tool is AskUser && (Options.Mode is PermissionMode.DontAsk || Options.DenyInsteadOfPrompting))
        {
            return new Judgement(Verdict.Deny, "Nobody is to be asked here. Decide yourself, and say in your answer what you decided and why.");
        }

        return Options.Mode is PermissionMode.Plan && call.Kind is ToolKind.Write or ToolKind.Execute or ToolKind.Network && !IsHarmlessCommand(call)
            ? new Judgement(Verdict.Deny, $"Plan mode: nothing is changed, run or fetched before the person approves the plan. Look with Read, Grep and Glob, then hand in the plan with {ExitPlanMode}.")
            : call.Foreseen.WhatDenies(call, _rules);
    }

    private string? WhatDenies(JudgedCommand command, WordPath word) => _bounds.IsOwnOutput(word.Path) && CommandEffects.AccessOf(command, word) is FileAccessKind.Write
        ? $"{word.Path.Given} is an output of this session and may only be read: with Read or Grep, or with commands that only look, such as cat, head, tail, grep and wc."
        : _guard.WhatDenies(word.Path, FileAccessKind.Read, IsBareWord(word), lent: _bounds.IsOwnOutput(word.Path));

    /// <summary>The same policy where a place that a rule names leads elsewhere by now, through a link that was made or changed; else null.</summary>
    internal PolicyOptions? AfterLinksMoved() => _rules.MovedLinks() is { } links ? Options with { LinksBefore = links } : null;

    /// <summary>Whether a rule that denies or asks speaks of files.</summary>
    internal bool HasFileRules => _rules.HasFileRules;

    /// <summary>The places that rules which deny or ask name in plain words, wherever they lie; absolute.</summary>
    internal IReadOnlyList<string> NamedPlaces => _rules.NamedPlaces(Options.Root);

    /// <summary>Whether a rule that denies speaks of files: then it holds for programs as well, whoever allowed them.</summary>
    internal bool HasFileDenials => _rules.HasPathDenials;

    /// <summary>
    /// Why an entry of the workspace is not simply a program's that runs without a question, or null. By the names alone where no rule speaks of files. Of what is no link it
    /// looks at nothing on the disk: the same words have the same answer.
    /// </summary>
    internal GuardedPlace? GuardOf(string folder, string name, string full, bool isFolder, bool isLink)
    {
        var (level, orders) = (SensitivePaths.LookAt(folder, name, isFolder), SensitivePaths.DecidesWhatRuns(folder, name, isFolder));
        if (level is not (Sensitivity.Ask or Sensitivity.Deny) && !HasFileRules)
        {
            return orders ? new(full, isFolder, Hides: false, GuardedBy.Name) : null;
        }

        var real = isLink && PathResolution.TryReal(full, out var target) ? target : full;
        var path = new ResolvedPath(full, full, real, true, isFolder ? FileKind.Directory : FileKind.File);
        var inIt = isFolder ? path with { Normalised = $"{path.Normalised}/{SensitivePaths.InFolder}", Real = $"{path.Real}/{SensitivePaths.InFolder}" } : path;
        (bool Hides, GuardedBy By)? why =
            _rules.Touching(Verdict.Deny, path, FileAccessKind.Read) is not null ? (true, GuardedBy.DenyRule)
            : _rules.Touching(Verdict.Ask, path, FileAccessKind.Read) is not null ? (true, GuardedBy.AskRule)
            : _guard.WhatDenies(inIt, FileAccessKind.Read) is not null || _guard.WhatAsks(inIt, FileAccessKind.Read) is not null ? (true, orders ? GuardedBy.Name : GuardedBy.Table)
            : _rules.Touching(Verdict.Deny, path, FileAccessKind.Write) is not null ? (false, GuardedBy.DenyRule)
            : _rules.Touching(Verdict.Ask, path, FileAccessKind.Write) is not null ? (false, GuardedBy.AskRule)
            : orders ? (false, GuardedBy.Name)
            : null;
        return why is { } one ? new(full, isFolder, one.Hides, one.By) : null;
    }

    /// <summary>
    /// What the door to files says about reading one path, for tools that meet paths they did not name (searches, listings).
    /// <paramref name="agreed"/>: the path lies in a folder that the call named and that was allowed, so that being outside the workspace is settled.
    /// </summary>
    internal Judgement JudgeReading(ResolvedPath path, bool agreed)
    {
        path = _bounds.Place(path, FileAccessKind.Read);
        if (_rules.Touching(Verdict.Deny, path, FileAccessKind.Read) is { } denied)
        {
            return new Judgement(Verdict.Deny, $"The rule 'deny {denied.Text}' ({denied.Source.Name}) refuses {path.Given}.", denied.Label);
        }

        var lent = _bounds.Lends(new JudgedPath(path, FileAccessKind.Read));
        if ((PathGuard.Malformed(path) ?? _guard.WhatDenies(path, FileAccessKind.Read, lent: lent)) is { } reason)
        {
            return new Judgement(Verdict.Deny, reason);
        }

        if (_bounds.WhatDenies(path, FileAccessKind.Read) is { } blocked)
        {
            return new Judgement(Verdict.Deny, blocked);
        }

        if (_rules.Touching(Verdict.Ask, path, FileAccessKind.Read) is { } asked)
        {
            return new Judgement(Verdict.Ask, $"The rule 'ask {asked.Text}' ({asked.Source.Name}) speaks of {path.Given}.", asked.Label);
        }

        if (_guard.WhatAsks(path, FileAccessKind.Read) is { } question)
        {
            return new Judgement(Verdict.Ask, question);
        }

        return agreed || lent || path.InsideRoot || Options.Mode is PermissionMode.Bypass || _rules.Allowing(path, FileAccessKind.Read, "Read") is not null
            ? new Judgement(Verdict.Allow, "")
            : new Judgement(Verdict.Ask, $"{path.Given} lies outside the workspace {Options.Root}.");
    }

    private Judgement? WhatAsks(CallToJudge call)
    {
        if (_rules.Touching(Verdict.Ask, call) is { } asked)
        {
            return Firm($"The rule 'ask {asked.Rule.Text}' ({asked.Rule.Source.Name}) speaks of {asked.What}.", asked.Rule.Label);
        }

        if (call.Tool is ExitPlanMode && Options.Mode is PermissionMode.Plan)
        {
            return Firm("The model hands in its plan; a yes leaves plan mode.");
        }

        if (call.AsksForNoSandbox && !(call.NothingConfines && Options.Mode is PermissionMode.Bypass) && WhatFrees(call) is null)
        {
            return Firm("It asks to run without confinement.");
        }

        var file = call.Paths.Select(path => _guard.WhatAsks(path.Path, path.Access)).FirstOrDefault(reason => reason is not null);
        var reason = file ?? call.Commands.Select(command => WhatAsks(command, call)).FirstOrDefault(one => one is not null);
        return reason is not null ? Firm(reason)
            : _rules.MayTouch(call) is var (rule, command, word)
                ? Firm($"The rule '{rule.Verdict.ToString().ToLowerInvariant()} {rule.Text}' ({rule.Source.Name}) may speak of '{command}': what {word} stands for is only known when it runs. Write out the words that the rule names.", rule.Label)
            : PossibleCommands.WhatAsks(call, _rules) ?? call.Foreseen.WhatAsks(call, _rules);
    }

    private string? WhatAsks(JudgedCommand command, CallToJudge call)
    {
        if (command.TooManyWords)
        {
            return "The command has too many words to check.";
        }

        if (CriticalRemovals.Find(command, Options, call.WorkingDirectory) is { } critical)
        {
            return $"Critical: {critical}.";
        }

        if (_rules.HasCommandLimits && command.Reading.Unresolved is { } unresolved)
        {
            return $"What the command runs is only known when it runs ({unresolved}), and a rule that denies or asks about commands is in force.";
        }

        if (_rules.HasPathDenials && command.Reading.Unread is { } problem)
        {
            return $"The command cannot be read to its end ({problem}), and a deny rule for files is in force.";
        }

        var files = new ComputedFiles(command, call, _rules, Options.Root);
        if (_rules.HasPathDenials && files.NamesSome())
        {
            return "Which files the command names is only known when it runs, and a deny rule for files is in force.";
        }

        if (_rules.HasPathDenials && GitPathspecs.Of(command.Reading).FirstOrDefault() is { } spec)
        {
            return $"Which files git takes '{spec}' for is only known when it runs, and a deny rule for files is in force.";
        }

        if (_rules.HasFileRules && GitPathspecs.FolderTaken(command, _rules) is var (folder, kept))
        {
            return $"git takes the folder {folder} as a whole, and '{kept.Verdict.ToString().ToLowerInvariant()} {kept.Text}' may speak of a file in it.";
        }

        if (_rules.HasPathDenials && command.CopiesUnseen)
        {
            return "The command copies, moves or removes more files than can be looked at, and a deny rule for files is in force.";
        }

        if (_rules.HasReadDenials && files.ReadsFolders())
        {
            return "The command reads whole folders and cannot leave out what a deny rule holds back; the Grep tool can.";
        }

        if (_rules.HasPathDenials && (UnseenFiles.WhatGives(command, call, _rules.HasReadDenials, _rules.HasWriteDenials) ?? HistoryReads.WhatPrints(command, _rules)) is { } unseen)
        {
            return unseen;
        }

        return command.Paths.Where(word => !word.OnlyRules).Select(word => _guard.WhatAsks(command, word, IsBareWord(word))).FirstOrDefault(one => one is not null);
    }

    /// <summary>Whether a call that a sandbox keeps to the workspace needs nobody's yes, where no rule says otherwise.</summary>
    public bool AllowsConfined => ConfinedCalls.Apply(Options);

    private Judgement WhatAllows(CallToJudge call)
    {
        if (Options.Mode is PermissionMode.Bypass)
        {
            return new Judgement(Verdict.Allow, "Mode bypass.");
        }

        if (call.AsksForNoSandbox && WhatFrees(call) is { } free)
        {
            return new Judgement(Verdict.Allow, $"It may run without confinement: '{free.Text}' ({free.Source.Name}).", free.Label);
        }

        var (rule, missing) = AllowRules.Covering(_rules.For(call.Actor), call, Options);
        if (rule is not null)
        {
            return new Judgement(Verdict.Allow, $"The rule 'allow {rule.Text}' ({rule.Source.Name}).", rule.Label);
        }

        if (ModeGrants(call) is { } grant)
        {
            return new Judgement(Verdict.Allow, grant);
        }

        return ConfinedCalls.WhatAllows(call, Options) ?? new Judgement(Verdict.Ask, missing ?? WhyAsked(call));
    }

    private PermissionRule? WhatFrees(CallToJudge call) => !call.RunsShell ? null : AllowRules.Covering(_unconfined.For(call.Actor), call, Options).Rule;

    private string? OutDenied(CallToJudge call) => call.AsksForNoSandbox && Options.NeverUnconfined && WhatFrees(call) is null
        ? "Running without the sandbox is switched off here (sandbox.allowUnsandboxedCommands). Do it confined; a person can name the command in sandbox.allowUnconfined." : null;

    // A key by its content, in a file whose name says nothing; moved from deny to ask by name as the table's entries are.
    private string? KeyDenied(CallToJudge call)
    {
        if (call.PrivateKeys.Count == 0)
        {
            return null;
        }

        bool IsClosed(ResolvedPath path) => call.PrivateKeys.Contains(path.Real) && !MayOpenKey(path);
        string Words(string given, ResolvedPath path, string who) =>
            $"{given} is a private key; no {who} it. A person can move it to ask with a user rule that names it, such as 'ask {RuleFor.Path(path, FileAccessKind.Read)}'.";
        return call.Paths.FirstOrDefault(one => IsClosed(one.Path)) is { } touched ? Words(touched.Path.Given, touched.Path, "tool may touch")
            : call.Commands.SelectMany(command => command.Paths).FirstOrDefault(word => IsClosed(word.Path)) is { } named ? Words(named.Word, named.Path, "command may name")
            : null;
    }

    /// <summary>Whether a person's rule names the file itself, so that a key in it does not close it.</summary>
    internal bool MayOpenKey(ResolvedPath path) => _rules.Naming(Verdict.Ask, path, FileAccessKind.Read) is not null || _rules.Naming(Verdict.Allow, path, FileAccessKind.Read) is not null;

    private string? ModeGrants(CallToJudge call)
    {
        if (call.RunsShell)
        {
            return IsHarmlessCommand(call) ? "A command that only looks."
                : Options.Mode is PermissionMode.AcceptEdits && call.Commands.All(CommandEffects.IsPlainEdit) ? "Mode acceptEdits: a plain file command inside the workspace."
                : null;
        }

        var inside = call.Paths.All(path => path.Path.InsideRoot);
        return call.Kind switch
        {
            _ when call.Tool.StartsWith("mcp__", StringComparison.OrdinalIgnoreCase) => null,
            ToolKind.Read when !inside && !Options.Strict && call.Paths.All(path => path.Path.InsideRoot || _bounds.Lends(path)) => "The folder of a skill that is in use may be read.",
            ToolKind.Read when inside && (!Options.Strict || call.Tool is "Read" or "Grep" or "Glob") => "Looking inside the workspace is free.",
            ToolKind.Meta when inside => "It touches nothing outside the session.",
            ToolKind.Write when inside && call.Paths.Count > 0 && Options.Mode is PermissionMode.AcceptEdits => "Mode acceptEdits: a file inside the workspace.",
            _ => null,
        };
    }

    private bool IsHarmlessCommand(CallToJudge call) =>
        Options is { ReadOnlyCommands: true, Strict: false } && call.RunsShell && call.Commands.All(command => CommandEffects.IsHarmless(command, Options, call.WorkingDirectory));

    private string WhyAsked(CallToJudge call)
    {
        if (call.RunsShell && call.Commands.FirstOrDefault(command => command.OffList is not null) is { } complex)
        {
            return $"The command cannot be allowed by a rule for its parts: {complex.OffList}.";
        }

        if (Options.AllowConfined && call.Confined && ConfinedCalls.WhyNotHeld(call) is { } problem)
        {
            return problem;
        }

        return call.Paths.FirstOrDefault(path => !path.Path.InsideRoot) is { } outside
            ? $"{outside.Path.Given} lies outside the workspace {Options.Root}."
            : $"Nothing allows {call.Tool} here in mode {PermissionModes.NameOf(Options.Mode)}.";
    }

    private static bool IsBareWord(WordPath word) => word.Path.Kind is FileKind.Missing && !word.Word.Contains('/');

    private static Judgement Firm(string reason, string? rule = null) => new(Verdict.Ask, reason, rule) { Firm = true };
}
