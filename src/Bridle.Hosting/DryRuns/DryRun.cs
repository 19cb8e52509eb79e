using Bridle.Events;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Hooks;
using Bridle.Models;
using Bridle.Permissions;

namespace Bridle.Hosting.DryRuns;

/// <summary>What would come of a run.</summary>
public enum DryRunVerdict
{
    /// <summary>Nothing stands in the way.</summary>
    Ready,

    /// <summary>It would start, but something is probably not as it was meant, or could not be found out without contacting anybody.</summary>
    Warning,

    /// <summary>It would not start.</summary>
    Blocked,
}

/// <summary>Something that stands in the way of a run, or that a person should know before it.</summary>
/// <param name="Level">How bad it is; never <see cref="DryRunVerdict.Ready"/>.</param>
/// <param name="Kind">Which kind of thing, such as <c>provider</c>, <c>settings</c>, <c>trust</c> or <c>session</c>.</param>
/// <param name="Text">What is the matter.</param>
/// <param name="Next">What to do next; empty when the text says it.</param>
public sealed record DryRunFinding(DryRunVerdict Level, string Kind, string Text, string Next);

/// <summary>
/// What a run would begin with, and whether it would begin. Making one contacts nobody, starts no program and writes nothing: it reads files and the environment,
/// so what only a server or a program could say is named as not known.
/// </summary>
/// <param name="Folder">The folder it would work in.</param>
/// <param name="Task">The task, or null to go on with a session as it stands.</param>
public sealed record DryRun(string Folder, string? Task)
{
    /// <summary>Whether the folder is trusted.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>What stands in the way, the worst first.</summary>
    public IReadOnlyList<DryRunFinding> Findings { get; init; } = [];

    /// <summary>The worst of the findings.</summary>
    public DryRunVerdict Verdict => Findings.Count == 0 ? DryRunVerdict.Ready : Findings.Max(finding => finding.Level);

    /// <summary>The settings files that say something, strongest first.</summary>
    public IReadOnlyList<string> SettingsFiles { get; init; } = [];

    /// <summary>The session that it would go on with, or null for a new one.</summary>
    public string? Session { get; init; }

    /// <summary>How many messages that session holds.</summary>
    public int SessionMessages { get; init; }

    /// <summary>The model, or null when it could not be found out.</summary>
    public DryRunModel? Model { get; init; }

    /// <summary>The models beside it: the role (<c>fallback</c>, <c>compactor</c>, <c>judge</c>, <c>planner</c>, <c>guide</c>, <c>large</c>, <c>reviewer</c>) and the model. Those that cannot be used are among the findings.</summary>
    public IReadOnlyList<(string Role, DryRunModel Model)> Roles { get; init; } = [];

    /// <summary>The look back at long work, or null where settings ask for none.</summary>
    public DryRunReview? Review { get; init; }

    /// <summary>What the model would be told at the start; null when that could not be read.</summary>
    public ContextOverview? Context { get; init; }

    /// <summary>The tools that would be offered, those that match the task first.</summary>
    public IReadOnlyList<DryRunTool> Tools { get; init; } = [];

    /// <summary>The skills that the model would be told of, by name, with the words of the task that each name has.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Matches)> Skills =>
        [.. (Context?.Parts ?? []).Where(part => part.Kind is "skill").Select(part => (part.Source, TaskWords.In(TaskWords.Of(Task), part.Source))).OrderByDescending(skill => skill.Item2.Count)];

    /// <summary>Every hook of every file, with what becomes of it.</summary>
    public IReadOnlyList<ListedHook> Hooks { get; init; } = [];

    /// <summary>The permission mode by its name.</summary>
    public string? Mode { get; init; }

    /// <summary>Whether the mode is strict.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The permission rules with where they come from, those that refuse first.</summary>
    public IReadOnlyList<PermissionRule> Rules { get; init; } = [];

    /// <summary>What would confine commands.</summary>
    public DryRunSandbox? Sandbox { get; init; }

    /// <summary>What the turn could take.</summary>
    public RunLimits? Limits { get; init; }

    /// <summary>The limits for a session, a day and a month, with what is spent of them.</summary>
    public IReadOnlyList<DryRunSpending> Spending { get; init; } = [];

    /// <summary>Whether what the model would be told at the start is what the session began with, whatever files, settings and flags say by now.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Instruction files that say something else than at the start of the session, or are new: told as a note.</summary>
    public IReadOnlyList<string> Changed { get; init; } = [];

    /// <summary>Tokens that one reply could have, or null for what the model gives.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Where telemetry would go, or null when it is off.</summary>
    public string? Telemetry { get; init; }

    /// <summary>Finds all of it out for a request and a task.</summary>
    public static async Task<DryRun> OfAsync(HarnessRequest request, string? task, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(request.Folder))
        {
            return new(request.Folder, task) { Findings = [new(DryRunVerdict.Blocked, "usage", HostFiles.NoFolder(request.Folder), "Give another one with --cwd.")] };
        }

        var (called, settled) = (request, SessionOpening.Settled(request));
        var files = HostFiles.Read(settled);
        var seen = new DryRunReading(settled, files, task);
        if (files.Problem is { } broken)
        {
            seen.Block(broken);
            return seen.Result();
        }

        seen.LookAtSettings(called.Folder);
        seen.LookAtSession();
        seen.LookAtTask();
        await seen.LookAtModelAsync(cancellationToken);
        seen.LookAtContext();
        seen.LookAtHooks();
        seen.LookAtPermissions();
        await seen.LookAtReviewAsync(cancellationToken);
        seen.LookAtSandbox();
        seen.LookAtTelemetry();
        seen.LookAtTools();
        seen.LookAtSeals(cancellationToken);
        seen.LookAtSpending();
        return seen.Result();
    }
}

/// <summary>The model of a run as far as it is known without asking anybody.</summary>
/// <param name="FullName">The model as <c>provider/model</c>; <c>rehearsal/rehearsal</c> for the built-in one.</param>
/// <param name="Why">Why this one, in words.</param>
/// <param name="Api">The wire protocol.</param>
/// <param name="Address">Where it is served; empty for the built-in one.</param>
public sealed record DryRunModel(string FullName, string Why, string Api, string Address)
{
    /// <summary>Where the key comes from, in words, never the key; null for none.</summary>
    public string? KeyFrom { get; init; }

    /// <summary>Tokens that input and output may take together, or null when nobody said.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Tokens that one reply may have, or null when nobody said.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary><c>native</c>, <c>prompted</c> or <c>unknown</c>: how tools would be offered.</summary>
    public string Tools { get; init; } = "unknown";

    /// <summary>What its tokens cost, or null when nobody said.</summary>
    public Price? Price { get; init; }

    /// <summary>Whether a price is known.</summary>
    public bool HasPrice => Price is not null;

    /// <summary>Nothing it says comes from a language model.</summary>
    public bool Simulated { get; init; }
}

/// <summary>A limit of money that other turns share, and what is spent of it.</summary>
/// <param name="Span"><c>session</c>, <c>day</c> or <c>month</c>.</param>
/// <param name="Limit">US dollars.</param>
/// <param name="Spent">US dollars, as the logs say.</param>
public sealed record DryRunSpending(string Span, decimal Limit, decimal Spent);

/// <summary>A tool on offer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it does to the world.</param>
/// <param name="Matches">The words of the task that its name or description has.</param>
public sealed record DryRunTool(string Name, string Kind, IReadOnlyList<string> Matches);

/// <summary>What would confine commands, found without starting any.</summary>
/// <param name="Requested"><c>sandbox</c>, <c>required</c> or <c>off</c>.</param>
/// <param name="Backend">The backend that would be tried first, or null for none.</param>
/// <param name="Why">Why none, or none that is better; else empty.</param>
/// <param name="Hosts">The hosts that rules open to confined programs.</param>
public sealed record DryRunSandbox(string Requested, string? Backend, string Why, IReadOnlyList<string> Hosts)
{
    /// <summary>What it keeps to the workspace is not asked about: files there may be changed, and commands may run, without anybody's yes.</summary>
    public bool Unasked { get; init; }
}
