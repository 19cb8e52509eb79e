using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Subagents;
using Bridle.Sessions;

namespace Bridle.Cli.Output;

/// <summary>The look back at long work, as a person sees it: what was kept for later sessions.</summary>
internal static class ReviewLines
{
    /// <summary>Looks back where settings ask for it. An interrupt ends it, and the work stays as it is. Null where nobody looked back.</summary>
    public static async Task<ReviewReport?> TellAsync(CommandContext context, Harness harness, IShownTurn shown, CancellationToken cancellationToken, TurnResult? result = null)
    {
        if (context.Interrupts.Ending || context.Io.OutIsBroken)
        {
            return null;
        }

        using var scope = context.Interrupts.Begin(cancellationToken);
        if (await harness.ReviewAsync(scope.Token) is not { } report)
        {
            return null;
        }

        foreach (var change in report.Changes)
        {
            shown.Say($"Learned: {VisibleText.Line(change, 200)}");
        }

        if (report.Problem is { } problem)
        {
            shown.Say($"The look back at the work {(report.Changes.Count > 0 ? "ended early" : "came to nothing")}: {VisibleText.Line(problem, 300)}");
        }

        if (report.Replies.Count > 0)
        {
            shown.Say(UsageLine.Of(report, result));
        }

        return report;
    }
}
