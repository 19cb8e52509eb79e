using Bridle.Hosting.Toolchains;

namespace Bridle.Hosting.Assembly;

/// <summary>Says that commands run in another shell than the one that they are judged and written for.</summary>
internal static class ShellNotice
{
    /// <summary>One line where bash is missing, else nothing. What runs elsewhere, in a container or a workspace of the caller's, has a shell of its own.</summary>
    public static IEnumerable<string> Of(HarnessRequest request, HostFiles files) =>
        request.Workspace is null && files.Layers.Effective.Sandbox?.Backend is not "container" && !ToolchainPlan.IsInstalled(files.Environment, "bash")
            ? ["bash is not installed, or not on PATH: commands of the tool Bash run in sh, and those that need bash fail. Install bash."] : [];
}
