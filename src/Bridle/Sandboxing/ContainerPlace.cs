using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>The engine and the image that programs of a session run in, when containers are its sandbox.</summary>
/// <param name="Engine">The engine's program: <c>podman</c>, <c>docker</c>, or one that takes the same arguments.</param>
/// <param name="Image">The image; it needs a <c>/bin/sh</c>.</param>
public sealed record ContainerPlace(string Engine, string Image)
{
    /// <summary>The user inside, such as <c>1000:1000</c>.</summary>
    public required string User { get; init; }

    /// <summary>Whether the user of a rootless engine must be kept, so that files in the workspace are the person's.</summary>
    public bool KeepUser { get; init; }

    /// <summary>Megabytes of memory.</summary>
    public int MemoryMb { get; init; } = 2048;

    /// <summary>Variables that the engine itself needs to be found and to run; programs do not get them.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The arguments that run a program in a container of its own.</summary>
    internal List<string> Run(string name, ProcessSpec spec, SandboxProfile profile, IEnumerable<string> mounts)
    {
        var limits = profile.Limits;
        List<string> arguments = ["run", "--rm", "--pull", "never", "--name", name, "--entrypoint", "", "-u", User, .. KeepUser ? new[] { "--userns=keep-id" } : []];
        arguments.AddRange(spec is { Input: null, Feed: null } ? [] : ["-i"]);
        arguments.AddRange(profile.Network is SandboxNetwork.Everything ? [] : ["--network", "none"]);
        arguments.AddRange(["--cap-drop", "all", "--security-opt", "no-new-privileges", "--security-opt", "label=disable", "--read-only", "--memory", $"{MemoryMb}m", "--ulimit", "nproc=4096:4096", "--ulimit", "core=0:0"]);
        arguments.AddRange(limits.Processes is { } most ? ["--pids-limit", $"{most}"] : []);
        arguments.AddRange(limits.OpenFiles is { } files ? ["--ulimit", $"nofile={files}:{files}"] : []);
        arguments.AddRange(limits.FileSize is { } size ? ["--ulimit", $"fsize={size}:{size}"] : []);
        arguments.AddRange(limits.CpuSeconds is { } seconds ? ["--ulimit", $"cpu={seconds}:{seconds}"] : []);
        arguments.AddRange(mounts);
        arguments.AddRange(["-w", PathResolution.TryReal(spec.WorkingDirectory, out var real) ? real : spec.WorkingDirectory]);
        foreach (var (variable, value) in Seen(spec, profile))
        {
            arguments.AddRange(["-e", $"{variable}={value}"]);
        }

        return [.. arguments, Image, spec.Program, .. spec.Arguments];
    }

    // The home folder of the person is not there.
    private static Dictionary<string, string> Seen(ProcessSpec spec, SandboxProfile profile)
    {
        var all = new Dictionary<string, string> { ["HOME"] = "/tmp", ["TMPDIR"] = "/tmp", ["TERM"] = "dumb", ["PAGER"] = "cat", ["GIT_PAGER"] = "cat", ["GIT_TERMINAL_PROMPT"] = "0" };
        foreach (var name in profile.PassedVariables.Where(name => Environment.GetEnvironmentVariable(name) is not null))
        {
            all[name] = Environment.GetEnvironmentVariable(name)!;
        }

        foreach (var (name, value) in profile.Environment.Concat(spec.Environment))
        {
            all[name] = value;
        }

        return all;
    }
}
