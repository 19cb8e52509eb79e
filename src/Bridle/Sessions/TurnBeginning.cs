using Bridle.Events;
using Bridle.Journal;
using Bridle.Loop;
using Bridle.Messages;
using Bridle.Runs;

namespace Bridle.Sessions;

/// <summary>Accepts a message: asks the hooks, records it, and opens the run that answers it.</summary>
internal sealed class TurnBeginning(SessionEvents events, TurnHooks hooks, SkillHearing skills)
{
    /// <summary>Null: the run is open. Else why the message was not accepted; then nothing of it is in the log.</summary>
    public async Task<string?> BeginAsync(Run run, IReadOnlyList<MessagePart> parts, string messageId, RunStarted started, CancellationToken cancellationToken)
    {
        if (events.Transcript.OpenRun is { } crashed)
        {
            await events.RecordAsync(crashed, new RunFinished(TurnOutcome.Crashed, Usage.None, null, 0, []), Durability.Written, cancellationToken);
        }

        // A message that is sent twice has its answer; who sends none wants another.
        run.IsAskedForMore = parts.Count == 0;
        var (notes, text) = ((IReadOnlyList<string>)[], "");
        if (parts.Count > 0 && !events.Transcript.Knows(messageId))
        {
            await hooks.TellNewsAsync(run, cancellationToken);
            text = string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text));
            var heard = await hooks.HearMessageAsync(run, text, cancellationToken);
            if (heard.Refusal is not null)
            {
                return heard.Refusal;
            }

            notes = heard.Notes;
            await run.RecordAsync(new UserSpoke(messageId, parts), Durability.Synced, cancellationToken);
        }

        await run.RecordAsync(started, Durability.Written, cancellationToken);
        await skills.HearAsync(run, text, cancellationToken);
        await TurnHooks.TellAsync(run, notes, cancellationToken);
        await ModeReminder.AddAsync(run, started.Mode, cancellationToken);
        return null;
    }

    /// <summary>The turn is over, and not yet written down as such.</summary>
    public async ValueTask EndAsync(Run run, TurnEnd end, CancellationToken cancellationToken)
    {
        // Where a limit ended the turn, that is said already.
        if (end.Outcome is not TurnOutcome.LimitReached && run.Budget.Overdrawn() is { } overdrawn)
        {
            run.Show(new NoticeShown(overdrawn));
        }

        try
        {
            await hooks.TellEndAsync(run, end, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The turn is over all the same; nobody waits for what a hook has to say about it.
        }
    }
}
