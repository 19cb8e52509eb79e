using System.Text.Json.Nodes;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Hosting.Subagents;

/// <summary>What the session's hooks hear of a subagent as a whole: that it begins and that it has its answer, written down in the session's log. Of its calls they hear in the gate.</summary>
internal sealed class SubagentHooks(HookSet hooks, SessionEvents session, string kind, string id)
{
    private readonly HookLog _log = new(async (one, durability, cancellationToken) => await session.RecordAsync(RunId.Session, one, durability, cancellationToken));

    /// <summary>The hooks that its turn has: none of the session's own, but those of the end of a subagent where it ends.</summary>
    public HookSet OfTurn => hooks.Hears(HookEvents.SubagentStop) ? new([new Hook(HookEvents.SubagentStop, HookEvents.Stop, StopAsync) { FailClosed = false }]) : HookSet.None;

    /// <summary>It begins. What hooks add for it.</summary>
    public async ValueTask<IEnumerable<string>> BeginAsync(CancellationToken cancellationToken) =>
        (await hooks.AskAsync(new HookOccasion(HookEvents.SubagentStart) { Subject = kind, Facts = Facts() }, _log, cancellationToken)).Contexts;

    private async ValueTask<HookAnswer> StopAsync(HookOccasion end, CancellationToken cancellationToken)
    {
        var facts = Facts();
        foreach (var (name, value) in end.Facts)
        {
            facts[name] = value?.DeepClone();
        }

        var said = await hooks.AskAsync(new HookOccasion(HookEvents.SubagentStop) { Subject = kind, Facts = facts }, _log, cancellationToken);
        var context = string.Join("\n\n", said.Contexts);
        return new HookAnswer(said.Verdict is Verdict.Deny ? Verdict.Deny : null, said.Decider?.Answer.Reason) { StopReason = said.StopReason, Context = context.Length > 0 ? context : null };
    }

    private JsonObject Facts() => new() { ["agent_id"] = id, ["agent_type"] = kind };
}
