namespace Bridle.Hosting.Settings;

/// <summary>The key <c>sandbox</c> of a settings file. A project's own file may only make it stricter.</summary>
public sealed record SandboxSettings
{
    /// <summary>Whether programs run confined where that works; true when no file says otherwise.</summary>
    public bool? Enabled { get; init; }

    /// <summary><c>auto</c>, <c>bubblewrap</c>, <c>container</c>, <c>landlock</c>, <c>seatbelt</c> or <c>none</c>.</summary>
    public string? Backend { get; init; }

    /// <summary>Refuse to start when no sandbox can be had.</summary>
    public bool? Required { get; init; }

    /// <summary>Run what the sandbox keeps to the workspace without asking; when no file says so, on where nobody is there to be asked and off where somebody is.</summary>
    public bool? AutoAllow { get; init; }

    /// <summary>Commands that may run outside without asking when the model asks for that (<c>sandbox: "off"</c>), as in a rule for Bash: <c>git push:*</c>. No other rule covers such a call.</summary>
    public IReadOnlyList<string>? AllowUnconfined { get; init; }

    /// <summary>Claude Code's name for <c>allowUnconfined</c>; both count.</summary>
    public IReadOnlyList<string>? ExcludedCommands { get; init; }

    /// <summary>Whether a call may run without the sandbox at all; when it is false, only commands that <c>allowUnconfined</c> names may, and nobody is asked about others. True when no file says otherwise.</summary>
    public bool? AllowUnsandboxedCommands { get; init; }

    /// <summary>Toolchains whose caches and registries programs get: <c>dotnet</c>, <c>npm</c>, <c>python</c>, <c>cargo</c>, <c>go</c>, <c>maven</c>, <c>gradle</c>; without it, those whose files are in the workspace.</summary>
    public IReadOnlyList<string>? Toolchains { get; init; }

    /// <summary>What programs may reach.</summary>
    public SandboxNetworkSettings? Network { get; init; }

    /// <summary>What programs may read and change beside the workspace.</summary>
    public SandboxFilesystemSettings? Filesystem { get; init; }

    /// <summary>The container of the tool <c>execute_sandboxed_command</c>, and of all commands with the backend <c>container</c>.</summary>
    public SandboxContainerSettings? Container { get; init; }

    /// <summary>What programs may use.</summary>
    public SandboxLimitSettings? Limits { get; init; }

    /// <summary>What programs see of the environment.</summary>
    public SandboxEnvironmentSettings? Environment { get; init; }
}

/// <summary>The key <c>sandbox.container</c>. Engine and volume, and the image unless it is named here, come from the variables <c>SANDBOX_CONTAINER_…</c>.</summary>
public sealed record SandboxContainerSettings
{
    /// <summary>The image of the backend <c>container</c>; the variable <c>SANDBOX_CONTAINER_IMAGE</c> when no file says otherwise.</summary>
    public string? Image { get; init; }

    /// <summary>Whether commands in the container have the engine's network; false when no file says otherwise.</summary>
    public bool? Network { get; init; }

    /// <summary>Megabytes of memory of the container; 2048 when no file says otherwise.</summary>
    public int? MemoryMb { get; init; }
}

/// <summary>The key <c>sandbox.network</c>.</summary>
public sealed record SandboxNetworkSettings
{
    /// <summary>Hosts that programs may reach, such as <c>packages.example.com</c> or <c>*.example.com</c>; <c>*</c> alone stands for every host.</summary>
    public IReadOnlyList<string>? AllowedDomains { get; init; }

    /// <summary>Hosts that programs may reach though their names lead into a private network, such as a company's own servers; each by its whole name.</summary>
    public IReadOnlyList<string>? PrivateDomains { get; init; }

    /// <summary>Hosts that they may not reach, whatever is allowed.</summary>
    public IReadOnlyList<string>? DeniedDomains { get; init; }

    /// <summary>Whether programs may make Unix sockets where there is no proxy.</summary>
    public bool? UnixSockets { get; init; }
}

/// <summary>The key <c>sandbox.filesystem</c>. A path starts with <c>/</c>, with <c>~/</c> for the home folder, or is taken from the workspace.</summary>
public sealed record SandboxFilesystemSettings
{
    /// <summary>Folders and files beside the workspace that programs may change.</summary>
    public IReadOnlyList<string>? AllowWrite { get; init; }

    /// <summary>Folders and files that they may not change, the workspace's own included.</summary>
    public IReadOnlyList<string>? DenyWrite { get; init; }

    /// <summary>Folders and files that look empty to them, beside the built-in list.</summary>
    public IReadOnlyList<string>? DenyRead { get; init; }

    /// <summary>Entries of the built-in list that they may read all the same.</summary>
    public IReadOnlyList<string>? AllowRead { get; init; }
}

/// <summary>The key <c>sandbox.limits</c>; 0 means no limit.</summary>
public sealed record SandboxLimitSettings
{
    /// <summary>Processes and threads at the same time.</summary>
    public long? Processes { get; init; }

    /// <summary>Megabytes of memory of one process.</summary>
    public long? MemoryMb { get; init; }

    /// <summary>Seconds of processor time of one process.</summary>
    public long? CpuSeconds { get; init; }

    /// <summary>Open files of one process.</summary>
    public long? OpenFiles { get; init; }

    /// <summary>Megabytes that one file may grow to.</summary>
    public long? FileSizeMb { get; init; }
}

/// <summary>The key <c>sandbox.environment</c>.</summary>
public sealed record SandboxEnvironmentSettings
{
    /// <summary>Names of our variables that programs get beside the usual few.</summary>
    public IReadOnlyList<string>? Pass { get; init; }
}
