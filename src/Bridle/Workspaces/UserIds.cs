using System.Runtime.InteropServices;

namespace Bridle.Workspaces;

/// <summary>Who this process runs as.</summary>
public static partial class UserIds
{
    /// <summary>The effective user and group; both 0 where there are no such numbers (Windows).</summary>
    public static (uint User, uint Group) OfThisProcess => OperatingSystem.IsWindows() ? (0, 0) : (User(), Group());

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint User();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint Group();
}
