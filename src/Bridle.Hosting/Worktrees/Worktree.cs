using Bridle.Hosting.Trust;
using Bridle.Messages;
using Bridle.Tools.Git;
using Bridle.Workspaces;

namespace Bridle.Hosting.Worktrees;

/// <summary>A git worktree that a session works in. It keeps changes apart, and isolates nothing else.</summary>
/// <param name="Folder">Its topmost folder.</param>
/// <param name="Main">The folder of the repository that it was made of.</param>
/// <param name="Branch">The branch that its commits go to; empty for a folder that a hook made.</param>
public sealed record Worktree(string Folder, string Main, string Branch)
{
    /// <summary>What begins the names of its branches.</summary>
    public const string BranchPrefix = "bridle/";

    // Where a confined program may have put a git of its own, beside the two folders.
    internal IReadOnlyList<string> Writable { get; init; } = [];

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    // A hook makes what it likes: there need not be a branch, nor git.
    private bool IsOfHook => Branch.Length == 0;

    /// <summary>What it keeps apart and what not, in words.</summary>
    public string Plan => IsOfHook ? $"the folder {Folder}, which a hook made, keeps changes apart from {Main} as far as the hook saw to it. It isolates nothing else: what commands can reach is what the sandbox says"
        : $"the git worktree {Folder} keeps changes apart from {Main}, on the branch {Branch}. It isolates nothing else: what commands can reach is what the sandbox says";

    /// <summary>The one of Bridle's that the folder lies in, or null.</summary>
    public static Worktree? At(string folder, BridleFolders folders)
    {
        for (var at = folder; at is not null && at.Length > folders.Worktrees.Length && at.StartsWith(folders.Worktrees + Path.DirectorySeparatorChar, StringComparison.Ordinal); at = Path.GetDirectoryName(at))
        {
            if (LinkedWorktree.Of(at) is { Main: { } main })
            {
                return new(at, main, BranchPrefix + Path.GetFileName(at));
            }
        }

        return null;
    }

    /// <summary>Where the changes are and how to take or drop them, a line each.</summary>
    public async Task<IReadOnlyList<string>> EndAsync(CancellationToken cancellationToken)
    {
        if (IsOfHook)
        {
            return [$"The work is in {Folder}, which a hook made; take it over and remove it in that hook's own way."];
        }

        var (open, commits) = await CountAsync(cancellationToken);
        var what = (open, commits) switch
        {
            (0, 0) => "Nothing was changed in",
            (0, _) => $"{Number(commits, "new commit")} in",
            (_, 0) => $"{Number(open, "changed file")}, not committed, in",
            _ => $"{Number(commits, "new commit")}, and {Number(open, "changed file")} not committed, in",
        };
        var lines = new List<string> { $"{what} the worktree {Folder}, branch {Branch}." };
        if (open > 0)
        {
            lines.Add($"Commit: git -C {Quoted(Folder)} add -A && git -C {Quoted(Folder)} commit");
        }

        if (open + commits > 0)
        {
            lines.Add($"Take:   git -C {Quoted(Main)} merge {Branch}");
        }

        lines.Add($"Drop:   git -C {Quoted(Main)} worktree remove {(open > 0 ? "--force " : "")}{Quoted(Folder)} && git -C {Quoted(Main)} branch -D {Branch}");
        return lines;
    }

    private async Task<(int Open, int Commits)> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            var processes = new PersonsPrograms(new LocalProcesses(), new PersonsPath([Folder, Main, .. Writable]));
            var (_, status) = await TrustedGit.RunAsync(processes, Folder, "status", ["--porcelain"], Time, cancellationToken);
            var (code, count) = await TrustedGit.RunAsync(processes, Main, "rev-list", ["--count", $"HEAD..{Branch}"], Time, cancellationToken);
            return (status.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, code == 0 && int.TryParse(count, out var commits) ? commits : 0);
        }
        catch (ToolException)
        {
            // The folder or git is gone; what to do about the branch is still right.
            return (0, 0);
        }
    }

    private static string Number(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Quoted(string path) => path.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
