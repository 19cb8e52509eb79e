using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>Sets the limits of a profile on a process that has not begun yet; everything it starts inherits them.</summary>
internal static class ResourceLimits
{
    private const int CpuTime = 0;
    private const int FileSize = 1;
    private const int Data = 2;
    private const int Core = 4;
    private const int Processes = 6;
    private const int OpenFiles = 7;

    /// <summary>Sets them; the name of the first that could not be set, or null.</summary>
    public static string? Set(int id, SandboxLimits limits)
    {
        foreach (var (name, resource, most) in new[]
        {
            ("processor time", CpuTime, limits.CpuSeconds), ("file size", FileSize, limits.FileSize), ("memory", Data, limits.Memory),
            ("core dumps", Core, 0L), ("processes", Processes, limits.Processes), ("open files", OpenFiles, limits.OpenFiles),
        })
        {
            if (most is { } value && LinuxProcessCalls.Limit(id, resource, (ulong)value) != 0)
            {
                return name;
            }
        }

        return null;
    }
}
