using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Models;
using Bridle.Runs;
using Bridle.Skills;
using Bridle.Tools;

namespace Bridle.Loop;

/// <summary>What hooks say about a turn as a whole: about each message before it is accepted, and about the answer before the turn ends.</summary>
internal sealed class TurnHooks(HookSet hooks, SkillCalls? skills = null)
{
    /// <summary>How often in a row hooks may keep a turn from ending.</summary>
    public const int MostBlocks = 8;

    /// <summary>How the note to the model begins when a hook keeps the turn from ending.</summary>
    public const string NotDone = "A hook says that you are not done: ";

    /// <summary>Asks about a person's message and about each skill that it names. Either why it is refused, with what may be repeated of it, or what the model is told beside it.</summary>
    public async ValueTask<HeardMessage> HearMessageAsync(Run run, string text, CancellationToken cancellationToken)
    {
        if (!hooks.Hears(HookEvents.UserPromptSubmit) && !hooks.Hears(HookEvents.UserPromptExpansion))
        {
            return HeardMessage.Accepted;
        }

        var (notes, title) = (new List<string>(), (string?)null);
        foreach (var (occasion, what) in OccasionsOf(text, run.Transcript.Title))
        {
            var said = await hooks.AskAsync(occasion, LogOf(run), cancellationToken);
            if (said.StopReason is { } stop)
            {
                return new($"A hook stopped the turn before it began: {stop}", []) { Repeats = Repeatable(said, text) };
            }

            if (said is { Verdict: Verdict.Deny, Decider: { } no })
            {
                return new($"The hook '{no.Hook}' refused {what}{Because(no)}", []) { Repeats = Repeatable(said, text) };
            }

            notes.AddRange(said.Contexts);
            title ??= said.SessionTitle;
        }

        await HookTitle.RecordAsync(title, run.Transcript, run.RecordAsync, cancellationToken);
        return new(null, notes);
    }

    // A prompt hook spends what the run may spend.
    private static HookLog LogOf(Run run) => new(run.RecordAsync) { Beside = run.Beside };

    private static string? Repeatable(HookAnswers said, string text) => said.All.Any(one => one.Answer.HidesMessage) ? null : text;

    // A message that names skills counts as what it says first, as it will be told.
    private IEnumerable<(HookOccasion Occasion, string What)> OccasionsOf(string text, string? title)
    {
        foreach (var (skill, arguments) in hooks.Hears(HookEvents.UserPromptExpansion) && skills is not null ? skills.NamedBy(text) : [])
        {
            var facts = new JsonObject
            {
                ["expansion_type"] = "slash_command", ["command_name"] = skill.Name, ["command_args"] = arguments, ["command_source"] = skill.Scope.ToString().ToLowerInvariant(), ["prompt"] = text,
            };
            yield return (new HookOccasion(HookEvents.UserPromptExpansion) { Subject = skill.Name, Facts = facts }, $"/{skill.Name}");
        }

        var said = new JsonObject { ["prompt"] = text };
        if (title is not null)
        {
            said["session_title"] = title;
        }

        yield return (new HookOccasion(HookEvents.UserPromptSubmit) { Facts = said }, "the message");
    }

    /// <summary>Asks about the answer. Why the model should go on, or null: the turn may end.</summary>
    public async ValueTask<string?> WhyGoOnAsync(Run run, string answer, int blocked, CancellationToken cancellationToken)
    {
        if (!hooks.Hears(HookEvents.Stop))
        {
            return null;
        }

        var facts = new JsonObject { ["stop_hook_active"] = blocked > 0, ["last_assistant_message"] = answer };
        var said = await hooks.AskAsync(new HookOccasion(HookEvents.Stop) { Facts = facts }, LogOf(run), cancellationToken);
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

    /// <summary>The turn ended; where the model failed, hooks hear of it. Their answers change nothing.</summary>
    public async ValueTask TellEndAsync(Run run, TurnEnd end, CancellationToken cancellationToken)
    {
        if (end.Outcome is not (TurnOutcome.ModelFailed or TurnOutcome.Refused or TurnOutcome.Truncated) || !hooks.Hears(HookEvents.StopFailure))
        {
            return;
        }

        var error = end.Outcome is TurnOutcome.Truncated ? "max_output_tokens" : WordOf(end.ModelError?.Kind);
        var facts = new JsonObject { ["error"] = error, ["error_details"] = end.Error, ["last_assistant_message"] = end.Answer };
        await hooks.AskAsync(new HookOccasion(HookEvents.StopFailure) { Subject = error, Facts = facts }, LogOf(run), cancellationToken);
    }

    /// <summary>What happened beside the turn is told to hooks, and what they say of it to the model. One may end the turn.</summary>
    public async ValueTask TellNewsAsync(Run run, CancellationToken cancellationToken)
    {
        foreach (var news in hooks.TakeNews())
        {
            news.Heard(await AskAsync(run, news.Occasion, cancellationToken));
        }
    }

    /// <summary>Whether a hook hears of the calls of a reply together, or of the folder that they leave.</summary>
    public bool HearsOfCalls => hooks.Hears(HookEvents.PostToolBatch) || hooks.Hears(HookEvents.CwdChanged);

    /// <summary>The calls, which from now on keep what they run with where hooks will hear of it.</summary>
    public IReadOnlyList<CallState> Await(IReadOnlyList<CallState> calls)
    {
        var hears = hooks.Hears(HookEvents.PostToolBatch);
        foreach (var call in calls)
        {
            call.KeepsBound = hears;
        }

        return calls;
    }

    /// <summary>The calls of a reply are answered: hooks hear of them together, and of another folder that later ones begin in.</summary>
    public async ValueTask AfterCallsAsync(Run run, IReadOnlyList<CallState> calls, string folder, CancellationToken cancellationToken)
    {
        if (calls.Count > 0 && hooks.Hears(HookEvents.PostToolBatch))
        {
            var said = await AskAsync(run, new HookOccasion(HookEvents.PostToolBatch) { Calls = [.. calls.Where(call => call.Returned is not null).Select(call => Heard(call, folder))] }, cancellationToken);
            if (said is { Verdict: Verdict.Deny, Decider: { } no })
            {
                run.Stop(no.Answer.Reason is { Length: > 0 } reason ? reason : $"'{no.Hook}' gave no reason.");
            }
        }

        if (run.Transcript.WorkingDirectory is { Length: > 0 } now && now != folder && hooks.Hears(HookEvents.CwdChanged))
        {
            await AskAsync(run, new HookOccasion(HookEvents.CwdChanged) { Facts = new JsonObject { ["old_cwd"] = folder, ["new_cwd"] = now } }, cancellationToken);
        }
    }

    /// <summary>Another model stands in for the one that answered.</summary>
    public async ValueTask StoodInAsync(Run run, string from, long tokens, CancellationToken cancellationToken)
    {
        if (hooks.Hears(HookEvents.PostModelSwitch))
        {
            await AskAsync(run, new ModelSwitch(from, run.Model.Info, run.Model.Info.FullName, "auto", tokens).Occasion(HookEvents.PostModelSwitch), cancellationToken);
        }
    }

    private async ValueTask<HookAnswers> AskAsync(Run run, HookOccasion occasion, CancellationToken cancellationToken)
    {
        var said = await hooks.AskAsync(occasion, LogOf(run), cancellationToken);
        await TellAsync(run, said.Contexts, cancellationToken);
        if (said.StopReason is { } stop)
        {
            run.Stop(stop);
        }

        return said;
    }

    private static HookedCall Heard(CallState call, string folder)
    {
        var returned = call.Returned!;
        var (input, began, silent) = call.Bound ?? (call.Call.Arguments, folder, false);
        call.Bound = null;
        return new(call.Call.Id, returned.Tool ?? call.Call.Name, input, began, new ToolResult(returned.Outcome, returned.Content) { ExitCode = returned.ExitCode, IsSilent = silent });
    }

    // The words that scripts know.
    private static string WordOf(ModelErrorKind? kind) => kind switch
    {
        ModelErrorKind.Authentication or ModelErrorKind.Permission => "authentication_failed",
        ModelErrorKind.Quota => "billing_error",
        ModelErrorKind.RateLimit => "rate_limit",
        ModelErrorKind.Overloaded => "overloaded",
        ModelErrorKind.NotFound => "model_not_found",
        ModelErrorKind.BadRequest or ModelErrorKind.ContextOverflow or ModelErrorKind.TooLarge or ModelErrorKind.ToolsUnsupported or ModelErrorKind.ImagesRefused => "invalid_request",
        ModelErrorKind.Server or ModelErrorKind.Connection or ModelErrorKind.Timeout or ModelErrorKind.Cut or ModelErrorKind.Malformed => "server_error",
        _ => "unknown",
    };

    private static string Because(HookSaid no) => no.Answer.Reason is { Length: > 0 } reason ? $": {reason}" : ".";

    /// <summary>Tells the model what hooks left that nobody waited for.</summary>
    public async ValueTask TellNotesAsync(Run run, CancellationToken cancellationToken)
    {
        foreach (var note in hooks.TakeNotes())
        {
            await run.RecordAsync(new ReminderAdded("hook", note.Text) { Spills = note.Spills.Count == 0 ? null : note.Spills }, Durability.Written, cancellationToken);
        }
    }

    /// <summary>Tells the model what hooks said.</summary>
    public static async ValueTask TellAsync(Run run, IEnumerable<string> notes, CancellationToken cancellationToken)
    {
        foreach (var note in notes)
        {
            await run.RecordAsync(new ReminderAdded("hook", note), Durability.Written, cancellationToken);
        }
    }
}
