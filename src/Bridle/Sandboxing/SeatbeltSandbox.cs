using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// Confines programs with macOS' Seatbelt. Its profile is tested as text; it has not been tried on a Mac, so it is taken only when settings name it and nobody
/// should rely on it yet. It limits neither processes nor memory, and programs share the machine's loopback.
/// </summary>
public sealed class SeatbeltSandbox : ISandbox
{
    private const string Program = "/usr/bin/sandbox-exec";

    /// <inheritdoc/>
    public string Name => "seatbelt";

    /// <inheritdoc/>
    public SandboxProbe Probe() => OperatingSystem.IsMacOS() && File.Exists(Program)
        ? new(true, "sandbox-exec; untried: the profile was never run on a Mac")
        : new(false, "Seatbelt is a part of macOS.");

    /// <inheritdoc/>
    public IsolationPlan Plan(SandboxProfile profile) => new("sandbox", Name, profile.WorkspaceReadOnly ? "changes nothing" : "changes only the workspace", Network(profile), null, null)
    {
        // What was never tried is no reason to ask nobody.
        KeepsToWorkspace = false,
    };

    /// <inheritdoc/>
    public IProcesses Confine(IProcesses processes, SandboxProfile profile) => new SeatbeltProcesses(processes, profile);

    private static string? Network(SandboxProfile profile) => profile.Network switch
    {
        SandboxNetwork.Everything => null,
        SandboxNetwork.Proxy proxy => $"network only to {proxy.Rules}",
        _ => "no network",
    };

    private sealed class SeatbeltProcesses(IProcesses inner, SandboxProfile profile) : IProcesses
    {
        public IRunningProcess Start(ProcessSpec spec)
        {
            if (profile.Network is SandboxNetwork.Proxy)
            {
                throw new ToolException("The sandbox could not be set up: Seatbelt has no way to the proxy yet. Nothing was run. Set sandbox.toolchains to [] and leave out sandbox.network.allowedDomains.");
            }

            var variables = new Dictionary<string, string>(profile.Environment);
            foreach (var (name, value) in spec.Environment)
            {
                variables[name] = value;
            }

            return inner.Start(spec with { Program = Program, Arguments = ["-p", SeatbeltProfile.Of(profile), spec.Program, .. spec.Arguments], Environment = variables });
        }
    }
}
