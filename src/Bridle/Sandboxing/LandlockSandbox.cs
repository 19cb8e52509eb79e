using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// Confines programs with Landlock, a filter on system calls and no capabilities, where bubblewrap is missing. It can only grant: in a folder that holds something
/// protected nothing new can be made. There are no namespaces: programs see the processes of the machine and the names of its files. Linux 6.2 or newer.
/// </summary>
public sealed class LandlockSandbox : ISandbox
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Lazy<SandboxProbe> _probe = new(Try);

    /// <summary>The one of this machine, tried at most once.</summary>
    public static LandlockSandbox Shared { get; } = new();

    /// <inheritdoc/>
    public string Name => "landlock";

    /// <inheritdoc/>
    public SandboxProbe Probe() => _probe.Value;

    /// <inheritdoc/>
    public SandboxProbe Look() => WhyNotHere() ?? new(true, $"landlock, version {LandlockCalls.Version}, untried");

    /// <inheritdoc/>
    public IsolationPlan Plan(SandboxProfile profile) => new("sandbox", Name, Files(profile), Network(profile), Processes(profile.Limits), null)
    {
        // Modes, owners and times of other files are not Landlock's to keep.
        KeepsToWorkspace = false,
        Ending = "they end with their command, but not when Bridle itself is killed",
        SystemCalls = PlanDetails.SystemCalls(profile),
        Limits = PlanDetails.Limits(profile.Limits),
    };

    /// <inheritdoc/>
    public IProcesses Confine(IProcesses processes, SandboxProfile profile) => new LandlockProcesses(processes, profile);

    private static string Files(SandboxProfile profile)
    {
        var others = profile.Writable.Count + LandlockRules.InPlace(profile).Count(mount => mount.Writable);
        var where = profile.WorkspaceReadOnly ? "changes the content of nothing" : "changes the content of only the workspace";
        var also = others == 0 ? "" : $"{(profile.WorkspaceReadOnly ? " but" : " and")} {others} other {(others == 1 ? "place" : "places")}";
        var beside = LandlockRules.HasKeptInside(profile) ? "nothing new or renamed directly beside a protected path, so not at the top of the workspace; " : "";
        var left = profile.Mounts.Count - LandlockRules.InPlace(profile).Count() is > 0 and var missing ? $"; {missing} toolchain caches cannot be shown" : "";
        return $"{where}{also} ({beside}modes, owners and times of your other files and the names of hidden ones are open{left})";
    }

    private static string Network(SandboxProfile profile)
    {
        var sockets = profile.UnixSockets ? ", but every Unix socket of this machine" : "";
        return profile.Network switch
        {
            SandboxNetwork.Everything => "the whole network",
            SandboxNetwork.Proxy => $"no network, not even the hosts that rules allow, and no loopback{sockets}",
            _ => $"no network and no loopback{sockets}",
        };
    }

    private static string Processes(SandboxLimits limits)
    {
        var signals = LandlockCalls.KeepsSignals ? "sees all processes and signals only its own" : "sees all processes and can signal yours";
        return limits.Processes is not { } most ? signals
            : ProcessCount.IsPossible ? $"{signals}, at most {most}" : $"{signals} (their number is not limited: no control group can be made)";
    }

    private static SandboxProbe? WhyNotHere() =>
        !LinuxCalls.Known || SystemCallTable.Here is null || !PosixSpawn.IsPresent ? new(false, "Landlock is a part of Linux, on x64 and arm64 processors.")
        : LandlockCalls.Version >= LandlockCalls.LeastVersion ? null
        : new(false, LandlockCalls.Version == 0
            ? "this kernel has no Landlock, or it is not among the security modules it starts with (lsm=)."
            : $"this kernel's Landlock is version {LandlockCalls.Version}; it takes {LandlockCalls.LeastVersion} (Linux 6.2) to keep files outside from being cut off.");

    private static SandboxProbe Try()
    {
        if (WhyNotHere() is { } elsewhere)
        {
            return elsewhere;
        }

        try
        {
            var spec = new ProcessSpec("true", [], "/") { OnOutput = _ => { } };
            var process = new LandlockProcesses(new LocalProcesses(), new SandboxProfile { Workspace = "/", WorkspaceReadOnly = true }).Start(spec);
            if (!process.Exit.Wait(s_patience))
            {
                process.KillAsync().GetAwaiter().GetResult();
                return new(false, "a program under Landlock does not come to an end here.");
            }

            return process.Exit.Result == 0 ? new(true, $"landlock, version {LandlockCalls.Version}") : new(false, $"a program under Landlock fails here with exit code {process.Exit.Result}.");
        }
        catch (ToolException refused)
        {
            return new(false, refused.Message);
        }
    }
}
