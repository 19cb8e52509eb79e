using Bridle.Sandboxing;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Testing;

/// <summary>Says that it confines and does not: for tests of what permission, dialogs and records make of a sandbox. Keeps the profiles it was given.</summary>
public sealed class PretendSandbox(SandboxProbe? probe = null) : ISandbox
{
    private readonly List<SandboxProfile> _profiles = [];

    /// <summary>The profiles it was asked to confine by, in order.</summary>
    public IReadOnlyList<SandboxProfile> Profiles
    {
        get
        {
            lock (_profiles)
            {
                return [.. _profiles];
            }
        }
    }

    /// <inheritdoc/>
    public string Name => "pretend";

    /// <inheritdoc/>
    public bool HasProxy => true;

    /// <summary>One that does not work here, and why.</summary>
    public static PretendSandbox Broken(string why) => new(new SandboxProbe(false, why));

    /// <inheritdoc/>
    public SandboxProbe Probe() => probe ?? new(true, "pretends");

    /// <inheritdoc/>
    public bool CanKeepToWorkspace => true;

    /// <inheritdoc/>
    public IsolationPlan Plan(SandboxProfile profile) => new("sandbox", Name, "pretends", "pretends", "pretends", null) { KeepsToWorkspace = CanKeepToWorkspace && profile.Network is not SandboxNetwork.Everything };

    /// <inheritdoc/>
    public IProcesses Confine(IProcesses processes, SandboxProfile profile)
    {
        lock (_profiles)
        {
            _profiles.Add(profile);
        }

        return processes;
    }
}
