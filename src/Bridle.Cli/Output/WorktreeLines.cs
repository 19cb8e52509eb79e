using Bridle.Hosting.Worktrees;

namespace Bridle.Cli.Output;

/// <summary>What a person hears of the git worktree that a session works in.</summary>
internal static class WorktreeLines
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>At the start: what it keeps apart, and that it isolates nothing else.</summary>
    public static void Begin(Worktree? worktree, IShownTurn shown)
    {
        if (worktree is not null)
        {
            shown.Say(Terminals.VisibleText.Of($"bridle: {worktree.Plan}."));
        }
    }

    /// <summary>At the end: where the changes are and how to take or drop them. Also after an interrupt, so with a patience of its own.</summary>
    public static async Task EndAsync(Worktree? worktree, IShownTurn shown)
    {
        if (worktree is null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(s_patience);
        foreach (var line in await worktree.EndAsync(patience.Token))
        {
            shown.Say(Terminals.VisibleText.Of(line));
        }
    }
}
