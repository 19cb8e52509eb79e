using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// Confines programs with bubblewrap: namespaces of their own, the machine read-only, no capabilities, a filter on system calls, limits, and death with Bridle.
/// Linux on x64 and arm64 only.
/// </summary>
public sealed class BubblewrapSandbox : ISandbox
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Lazy<SandboxProbe> _probe;

    /// <summary>With the processes by which it is tried; null for those of this machine.</summary>
    public BubblewrapSandbox(IProcesses? processes = null) => _probe = new(() => Try(processes ?? new LocalProcesses()));

    /// <summary>The one of this machine, tried at most once.</summary>
    public static BubblewrapSandbox Shared { get; } = new();

    /// <inheritdoc/>
    public string Name => "bubblewrap";

    /// <inheritdoc/>
    public bool HasProxy => true;

    /// <inheritdoc/>
    public bool CanKeepToWorkspace => true;

    /// <inheritdoc/>
    public SandboxProbe Probe() => _probe.Value;

    /// <inheritdoc/>
    public SandboxProbe Look() => WhyNotHere() ?? SandboxProbe.Of(ProgramLookup.Look(BubblewrapCommand.Program, Environment.GetEnvironmentVariable("PATH"), "Install the package bubblewrap."));

    /// <inheritdoc/>
    public IsolationPlan Plan(SandboxProfile profile) => new("sandbox", Name, Files(profile), Network(profile), Processes(profile.Limits), null)
    {
        KeepsToWorkspace = CanKeepToWorkspace && profile.Network is not SandboxNetwork.Everything,
        Ending = "they end with Bridle",
        SystemCalls = PlanDetails.SystemCalls(profile),
        Limits = PlanDetails.Limits(profile.Limits),
    };

    /// <inheritdoc/>
    public IProcesses Confine(IProcesses processes, SandboxProfile profile) => new BubblewrapProcesses(processes, profile);

    private static string Files(SandboxProfile profile)
    {
        var others = profile.Writable.Count + profile.Mounts.Count(mount => mount.Writable);
        var where = profile.WorkspaceReadOnly ? "changes nothing" : "changes only the workspace";
        return others == 0 ? where : $"{where}{(profile.WorkspaceReadOnly ? " but" : " and")} {others} other {(others == 1 ? "place" : "places")}";
    }

    private static string Network(SandboxProfile profile) => profile.Network switch
    {
        SandboxNetwork.Nothing or SandboxNetwork.Proxy { Rules: "" } => "no network",
        SandboxNetwork.Proxy proxy => $"network only to {proxy.Rules}",
        _ => "the whole network",
    };

    private static string Processes(SandboxLimits limits) => limits.Processes is not { } most ? "sees only its own processes"
        : ProcessCount.IsNeeded && !ProcessCount.IsPossible ? "sees only its own processes (their number is not limited: root is exempt and no control group can be made)"
        : $"sees only its own processes, at most {most}";

    private static SandboxProbe? WhyNotHere() =>
        !LinuxCalls.Known || SystemCallTable.Here is null || !PosixSpawn.IsPresent ? new(false, "bubblewrap works on Linux only, on x64 and arm64 processors.") : null;

    private static SandboxProbe Try(IProcesses processes)
    {
        if (WhyNotHere() is { } elsewhere)
        {
            return elsewhere;
        }

        var profile = new SandboxProfile { Workspace = "/", WorkspaceReadOnly = true };
        try
        {
            var output = new StringWriter();
            var spec = new ProcessSpec("true", [], "/") { OnOutput = chunk => output.Write(System.Text.Encoding.UTF8.GetString(chunk.Bytes.Span)) };
            var process = new BubblewrapProcesses(processes, profile).Start(spec);
            if (!process.Exit.Wait(s_patience))
            {
                process.KillAsync().GetAwaiter().GetResult();
                return new(false, "bubblewrap does not come to an end here.");
            }

            var said = output.ToString().Trim().Split('\n')[0];
            return process.Exit.Result == 0 ? new(true, "bubblewrap") : new(false, $"bubblewrap fails here: {said}. {Advice(said)}".Trim());
        }
        catch (ToolException refused)
        {
            return new(false, $"{refused.Message} {Advice(refused.Message)}".Trim());
        }
    }

    private static string Advice(string problem) =>
        problem.Contains("not found on PATH", StringComparison.Ordinal) ? "Install the package bubblewrap."
        : problem.Contains("mount proc", StringComparison.Ordinal) ? "Bridle itself runs in a container or another sandbox, which hides a part of /proc and so forbids a new one. Run Bridle outside of it, or let it confine alone."
        : problem.Contains("uid map", StringComparison.Ordinal) || problem.Contains("namespace", StringComparison.Ordinal) || problem.Contains("not permitted", StringComparison.Ordinal)
            ? "This machine, or the container we run in, does not let programs make user namespaces."
        : "";
}
