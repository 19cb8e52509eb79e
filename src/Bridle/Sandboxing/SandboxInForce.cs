using System.Diagnostics.CodeAnalysis;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>What confines the calls of a session. Immutable; safe to use concurrently.</summary>
public sealed class SandboxInForce
{
    private readonly IsolationPlan _plan;
    private readonly IsolationPlan _off = IsolationPlan.None("off", "asked to run without the sandbox, as you, on this machine") with { IsByRequest = true };
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (IProcesses Whole, GuardedWorkspace? Guard, IProcesses Confined)> _made = new(StringComparer.Ordinal);

    /// <summary>A session without a sandbox, and why.</summary>
    public SandboxInForce(string requested, string why) => _plan = IsolationPlan.None(requested, why);

    /// <summary>A session whose programs run in that sandbox by that profile. Takes away the empty places that a Bridle which was killed has left in the workspace.</summary>
    public SandboxInForce(ISandbox sandbox, SandboxProfile profile)
    {
        Sandbox = sandbox;
        Profile = profile;
        _plan = sandbox.Plan(profile);
        Protection.RemoveLeft(profile.Workspace);
    }

    /// <summary>Nothing confines anything, as in a session that nobody gave a sandbox.</summary>
    public static SandboxInForce Nothing { get; } = new("off", PlanIsolationStage.NoneInWords);

    /// <summary>The backend, or null.</summary>
    public ISandbox? Sandbox { get; }

    /// <summary>The profile, or null.</summary>
    public SandboxProfile? Profile { get; }

    /// <summary>The hosts that its programs asked for in vain; null where nobody counts them.</summary>
    public RefusedHosts? Refused { get; init; }

    /// <summary>
    /// The one tool, by this very definition, whose git may write in <c>.git</c>; null for none. Another tool of the same name is not trusted with the repository.
    /// </summary>
    public ToolDefinition? RepositoryTool { get; init; }

    /// <summary>What a command may reach that nobody was asked about; null for nothing.</summary>
    public UnaskedNetwork? Unasked { get; init; }

    /// <summary>Whether calls run confined unless they ask not to.</summary>
    [MemberNotNullWhen(true, nameof(Sandbox), nameof(Profile))]
    public bool IsOn => Sandbox is not null;

    /// <summary>What holds for a call that asks for nothing special.</summary>
    public IsolationPlan Plan => _plan;

    /// <summary>
    /// What will confine a call of that tool. <paramref name="asksForNone"/>: its arguments say <c>sandbox: "off"</c>; <paramref name="reach"/>: see <see cref="Judgement.Reach"/>.
    /// </summary>
    public IsolationPlan PlanFor(ToolDefinition tool, bool asksForNone, IReadOnlyList<string>? reach = null) => tool switch
    {
        { OwnIsolation: { } own } => own,
        { Work: ToolWork.Files } => AtDoors("files by handle and only where the rules allow", "no network"),
        { Work: ToolWork.Network } => AtDoors("no files", "public addresses that the rules allow, checked when connecting"),
        { Work: ToolWork.Session } => AtDoors("touches nothing outside the session", null),
        _ when IsOn && asksForNone => _off,
        _ when IsOn && WritesRepository(tool) => WithRepository(Sandbox.Plan(ProfileFor(Profile, writesRepository: true, reach: null))),
        { Work: ToolWork.Own } when IsOn => IsolationPlan.None(_plan.Requested, $"the tool's own code runs inside Bridle, as you; programs that it starts through Bridle are confined by {_plan.Text}"),
        _ when IsOn && reach is not null => Sandbox.Plan(ProfileFor(Profile, writesRepository: false, reach)) with { IsUnasked = true },
        _ when IsOn && Unasked is { Fetching: var fetching } && Sandbox.HasProxy => _plan with { Fetching = fetching },
        _ => _plan,
    };

    /// <summary>Whether the plan was made for a call that asked for no sandbox.</summary>
    internal bool IsForNone(IsolationPlan plan) => ReferenceEquals(plan, _off);

    // Who lets confined work pass unasked lets such work pass as well, as far as it stays in the workspace; permission looks at its paths.
    private IsolationPlan AtDoors(string files, string? network) => new(_plan.Requested, IsolationPlan.Doors, files, network, "no programs", null) { KeepsToWorkspace = _plan.KeepsToWorkspace };

    /// <summary>Whether a tool is trusted with the repository itself.</summary>
    public bool WritesRepository(ToolDefinition tool) => RepositoryTool is { } trusted && ReferenceEquals(tool, trusted);

    private static IsolationPlan WithRepository(IsolationPlan plan) => plan with { Files = $"{plan.Files}, and .git but for its hooks and configuration" };

    // What is planned and what is enforced. A trusted tool needs no network, and is given none; what nobody was asked about has none but for its packages.
    private SandboxProfile ProfileFor(SandboxProfile profile, bool writesRepository, IReadOnlyList<string>? reach) =>
        writesRepository ? WorktreeGit.Open(profile) with { GitWrite = true, Network = SandboxNetwork.None }
        : reach is not null ? WithoutCredentials(profile, reach) with { Network = profile.Network is SandboxNetwork.Proxy ? Unasked?.For(reach) ?? SandboxNetwork.None : SandboxNetwork.None }
        : profile;

    // Where a toolchain is shown a file of the person's, that is the same file at another place.
    private static SandboxProfile WithoutCredentials(SandboxProfile profile, IReadOnlyList<string> reach)
    {
        var hidden = profile.Credentials.Where(one => one.Toolchain is not { } owner || !reach.Contains(owner)).Select(one => one.Path).ToList();
        return profile with
        {
            Masked = [.. profile.Masked, .. hidden],
            Mounts = [.. profile.Mounts.Where(mount => !hidden.Exists(path => MountPlan.IsWithin(mount.Source, path) || (!mount.Writable && MountPlan.IsWithin(path, mount.Source))))],
        };
    }

    /// <summary>
    /// The door to processes for a call with that plan. <paramref name="writesRepository"/>: git may write in <c>.git</c>, hooks and configuration excepted;
    /// <paramref name="reach"/>: see <see cref="Judgement.Reach"/>; <paramref name="guard"/>: what holds of the workspace's own files beside that; of a tool that is trusted with the
    /// repository, what rules deny.
    /// </summary>
    public IProcesses Confine(IProcesses processes, IsolationPlan plan, bool writesRepository = false, IReadOnlyList<string>? reach = null, GuardedWorkspace? guard = null)
    {
        if (!IsOn || IsForNone(plan))
        {
            return processes;
        }

        guard = writesRepository ? guard?.ForRepository() : guard;
        var kind = writesRepository ? "repository" : $"{(reach is null ? "" : $"reach:{string.Join(',', reach)}")}{(guard is { HidesSecrets: true } ? "+" : "")}";
        lock (_lock)
        {
            if (!_made.TryGetValue(kind, out var made) || !ReferenceEquals(made.Whole, processes) || made.Guard != guard)
            {
                var profile = ProfileFor(Profile, writesRepository, reach);
                // And its git is none that a call has put somewhere.
                var confined = guard is null ? Sandbox.Confine(processes, profile) : guard.Confine(Sandbox, processes, profile);
                _made[kind] = made = (processes, guard, writesRepository ? new OutsidePrograms(confined, profile.WritablePlaces, profile.Environment.GetValueOrDefault("PATH")) : confined);
            }

            return made.Confined;
        }
    }
}
