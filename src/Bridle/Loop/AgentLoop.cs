using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Runs;
using Bridle.Sensors;

namespace Bridle.Loop;

/// <summary>Asks the model, runs the calls it makes and asks again until it stops. Keeps no state of its own: it writes only through the run it serves.</summary>
internal sealed class AgentLoop(ModelAsking asking, Compacting compacting, CallAnswering calls, Inbox inbox, TurnHooks hooks, Guiding guiding, SkillHearing skills, Sensing sensing, IReadOnlyList<IBeforeDone> beforeDone)
{
    private const int MostContinuations = 3;
    private const int MostEmptyReplies = 2;

    public async Task<TurnEnd> RunAsync(Run run, CancellationToken cancellationToken)
    {
        var ((text, cut), first, streak) = (await GoingOn.BeginAsync(run, inbox.IsEmpty, cancellationToken), true, new Streak());
        while (true)
        {
            (var ended, first) = await PrepareAsync(run, text, first, cancellationToken);
            if (ended is not null)
            {
                return ended;
            }

            var asked = first && Unheeded(run.Transcript) is { } left ? new Asked(left, null, null) : await AskAsync(run, cancellationToken);
            first = false;
            if (asked.Refusal is { } refusal)
            {
                return await CloseAsync(run, refusal, TurnOutcome.LimitReached, text, cancellationToken);
            }

            if (asked.Reply is not { } reply)
            {
                return Failure(asked.Error!, text);
            }

            text = cut > 0 ? text + reply.Text : reply.Text.Length > 0 ? reply.Text : text;
            switch (reply.Stop)
            {
                case StopReason.ToolUse or StopReason.Pause:
                    (cut, streak) = (0, new Streak());
                    break;
                case StopReason.MaxTokens when cut < MostContinuations:
                    cut++;
                    await RemindAsync(run, "cut", GoingOn.CutNote, cancellationToken);
                    break;
                case StopReason.MaxTokens:
                    return new TurnEnd(TurnOutcome.Truncated, text, "The answer is incomplete: it reached the output limit again and again.");
                case StopReason.Refusal:
                    return new TurnEnd(TurnOutcome.Refused, reply.Text, "The model refused to answer.");
                case StopReason.ContextFull when cut < MostContinuations && (await asking.EnlargeAsync(run, cancellationToken) || await compacting.AfterOverflowAsync(run, cancellationToken)):
                    cut++;
                    await RemindAsync(run, "cut", GoingOn.CutNote, cancellationToken);
                    break;
                case StopReason.ContextFull:
                    return new TurnEnd(TurnOutcome.ModelFailed, text, "The conversation no longer fits the model's context window. Start a new session or use a model with a larger window.");
                case var _ when await EndAsync(run, reply, text, streak, cancellationToken) is { } end:
                    return end;
            }
        }
    }

    // Before the model is asked: its calls are answered, and who waits is heard. The turn may end there.
    private async Task<(TurnEnd? End, bool First)> PrepareAsync(Run run, string text, bool first, CancellationToken cancellationToken)
    {
        static TurnEnd Stopped(string text, string why) => new(TurnOutcome.Stopped, text, $"A hook ended the turn: {why}");
        var noMoreCalls = await AnswerAsync(run, cancellationToken);
        if (run.StopReason is { } stopped)
        {
            return (Stopped(text, stopped), first);
        }

        if (noMoreCalls is not null)
        {
            return (await CloseAsync(run, noMoreCalls, TurnOutcome.LimitReached, text, cancellationToken), first);
        }

        if (await IsStuckAsync(run, cancellationToken))
        {
            return (await CloseAsync(run, "the same call was made again and again with the same result", TurnOutcome.Stuck, text, cancellationToken), first);
        }

        first |= await DrainInboxAsync(run, cancellationToken);
        return (run.StopReason is { } ended ? Stopped(text, ended) : null, first);
    }

    // Null: it goes on. An empty reply, a message that waits, and whoever is not content keep a turn from ending.
    private async Task<TurnEnd?> EndAsync(Run run, ModelReply reply, string text, Streak streak, CancellationToken cancellationToken)
    {
        if (reply.Text.Trim().Length is 0)
        {
            if (streak.Empty++ >= MostEmptyReplies)
            {
                return new TurnEnd(TurnOutcome.ModelFailed, "", "The model gave an empty reply again and again. Try another model.");
            }

            await RemindAsync(run, "empty", "Your reply was empty. Answer the person, or call a tool.", cancellationToken);
            return null;
        }

        if (!inbox.IsEmpty)
        {
            return null;
        }

        if (await WhyNotDoneAsync(run, text, streak, cancellationToken) is not { } missing)
        {
            return new TurnEnd(TurnOutcome.Completed, text);
        }

        if (missing.End is { } outcome)
        {
            return new TurnEnd(outcome, text, missing.Words);
        }

        await RemindAsync(run, missing.Source, missing.Words, cancellationToken);
        return null;
    }

    // The first that is not content decides: sensors, hooks, and what else has a say.
    private async ValueTask<NotDone?> WhyNotDoneAsync(Run run, string text, Streak streak, CancellationToken cancellationToken)
    {
        var sensed = await sensing.BeforeEndAsync(run, cancellationToken);
        if ((sensed.Red ?? sensed.GoOn) is { } words)
        {
            return new(Sensing.Source, words, sensed.Red is null ? null : TurnOutcome.SensorRed);
        }

        if (await hooks.WhyGoOnAsync(run, text, streak.Kept, cancellationToken) is { } more)
        {
            streak.Kept++;
            return new("hook", more);
        }

        foreach (var one in beforeDone)
        {
            if (await one.AskAsync(run, text, cancellationToken) is { } missing)
            {
                return missing;
            }
        }

        return null;
    }

    private async Task<string?> AnswerAsync(Run run, CancellationToken cancellationToken)
    {
        await sensing.BeforeCallsAsync(run, cancellationToken);
        var (open, folder) = hooks.HearsOfCalls ? (hooks.Await(run.Transcript.UnansweredCalls), calls.FolderOf(run)) : ([], "");
        var noMoreCalls = await calls.AnswerAsync(run, cancellationToken);
        if (noMoreCalls is null && run.StopReason is null)
        {
            await sensing.AfterCallsAsync(run, cancellationToken);
            await hooks.AfterCallsAsync(run, open, folder, cancellationToken);
        }

        return noMoreCalls;
    }

    private async Task<Asked> AskAsync(Run run, CancellationToken cancellationToken)
    {
        await guiding.TellAsync(run, cancellationToken);
        var before = run.Model.Info.FullName;
        var asked = await asking.AskAsync(run, closing: false, cancellationToken);
        if (run.Model.Info.FullName != before)
        {
            await hooks.StoodInAsync(run, before, asking.Tokens(run), cancellationToken);
        }

        return asked;
    }

    // The process died between a reply without calls and what follows from it: nobody has spoken since, so there is nothing to ask and the reply still counts.
    private static ModelReply? Unheeded(Transcript transcript) => transcript.Messages is [.., { Role: Role.Assistant }] ? transcript.LastReply : null;

    // True: all that waited was refused, so the last reply may still stand.
    private async Task<bool> DrainInboxAsync(Run run, CancellationToken cancellationToken)
    {
        await hooks.TellNotesAsync(run, cancellationToken);
        await hooks.TellNewsAsync(run, cancellationToken);
        if (inbox.IsEmpty)
        {
            return false;
        }

        // What is typed into a running turn passes the same hooks as what begins one.
        var (accepted, notes) = (new List<InboxMessage>(), new List<string>());
        foreach (var message in inbox.Take())
        {
            var heard = await hooks.HearMessageAsync(run, message.Text, cancellationToken);
            if (heard.Told is { } refusal)
            {
                await run.ShowAsync(new NoticeShown(refusal), cancellationToken);
                continue;
            }

            accepted.Add(message);
            notes.AddRange(heard.Notes);
        }

        if (accepted.Count > 0)
        {
            try
            {
                await run.RecordAsync(new InboxDrained(accepted), Durability.Synced, cancellationToken);
            }
            catch (JournalException)
            {
                // What is in no file is given back to who typed it.
                accepted.ForEach(inbox.Post);
                throw;
            }

            foreach (var message in accepted)
            {
                await skills.HearAsync(run, message.Text, cancellationToken);
            }

            await TurnHooks.TellAsync(run, notes, cancellationToken);
        }

        return accepted.Count == 0;
    }

    private static async Task<bool> IsStuckAsync(Run run, CancellationToken cancellationToken)
    {
        var repetitions = StuckDetection.Repetitions(run.Transcript.Messages);
        if (repetitions is StuckDetection.NudgeAt)
        {
            await RemindAsync(run, "stuck", $"You made the same call {repetitions} times with the same result. Try something else, or tell the person what stops you.", cancellationToken);
        }

        return repetitions >= StuckDetection.EndAt;
    }

    /// <summary>Asks once more, without tools, for the best answer so far, so that a limit does not lose what was found. Where time ran out, only for a while.</summary>
    public async Task<TurnEnd> CloseAsync(Run run, string reason, TurnOutcome outcome, string text, CancellationToken cancellationToken, TimeSpan? within = null)
    {
        await RemindAsync(run, "budget", $"{GoingOn.Stop}{reason}. Give your best answer now from what you have seen, without calling tools, and mark plainly what is unknown or unfinished.", cancellationToken);
        var asked = await (within is { } most ? asking.CloseAsync(run, most, cancellationToken) : asking.AskAsync(run, closing: true, cancellationToken));
        var unread = asked.Reply is null ? UnreadResults.Digest(run.Transcript) : "";
        foreach (var call in run.Transcript.UnansweredCalls)
        {
            await run.RecordAsync(new ToolReturned(call.Call.Id, CallOutcome.Denied, [new TextPart($"Not run: {reason}.")], 0), Durability.Written, cancellationToken);
        }

        return new TurnEnd(outcome, asked.Reply?.Text is { Length: > 0 } answer ? answer : text, Sentence(asked.Refusal is null ? RunBudget.BeforeClosing(reason) : reason) + unread);
    }

    private static ValueTask RemindAsync(Run run, string source, string text, CancellationToken cancellationToken) =>
        run.RecordAsync(new ReminderAdded(source, text), Durability.Written, cancellationToken);

    private static TurnEnd Failure(ModelError error, string text) =>
        new(error.Kind is ModelErrorKind.Refused ? TurnOutcome.Refused : TurnOutcome.ModelFailed, text, error.Told, error);

    private static string Sentence(string reason) => $"Stopped: {reason}.";

    /// <summary>What happened in a row since the last call.</summary>
    private sealed class Streak
    {
        public int Empty { get; set; }

        public int Kept { get; set; }
    }
}
