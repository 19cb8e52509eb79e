using Bridle.Hosting.Toolchains;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Sandboxes;

/// <summary>Where a confined program may have written, in this session or in one before: what lies there is not the person's own program.</summary>
internal static class ConfinedPlaces
{
    /// <summary>The folder that is worked in with its whole repository, the folders that settings open for programs, and the caches of toolchains.</summary>
    public static IReadOnlyList<string> Of(HostFiles files)
    {
        var folder = files.Trust.Folder;
        return
        [
            folder, .. RealFolder.Of(folder)?.Repository() is { } repository ? [repository] : Array.Empty<string>(),
            .. SandboxProfiles.For(files, folder, folder).Writable, ToolchainPlan.CachesOf(files.Environment),
        ];
    }
}
