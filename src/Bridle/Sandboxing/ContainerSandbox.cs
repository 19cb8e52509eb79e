using System.Collections.Concurrent;
using System.Text;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// Runs every program in a container of its own, made of an image that a person chose: the workspace at its own path, nothing else of the machine. Never taken
/// unless settings name it. Programs that the image lacks are not found.
/// </summary>
public sealed class ContainerSandbox : ISandbox
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly ContainerPlace _place;
    private readonly IProcesses _engine;
    private readonly Lazy<SandboxProbe> _probe;
    private readonly ConcurrentDictionary<string, bool> _has = new(StringComparer.Ordinal);

    /// <summary>With the place, and the processes that the engine is asked by; null for those of this machine.</summary>
    public ContainerSandbox(ContainerPlace place, IProcesses? engine = null)
    {
        (_place, _engine) = (place, engine ?? new LocalProcesses());
        _probe = new(Try);
    }

    /// <inheritdoc/>
    public string Name => "container";

    /// <inheritdoc/>
    public bool CanKeepToWorkspace => true;

    /// <inheritdoc/>
    public SandboxProbe Probe() => _probe.Value;

    /// <inheritdoc/>
    public SandboxProbe Look() => ContainerWords.WrongImage(_place.Image) is { } wrong ? new(false, wrong)
        : SandboxProbe.Of(ProgramLookup.Look(_place.Engine, _place.Variables.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH"), "Install it, or name another engine."));

    /// <inheritdoc/>
    public IsolationPlan Plan(SandboxProfile profile)
    {
        var others = profile.Writable.Count + profile.Mounts.Count(mount => mount.Writable);
        var also = others == 0 ? "" : $"{(profile.WorkspaceReadOnly ? " but" : " and")} {others} other {(others == 1 ? "place" : "places")}";
        var most = profile.Limits.Processes is { } processes ? $"at most {processes} and " : "";
        return new(
            "sandbox", Name, $"{(profile.WorkspaceReadOnly ? "changes nothing" : "changes only the workspace")}{also}; the rest of the machine is not there, but the image {_place.Image}",
            profile.Network switch { SandboxNetwork.Everything => "the engine's network", SandboxNetwork.Proxy => "no network, not even the hosts that rules allow", _ => "no network" },
            $"sees only its own processes, {most}{_place.MemoryMb} MB, as far as {_place.Engine} enforces limits here", null)
        {
            KeepsToWorkspace = CanKeepToWorkspace && profile.Network is not SandboxNetwork.Everything,
            Ending = "they end with Bridle",
            SystemCalls = "refused is what the engine's own filter refuses",
            Limits = [("processes", profile.Limits.Processes), ("memory bytes", (long)_place.MemoryMb << 20)],
        };
    }

    /// <inheritdoc/>
    public IProcesses Confine(IProcesses processes, SandboxProfile profile) => new Contained(this, processes, profile);

    private SandboxProbe Try()
    {
        if (ContainerWords.WrongImage(_place.Image) is { } wrong)
        {
            return new(false, wrong);
        }

        try
        {
            if (Ask(["image", "inspect", "--format", "{{.Id}}", _place.Image]) is (not 0, var missing))
            {
                return new(false, $"the image {_place.Image} is not here. Get it with: {_place.Engine} pull {_place.Image} ({missing})");
            }

            var (code, said) = Ask(["run", "--rm", "--pull", "never", "--network", "none", "--read-only", "--entrypoint", "", _place.Image, "/bin/sh", "-c", "true"]);
            if (code != 0)
            {
                return new(false, $"{_place.Engine} cannot run {_place.Image} here: {said}");
            }

            RemoveLeft();
            return new(true, $"{_place.Engine}, image {_place.Image}");
        }
        catch (ToolException refused)
        {
            return new(false, $"the engine {_place.Engine} cannot be started. {refused.Message}");
        }
    }

    // What a Bridle left that was killed, and whoever watched for it as well.
    private void RemoveLeft()
    {
        var (code, names) = Ask(["ps", "-a", "--filter", "name=bridle-", "--format", "{{.Names}}"]);
        var left = code == 0 ? names.Split('\n', StringSplitOptions.TrimEntries).Where(ContainerName.IsLeft).ToList() : [];
        if (left.Count > 0)
        {
            _ = Ask(["rm", "-f", .. left]);
        }
    }

    private bool Has(string program) =>
        _has.GetOrAdd(program, name => Ask(["run", "--rm", "--pull", "never", "--network", "none", "--read-only", "--entrypoint", "", _place.Image, "/bin/sh", "-c", "command -v \"$0\"", name]).Code == 0);

    private (int Code, string Said) Ask(IReadOnlyList<string> arguments)
    {
        var output = new StringBuilder();
        var process = _engine.Start(new ProcessSpec(_place.Engine, arguments, "/") { Environment = _place.Variables, OnOutput = chunk => output.Append(Encoding.UTF8.GetString(chunk.Bytes.Span)) });
        if (!process.Exit.Wait(s_patience))
        {
            process.KillAsync().GetAwaiter().GetResult();
            return (-1, $"it does not come to an end within {s_patience.TotalSeconds} s");
        }

        return (process.Exit.Result, output.ToString().Trim());
    }

    private sealed class Contained(ContainerSandbox sandbox, IProcesses inner, SandboxProfile profile) : IProcesses
    {
        public IRunningProcess Start(ProcessSpec spec)
        {
            var place = sandbox._place;
            if (!sandbox.Has(spec.Program))
            {
                throw new ToolException($"The program {spec.Program} is not in the image {place.Image}, so it was not run. Take another image (sandbox.container.image).");
            }

            var protection = Protection.Of(profile);
            var leash = ContainerLeash.Take(place.Engine, place.Variables);
            try
            {
                var client = inner.Start(spec with { Program = place.Engine, Arguments = place.Run(leash.Name, spec, profile, ContainerMounts.Arguments(profile, protection)), WorkingDirectory = "/", Environment = place.Variables });
                return new ContainerProcess(client, () => Task.Run(() => sandbox.Ask(["rm", "-f", leash.Name])), protection, leash, spec.OnOutput).Follow();
            }
            catch (Exception)
            {
                leash.Dispose();
                protection.Dispose();
                throw;
            }
        }
    }
}
