using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Runs;
using Bridle.Tools;

namespace Bridle.Loop;

/// <summary>What hooks say about a turn as a whole: about each message before it is accepted, and about the answer before the turn ends.</summary>
internal sealed class TurnHooks(HookSet hooks)
{
    /// <summary>How often in a row hooks may keep a turn from ending.</summary>
    public const int MostBlocks = 8;

    /// <summary>How the note to the model begins when a hook keeps the turn from ending.</summary>
    public const string NotDone = "A hook says that you are not done: ";

    /// <summary>Asks about a person's message. Either why it is refused, or what the model is told beside it.</summary>
    public async ValueTask<(string? Refusal, IReadOnlyList<string> Notes)> HearMessageAsync(Run run, string text, CancellationToken cancellationToken)
    {
        var said = await hooks.AskAsync(
            new HookOccasion(HookEvents.UserPromptSubmit) { Facts = new JsonObject { ["prompt"] = text } }, new HookLog(run.RecordAsync), cancellationToken);
        if (said.StopReason is { } stop)
        {
            return ($"A hook stopped the turn before it began: {stop}", []);
        }

        return said is { Verdict: Verdict.Deny, Decider: { } no }
            ? ($"The hook '{no.Hook}' refused the message{(no.Answer.Reason is { Length: > 0 } reason ? $": {reason}" : ".")}", [])
            : (null, [.. said.Contexts]);
    }

    /// <summary>Asks about the answer. Why the model should go on, or null: the turn may end.</summary>
    public async ValueTask<string?> WhyGoOnAsync(Run run, string answer, int blocked, CancellationToken cancellationToken)
    {
        if (!hooks.Hears(HookEvents.Stop))
        {
            return null;
        }

        var facts = new JsonObject { ["stop_hook_active"] = blocked > 0, ["last_assistant_message"] = answer };
        var said = await hooks.AskAsync(new HookOccasion(HookEvents.Stop) { Facts = facts }, new HookLog(run.RecordAsync), cancellationToken);
        await TellAsync(run, said.Contexts, cancellationToken);
        if (said is not { Verdict: Verdict.Deny, StopReason: null, Decider: { } no })
        {
            return null;
        }

        if (blocked >= MostBlocks)
        {
            await run.ShowAsync(new NoticeShown($"The hook '{no.Hook}' kept the turn from ending {MostBlocks} times in a row; it ends now. Look at the hook: it may never be content."), cancellationToken);
            return null;
        }

        return $"{NotDone}{(no.Answer.Reason is { Length: > 0 } reason ? reason : "it gave no reason.")}";
    }

    /// <summary>Tells the model what hooks left that nobody waited for.</summary>
    public ValueTask TellNotesAsync(Run run, CancellationToken cancellationToken) => TellAsync(run, hooks.TakeNotes(), cancellationToken);

    /// <summary>Tells the model what hooks said.</summary>
    public static async ValueTask TellAsync(Run run, IEnumerable<string> notes, CancellationToken cancellationToken)
    {
        foreach (var note in notes)
        {
            await run.RecordAsync(new ReminderAdded("hook", note), Durability.Written, cancellationToken);
        }
    }
}
