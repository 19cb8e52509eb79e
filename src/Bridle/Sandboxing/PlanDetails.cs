namespace Bridle.Sandboxing;

/// <summary>What the backends of Linux say alike of what they enforce.</summary>
internal static class PlanDetails
{
    /// <summary>What the filter of system calls refuses.</summary>
    public static string SystemCalls(SandboxProfile profile) =>
        $"a filter refuses what reaches into other processes or changes the machine{(profile.UnixSockets || profile.Network is SandboxNetwork.Proxy ? "" : ", and Unix sockets")}";

    /// <summary>The limits that each program gets.</summary>
    public static IReadOnlyList<(string Name, long? Value)> Limits(SandboxLimits limits) =>
        [("processes", limits.Processes), ("memory bytes", limits.Memory), ("cpu seconds", limits.CpuSeconds), ("open files", limits.OpenFiles), ("file bytes", limits.FileSize)];
}
