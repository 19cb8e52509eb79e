namespace Bridle.Sandboxing;

/// <summary>What a confined program may use; null means no limit. Each counts for one process, <see cref="Processes"/> for all of one call together.</summary>
public sealed record SandboxLimits
{
    /// <summary>What holds where settings are silent: far above honest builds, far below what takes a machine down.</summary>
    public static SandboxLimits Default { get; } = new()
    {
        Processes = 1024,
        Memory = 8L << 30,
        CpuSeconds = 3600,
        OpenFiles = 4096,
        FileSize = 4L << 30,
    };

    /// <summary>Processes and threads at the same time.</summary>
    public long? Processes { get; init; }

    /// <summary>Bytes of private writable memory of one process.</summary>
    public long? Memory { get; init; }

    /// <summary>Seconds of processor time of one process.</summary>
    public long? CpuSeconds { get; init; }

    /// <summary>Open files of one process.</summary>
    public long? OpenFiles { get; init; }

    /// <summary>Bytes that one file may grow to.</summary>
    public long? FileSize { get; init; }
}
