using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>One way to confine programs by the operating system. Safe to use concurrently.</summary>
public interface ISandbox
{
    /// <summary>The name in settings, records and reports, such as <c>bubblewrap</c>.</summary>
    string Name { get; }

    /// <summary>Whether its programs have a way to <see cref="SandboxNetwork.Proxy"/>; else that is no network at all.</summary>
    bool HasProxy => false;

    /// <summary>
    /// Whether a call is kept to the workspace by it, unless the profile lets it reach every address: such calls may run unasked (<see cref="IsolationPlan.KeepsToWorkspace"/>). Known of the
    /// backend itself: nothing is looked at or touched for it.
    /// </summary>
    bool CanKeepToWorkspace => false;

    /// <summary>Tries whether it works here, for real. Found out once for the process; later calls cost nothing.</summary>
    SandboxProbe Probe();

    /// <summary>Whether it could work here, by what can be seen without starting anything: weaker than <see cref="Probe"/>, and all that a dry run may do.</summary>
    SandboxProbe Look() => Probe();

    /// <summary>What it enforces of a profile, in words; what it cannot enforce is null in the plan and never claimed.</summary>
    IsolationPlan Plan(SandboxProfile profile);

    /// <summary>
    /// A door through which every program runs confined by the profile. Starting throws <see cref="Messages.ToolException"/> when the confinement cannot be set up;
    /// nothing has run then, and nothing is ever run without it instead. The process ids are those of this machine.
    /// </summary>
    IProcesses Confine(IProcesses processes, SandboxProfile profile);
}

/// <summary>Whether a backend works here.</summary>
/// <param name="Works">It does.</param>
/// <param name="Detail">Which version works, or why it does not and what to do about it.</param>
public sealed record SandboxProbe(bool Works, string Detail)
{
    internal static SandboxProbe Of((bool Works, string Detail) seen) => new(seen.Works, seen.Detail);
}
