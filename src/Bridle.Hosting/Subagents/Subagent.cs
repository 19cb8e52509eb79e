using Bridle.Context;
using Bridle.Events;
using Bridle.Hosting.Assembly;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Runs;
using Bridle.Sessions;
using Bridle.Tools;

namespace Bridle.Hosting.Subagents;

/// <summary>
/// An agent with a context of its own that works for a session: it sees its task and nothing of the conversation, has the tools that it is given and no others, asks nobody, and each of
/// its calls passes the session's own gate. Its log lives in memory; whoever starts it keeps what is worth keeping.
/// </summary>
/// <param name="session">The session that it works for: its world, its limits, its time.</param>
/// <param name="gate">The session's gate.</param>
internal sealed class Subagent(SessionParts session, GateParts gate)
{
    /// <summary>Works on a task. A model that fails is in the report; a cancellation is thrown.</summary>
    /// <param name="kind">What it is for, in a word or two.</param>
    /// <param name="system">Who it is.</param>
    /// <param name="task">What it is to do.</param>
    /// <param name="model">Who thinks.</param>
    /// <param name="tools">The tools that it has.</param>
    /// <param name="limits">What it may spend beside what the session shares with others.</param>
    /// <param name="heard">Hears of each record of its log.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SubagentReport> RunAsync(
        string kind, string system, string task, IModel model, IReadOnlyList<Tool> tools, RunLimits limits, IEventSink heard, CancellationToken cancellationToken)
    {
        var journal = new MemoryJournal(session.Time);
        var redacted = new RedactingJournal(journal, gate.Redactor);
        await redacted.AppendAsync(RunId.Session, new SessionStarted(1, kind, session.Workspace.Files.Root, BridleVersion.Text), Durability.Written, cancellationToken);
        using var events = new SessionEvents(redacted, [heard], redactor: gate.Redactor);
        var (set, nobody, hooks) = (new ToolSet(tools), new NobodyThere(), new SubagentHooks(gate.Hooks, session.Events, kind, session.NewId()));
        var parts = new SessionParts
        {
            Events = events, Model = model, Workspace = session.Workspace, Approver = nobody, FindTool = name => set.Resolve(name)?.Tool,
            Pipeline = GateAssembly.Pipeline(gate with { Tools = set, Sensors = null, FindRecorded = (_, _, _, _) => null, Approval = gate.Approval with { Approver = nobody, Keep = null, FindEarlier = _ => null } }),
            Hooks = hooks.OfTurn,
            Context = new ContextAssembler([new PromptPart("system", kind, system)], GateAssembly.Offered(set, gate.InForce), null) { Stream = session.Context.Stream },
            SharedBudget = session.SharedBudget, Limits = limits,
            Compaction = session.Compaction, Mode = session.Events.Transcript.Mode ?? session.Mode, Isolation = session.Isolation, Time = session.Time, NewId = session.NewId,
        };
        await using var child = new Session(parts);
        var told = await hooks.BeginAsync(cancellationToken);
        var turn = await child.RunAsync(string.Join("\n\n", told.Append(task)), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return SubagentReport.Of(turn);
    }
}
