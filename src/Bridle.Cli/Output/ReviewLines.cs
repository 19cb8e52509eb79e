using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Hosting;

namespace Bridle.Cli.Output;

/// <summary>The look back at long work, as a person sees it: what was kept for later sessions.</summary>
internal static class ReviewLines
{
    /// <summary>Looks back where settings ask for it. An interrupt ends it, and the work stays as it is.</summary>
    public static async Task TellAsync(CommandContext context, Harness harness, IShownTurn shown, CancellationToken cancellationToken)
    {
        if (context.Interrupts.Ending || context.Io.OutIsBroken)
        {
            return;
        }

        using var scope = context.Interrupts.Begin(cancellationToken);
        if (await harness.ReviewAsync(scope.Token) is not { } report)
        {
            return;
        }

        foreach (var change in report.Changes)
        {
            shown.Say($"Learned: {VisibleText.Line(change, 200)}");
        }

        if (report.Problem is { } problem)
        {
            shown.Say($"The look back at the work {(report.Changes.Count > 0 ? "ended early" : "came to nothing")}: {VisibleText.Line(problem, 300)}");
        }
    }
}
