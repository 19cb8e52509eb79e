using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Tools;

namespace Bridle.Sessions;

/// <summary>Lets another model answer because somebody asks for it, unless a hook keeps the present one. Not while a turn runs.</summary>
public sealed class ModelSwitching(SessionParts parts, Session session)
{
    private readonly HookLog _log = new(async (one, durability, cancellationToken) => await parts.Events.RecordAsync(RunId.Session, one, durability, cancellationToken));

    /// <summary>Changes the model, or says why it stays. Where a hook wants a person to decide, <paramref name="confirm"/> asks one; with nobody there the model stays.</summary>
    /// <param name="requested">The name as it was given.</param>
    /// <param name="model">The model of that name.</param>
    /// <param name="source">Who asks: <c>command</c> for a person, <c>sdk</c> for a program.</param>
    /// <param name="confirm">Puts a question to a person and gives the answer, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> SwitchAsync(string requested, IModel model, string source, Func<string, CancellationToken, Task<bool>>? confirm, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var from = session.Model.Info;
        if (model.Info.FullName == from.FullName || !(parts.Hooks.Hears(HookEvents.PreModelSwitch) || parts.Hooks.Hears(HookEvents.PostModelSwitch)))
        {
            await session.ChangeModelAsync(model, cancellationToken);
            return null;
        }

        var change = new ModelSwitch(from.FullName, model.Info, requested, source, parts.Context.EstimateTokens(session.Transcript));
        var said = await parts.Hooks.AskAsync(change.Occasion(HookEvents.PreModelSwitch), _log, cancellationToken);
        if (said.StopReason is { } stop)
        {
            return $"A hook keeps {from.FullName}: {stop}";
        }

        if (said is { Verdict: Verdict.Deny or Verdict.Ask, Decider: { } decider })
        {
            var why = decider.Answer.Reason is { Length: > 0 } reason ? $": {reason}" : ".";
            if (said.Verdict is Verdict.Deny)
            {
                return $"The hook '{decider.Hook}' keeps {from.FullName}{why}";
            }

            if (confirm is null || !await confirm($"The hook '{decider.Hook}' asks whether {model.Info.FullName} may answer{why}", cancellationToken))
            {
                return $"{from.FullName} stays{(confirm is null ? $": the hook '{decider.Hook}' asks a person, and nobody is there" : "")}.";
            }
        }

        await session.ChangeModelAsync(model, cancellationToken);
        await new SessionHooks(parts.Hooks, parts.Events).SwitchedAsync(change, cancellationToken);
        return null;
    }
}
