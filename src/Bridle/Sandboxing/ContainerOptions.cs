namespace Bridle.Sandboxing;

/// <summary>Which container a command runs in, and what it may use there.</summary>
/// <param name="Engine">The engine's program: <c>podman</c>, <c>docker</c>, or one that takes the same arguments.</param>
/// <param name="Image">The image.</param>
/// <param name="Volume">The named volume that keeps what commands write; it must exist.</param>
public sealed record ContainerOptions(string Engine, string Image, string Volume)
{
    /// <summary>Where the volume is mounted, and where commands start.</summary>
    public const string Workspace = "/workspace";

    /// <summary>The engine where none is named.</summary>
    public const string UsualEngine = "podman";

    /// <summary>The image where none is named.</summary>
    public const string UsualImage = "alpine";

    /// <summary>The user inside, such as <c>1000:1000</c>.</summary>
    public required string User { get; init; }

    /// <summary>Whether the user of a rootless engine must be kept, so that the volume's files are the person's.</summary>
    public bool KeepUser { get; init; }

    /// <summary>Whether the container has the engine's usual network; off unless a person switched it on.</summary>
    public bool HasNetwork { get; init; }

    /// <summary>Megabytes of memory.</summary>
    public int MemoryMb { get; init; } = 2048;

    /// <summary>Processes and threads.</summary>
    public int Processes { get; init; } = 512;

    /// <summary>Processors.</summary>
    public int Processors { get; init; } = 2;

    /// <summary>
    /// The arguments that run a shell command in a container of its own: the seed's <c>run -u USER -v VOLUME:MOUNT -w FOLDER IMAGE</c>, with nothing kept, no network, limits,
    /// no capabilities, no way to more privileges and a root that cannot be written. Bash where the image has it, else its shell.
    /// </summary>
    public IReadOnlyList<string> Run(string name, string command) =>
    [
        "run", "--rm", "--name", name, "-u", User, .. KeepUser ? new[] { "--userns=keep-id" } : [], "-v", $"{Volume}:{Workspace}", "-w", Workspace,
        .. HasNetwork ? [] : new[] { "--network", "none" },
        "--memory", $"{MemoryMb}m", "--pids-limit", $"{Processes}", "--cpus", $"{Processors}", "--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096", "--ulimit", "core=0:0",
        "--cap-drop", "all", "--security-opt", "no-new-privileges", "--read-only", "--tmpfs", "/tmp:rw,nosuid,nodev,size=256m", "-e", $"HOME={Workspace}",
        Image, "/bin/sh", "-c", "if command -v bash >/dev/null 2>&1; then exec bash -c \"$1\"; fi; exec /bin/sh -c \"$1\"", "sh", command,
    ];
}
