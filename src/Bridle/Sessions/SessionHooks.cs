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

    /// <summary>The session begins: <c>startup</c>, <c>resume</c>, <c>clear</c> or <c>compact</c>. What hooks add is told to the model before the next message. Why it must not begin, or null.</summary>
    public async ValueTask<string?> StartAsync(string source, string model, CancellationToken cancellationToken)
    {
        if (!hooks.Hears(HookEvents.SessionStart))
        {
            return null;
        }

        return await TellAsync(new(HookEvents.SessionStart) { Subject = source, Facts = new JsonObject { ["source"] = source, ["model"] = model } }, cancellationToken);
    }

    /// <summary>The project is to be prepared: <c>init</c> or <c>maintenance</c>. What hooks add is told to the model before the next message. Why the session must not begin, or null.</summary>
    public ValueTask<string?> SetupAsync(string trigger, CancellationToken cancellationToken) =>
        TellAsync(new(HookEvents.Setup) { Subject = trigger, Facts = new JsonObject { ["trigger"] = trigger } }, cancellationToken);

    /// <summary>Something happened on which the hooks' answers have no influence. What they add is told to the model before the next message.</summary>
    public async ValueTask HearAsync(HookOccasion occasion, CancellationToken cancellationToken) => await TellAsync(occasion, cancellationToken);

    /// <summary>Another model answers from here on.</summary>
    public async ValueTask SwitchedAsync(ModelSwitch change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (hooks.Hears(HookEvents.PostModelSwitch))
        {
            await TellAsync(change.Occasion(HookEvents.PostModelSwitch), cancellationToken);
        }
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

    private async ValueTask<string?> TellAsync(HookOccasion occasion, CancellationToken cancellationToken)
    {
        var said = await hooks.AskAsync(occasion, _log, cancellationToken);
        foreach (var context in said.Contexts)
        {
            await events.RecordAsync(RunId.Session, new ReminderAdded("hook", context), Durability.Written, cancellationToken);
        }

        return said.StopReason;
    }

    private ValueTask<HookAnswers> AskAsync(string name, string subject, JsonObject facts, CancellationToken cancellationToken) =>
        hooks.AskAsync(new HookOccasion(name) { Subject = subject, Facts = facts }, _log, cancellationToken);
}
