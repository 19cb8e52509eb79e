using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Sessions;

/// <summary>Tells hooks about the session itself: that it begins, that a person is waited for, that it is closed.</summary>
public sealed class SessionHooks(HookSet hooks, SessionEvents events)
{
    private readonly HookLog _log = new(async (one, durability, cancellationToken) => await events.RecordAsync(RunId.Session, one, durability, cancellationToken));

    /// <summary>What a hook of the start wants the model to be told first in a new session, or null.</summary>
    public string? FirstMessage { get; private set; }

    /// <summary>Whether a hook of the start made skills, which are to be looked for once more.</summary>
    public bool ReloadsSkills { get; private set; }

    /// <summary>The session begins: <c>startup</c>, <c>resume</c>, <c>clear</c> or <c>compact</c>. What hooks add is told to the model before the next message. Why it must not begin, or null.</summary>
    public async ValueTask<string?> StartAsync(string source, string model, CancellationToken cancellationToken)
    {
        if (!hooks.Hears(HookEvents.SessionStart))
        {
            return null;
        }

        var facts = new JsonObject { ["source"] = source, ["model"] = model };
        if (events.Transcript.Title is { } title)
        {
            facts["session_title"] = title;
        }

        var said = await TellAllAsync(new(HookEvents.SessionStart) { Subject = source, Facts = facts }, cancellationToken);
        await HookTitle.RecordAsync(said.SessionTitle, events.Transcript, _log.RecordAsync, cancellationToken);
        FirstMessage = source is "startup" ? said.All.FirstOrDefault(one => one.Answer.FirstMessage is not null)?.Answer.FirstMessage : null;
        ReloadsSkills = said.All.Any(one => one.Answer.ReloadsSkills);
        return said.StopReason;
    }

    /// <summary>The project is to be prepared: <c>init</c> or <c>maintenance</c>. What hooks add is told to the model before the next message. Why the session must not begin, or null.</summary>
    public ValueTask<string?> SetupAsync(string trigger, CancellationToken cancellationToken) =>
        TellAsync(new(HookEvents.Setup) { Subject = trigger, Facts = new JsonObject { ["trigger"] = trigger } }, cancellationToken);

    /// <summary>Something happened that hooks cannot undo. What they add is told to the model before the next message. Why nothing may follow, where one said <c>continue: false</c>, or null.</summary>
    public async ValueTask<string?> HearAsync(HookOccasion occasion, CancellationToken cancellationToken) => await TellAsync(occasion, cancellationToken);

    /// <summary>Another model answers from here on. Why nothing may follow, where a hook said <c>continue: false</c>, or null.</summary>
    public async ValueTask<string?> SwitchedAsync(ModelSwitch change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return hooks.Hears(HookEvents.PostModelSwitch) ? await TellAsync(change.Occasion(HookEvents.PostModelSwitch), cancellationToken) : null;
    }

    /// <summary>A person is waited for. The hooks' answers change nothing.</summary>
    public async ValueTask NotifyAsync(string type, string message, CancellationToken cancellationToken) =>
        await AskAsync(HookEvents.Notification, type, new JsonObject { ["message"] = message, ["notification_type"] = type }, cancellationToken);

    /// <summary>The session is closed. The hooks' answers change nothing.</summary>
    public async ValueTask EndAsync(string reason, CancellationToken cancellationToken)
    {
        if (hooks.Hears(HookEvents.SessionEnd))
        {
            await AskAsync(HookEvents.SessionEnd, reason, new JsonObject { ["reason"] = reason }, cancellationToken);
        }
    }

    private async ValueTask<string?> TellAsync(HookOccasion occasion, CancellationToken cancellationToken) => (await TellAllAsync(occasion, cancellationToken)).StopReason;

    private async ValueTask<HookAnswers> TellAllAsync(HookOccasion occasion, CancellationToken cancellationToken)
    {
        var said = await hooks.AskAsync(occasion, _log, cancellationToken);
        foreach (var context in said.Contexts)
        {
            await events.RecordAsync(RunId.Session, new ReminderAdded("hook", context), Durability.Written, cancellationToken);
        }

        return said;
    }

    private ValueTask<HookAnswers> AskAsync(string name, string subject, JsonObject facts, CancellationToken cancellationToken) =>
        hooks.AskAsync(new HookOccasion(name) { Subject = subject, Facts = facts }, _log, cancellationToken);
}
