using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// What rules and the table say of the workspace's own files, held for a program: what it must not read looks empty, what it must not change is read-only, what it must
/// not make is moved aside when it has ended. A rule that denies holds for every program; the rest where nobody was asked about it.
/// </summary>
/// <param name="InForce">The rules.</param>
/// <param name="Unasked">Nobody was asked about the call.</param>
/// <param name="HidesSecrets">What may be a secret looks empty to it.</param>
public sealed record GuardedWorkspace(PermissionsInForce InForce, bool Unasked, bool HidesSecrets)
{
    // A tool that is trusted with the repository stores what files hold: what looks empty to it, it would take for empty. So it may read, and change nothing that a rule denies.
    private bool _isForRepository;

    /// <summary>The same for a tool that is trusted with the repository: what a rule denies is held as it is, and nothing is hidden.</summary>
    internal GuardedWorkspace ForRepository() => new(InForce, false, false) { _isForRepository = true };

    /// <summary>For a call with that judgement.</summary>
    public static GuardedWorkspace For(PermissionsInForce inForce, Judgement? judgement) => new(inForce, judgement?.Reach is not null, judgement?.HidesSecrets is true);

    private bool IsNothing => !Unasked && !HidesSecrets && !InForce.Policy.HasFileDenials;

    /// <summary>The plan with what looks empty to the call.</summary>
    public IsolationPlan Tell(IsolationPlan plan)
    {
        var hidden = IsNothing || !plan.IsConfined ? 0 : InForce.Guarded(fresh: false).Places.Count(place => place.Hides && Holds(place));
        return hidden == 0 ? plan : plan with { Files = $"{plan.Files}; {hidden} {(hidden == 1 ? "place" : "places")} in it {(hidden == 1 ? "looks" : "look")} empty" };
    }

    /// <summary>The door to processes that holds it.</summary>
    internal IProcesses Confine(ISandbox sandbox, IProcesses processes, SandboxProfile profile) => new Guarded(this, sandbox, processes, profile, sandbox.Confine(processes, profile));

    private SandboxProfile Of(SandboxProfile profile)
    {
        // What we make ourselves is there before the program.
        OwnFolders.Make(profile);
        var guarded = InForce.Guarded(fresh: true);
        if (Unasked && guarded.Problem is { } problem)
        {
            // It was judged a moment ago, and what runs beside it may have changed that since.
            throw new ToolException($"It was to run without a question and cannot any more: {problem}. Nothing was run.");
        }

        var places = guarded.Places;
        var held = profile.Protected.Select(one => one.Path).ToHashSet(StringComparer.Ordinal);
        return profile with
        {
            Masked = [.. profile.Masked, .. places.Where(place => IsHidden(place) && Holds(place)).Select(place => place.Path)],
            Protected = [.. profile.Protected, .. places.Where(place => !IsHidden(place) && Holds(place) && !held.Contains(place.Path)).Select(place => new ProtectedPath(place.Path, place.IsFolder))],
            Unwanted = new(guarded.All.Select(place => place.Path).ToHashSet(StringComparer.Ordinal), guarded.Unseen, UnwantedNow),
        };
    }

    private (IReadOnlyList<(string Path, bool IsFolder)> Places, string? Unseen) UnwantedNow()
    {
        var guarded = InForce.Guarded(fresh: true);
        return (guarded.All.Where(IsUnwanted).ToList().ConvertAll(place => (place.Path, place.IsFolder)), guarded.Unseen);
    }

    private bool IsHidden(GuardedPlace place) => place.Hides && !_isForRepository;

    private bool Holds(GuardedPlace place) => Unasked || place.By is GuardedBy.DenyRule || (HidesSecrets && place.Hides);

    // A certificate or an .env that a program makes tells it nothing that it did not know.
    private bool IsUnwanted(GuardedPlace place) => place.By is GuardedBy.DenyRule || (Unasked && place.By is not GuardedBy.Table);

    private sealed class Guarded(GuardedWorkspace guard, ISandbox sandbox, IProcesses inner, SandboxProfile profile, IProcesses plain) : IProcesses
    {
        public IRunningProcess Start(ProcessSpec spec) => guard.IsNothing ? plain.Start(spec) : sandbox.Confine(inner, guard.Of(profile)).Start(spec);
    }
}
