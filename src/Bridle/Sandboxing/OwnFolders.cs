namespace Bridle.Sandboxing;

/// <summary>
/// The harness's own folders where a confined program could make them. What is missing cannot be hidden, and a program that makes the folder of settings decides how the next
/// session is confined: so they are made, empty, before it begins.
/// </summary>
internal static class OwnFolders
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes those that are missing. What we may not make the program may not make either.</summary>
    public static void Make(SandboxProfile profile)
    {
        foreach (var folder in profile.OwnFolders.Where(folder => !Path.Exists(folder) && profile.WritablePlaces.Any(place => MountPlan.IsWithin(folder, place))))
        {
            try
            {
                _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, OwnerOnly);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // Nor can it be hidden then.
            }
        }
    }
}
