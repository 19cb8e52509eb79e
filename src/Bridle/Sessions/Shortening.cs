using Bridle.Events;
using Bridle.Loop;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Runs;

namespace Bridle.Sessions;

/// <summary>Makes a conversation shorter because a person asks. Not while a turn of the same session runs.</summary>
public sealed class Shortening(SessionParts parts)
{
    /// <summary>
    /// Puts a summary in place of all but the last steps. What was done, or null when there is nothing to shorten or a hook refused, which is shown.
    /// Cancelling leaves the conversation as it was. Throws <see cref="Journal.JournalException"/> when the log fails.
    /// </summary>
    /// <param name="model">The model of the conversation; it writes the summary when <see cref="SessionParts.Compaction"/> says so.</param>
    /// <param name="focus">What to keep in mind above all, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Compacted?> RunAsync(IModel model, string? focus, CancellationToken cancellationToken)
    {
        var run = new Run(RunId.Session, "compaction", model, new RunBudget(parts.Limits, model.Info.Price, parts.Time), parts.Events);
        return await new Compacting(parts.Context, parts.Hooks, parts.Compaction, parts.Time, parts.Roles).ByHandAsync(run, focus, cancellationToken);
    }
}
