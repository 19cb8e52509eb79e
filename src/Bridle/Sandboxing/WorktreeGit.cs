using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>Opens the repository of a linked worktree for the tool that is trusted with git: it lies outside the workspace, and most of it is shared with the main one.</summary>
internal static class WorktreeGit
{
    /// <summary>What is the worktree's own in the repository and is held as it is, existing or not.</summary>
    public static readonly string[] KeptOwn = ["gitdir", "commondir", "config.worktree"];

    /// <summary>The profile with it; the same profile where the workspace is no linked worktree.</summary>
    public static SandboxProfile Open(SandboxProfile profile)
    {
        if (profile.WorkspaceReadOnly || LinkedWorktree.Of(profile.Workspace) is not { } worktree)
        {
            return profile;
        }

        var kept = GitPlanting.ReadOnlyParts.Select(part => new ProtectedPath(Path.Combine(worktree.CommonFolder, part), IsFolder: part is not "config"))
            .Concat(KeptOwn.Select(part => new ProtectedPath(Path.Combine(worktree.GitFolder, part), IsFolder: false)));
        return profile with
        {
            Writable = [.. profile.Writable, worktree.CommonFolder],
            Protected = [.. profile.Protected.Where(one => one.Path != worktree.GitFolder && one.Path != worktree.CommonFolder), .. kept],
        };
    }
}
