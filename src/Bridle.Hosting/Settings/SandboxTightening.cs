namespace Bridle.Hosting.Settings;

/// <summary>
/// What a project's own file may say about the sandbox, trusted or not: more confinement and lower limits. The very files that are confined must not open the door.
/// </summary>
internal static class SandboxTightening
{
    /// <summary>What counts; the rest is added to <paramref name="never"/>.</summary>
    public static SandboxSettings? Of(SandboxSettings? file, SandboxSettings? below, List<string> never)
    {
        if (file is null)
        {
            return null;
        }

        void Leave(string key, bool given)
        {
            if (given)
            {
                never.Add($"sandbox.{key}");
            }
        }

        Leave("enabled: false", file.Enabled is false);
        Leave("required: false", file.Required is false);
        Leave("autoAllow: true", file.AutoAllow is true);
        Leave("allowUnconfined", file.AllowUnconfined is { Count: > 0 });
        Leave("allowUnsandboxedCommands: true", file.AllowUnsandboxedCommands is true);
        Leave("excludedCommands", file.ExcludedCommands is { Count: > 0 });
        Leave("backend", file.Backend is not null);
        Leave("network.allowedDomains", file.Network?.AllowedDomains is { Count: > 0 });
        Leave("container", file.Container is not null);
        Leave("network.privateDomains", file.Network?.PrivateDomains is { Count: > 0 });
        Leave("toolchains", file.Toolchains is { Count: > 0 });
        Leave("network.unixSockets: true", file.Network?.UnixSockets is true);
        Leave("filesystem.allowWrite", file.Filesystem?.AllowWrite is { Count: > 0 });
        Leave("filesystem.allowRead", file.Filesystem?.AllowRead is { Count: > 0 });
        Leave("environment.pass", file.Environment?.Pass is { Count: > 0 });
        return new SandboxSettings
        {
            Enabled = file.Enabled is true ? true : null,
            Required = file.Required is true ? true : null,
            AutoAllow = file.AutoAllow is false ? false : null,
            AllowUnsandboxedCommands = file.AllowUnsandboxedCommands is false ? false : null,
            Toolchains = file.Toolchains is { Count: 0 } none ? none : null,
            Network = file.Network is { } network ? new() { DeniedDomains = network.DeniedDomains, UnixSockets = network.UnixSockets is false ? false : null } : null,
            Filesystem = file.Filesystem is { } files ? new() { DenyRead = files.DenyRead, DenyWrite = files.DenyWrite } : null,
            Limits = file.Limits is { } limits ? Lower(limits, below?.Limits, never) : null,
        };
    }

    private static SandboxLimitSettings Lower(SandboxLimitSettings file, SandboxLimitSettings? below, List<string> never)
    {
        var inForce = Sandboxes.SandboxProfiles.Limits(below);
        long? One(string key, long? wanted, long? most)
        {
            // 0 is no limit, which is above every other.
            if (wanted is not { } value || most is null || (value > 0 && value <= most))
            {
                return wanted;
            }

            never.Add($"sandbox.limits.{key} (above your own {most})");
            return null;
        }

        return new()
        {
            Processes = One("processes", file.Processes, inForce.Processes),
            MemoryMb = One("memoryMb", file.MemoryMb, inForce.Memory >> 20),
            CpuSeconds = One("cpuSeconds", file.CpuSeconds, inForce.CpuSeconds),
            OpenFiles = One("openFiles", file.OpenFiles, inForce.OpenFiles),
            FileSizeMb = One("fileSizeMb", file.FileSizeMb, inForce.FileSize >> 20),
        };
    }
}
