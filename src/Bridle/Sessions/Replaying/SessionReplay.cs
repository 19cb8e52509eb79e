using System.Text;
using Bridle.Context;
using Bridle.Context.Compaction;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sensors;
using Bridle.Tools;

namespace Bridle.Sessions.Replaying;

/// <summary>
/// Plays a session again, offline: the recorded replies go through the loop, the requests that it builds are compared with the recorded ones, and so is every note and
/// every end of a run. What tools, hooks and people answered is taken from the log. Nothing is executed, written or sent. An instance replays once.
/// </summary>
public sealed class SessionReplay
{
    private readonly ReplayFeed _feed;
    private readonly ReplayJournal _journal;
    private readonly ReplayBlobs _blobs;
    private readonly ReplayClock _clock = new();
    private readonly SessionEvents _events;
    private readonly Func<string, Price?> _priceOf;
    private readonly ContextAssembler _context;
    private (string Hash, IReadOnlyList<ToolSchema> Tools) _tools = ("", []);
    private readonly Dictionary<RunId, long> _beside = [];
    private Action _afterEach = () => { };
    private int _runs;
    private long _given;
    private long _posted;

    /// <summary>A replay of records in their order.</summary>
    /// <param name="records">The log, whole or up to a record.</param>
    /// <param name="blobs">The large values that the log names; only read.</param>
    /// <param name="priceOf">The price of a model, <c>provider/model</c>, for runs that had a limit of money; null where it is not known.</param>
    public SessionReplay(IReadOnlyList<Recorded> records, IBlobs blobs, Func<string, Price?> priceOf)
    {
        _feed = new ReplayFeed(records);
        _blobs = new ReplayBlobs(blobs);
        _priceOf = priceOf;
        _journal = new ReplayJournal(_feed, _blobs, taken => _clock.Now = taken.At);
        _events = new SessionEvents(_journal, [new Follower(this)]);
        _journal.Fold = record =>
        {
            if (record.Event is ModelConsulted consulted && (consulted.Usage ?? consulted.EstimatedUsage) is { } usage)
            {
                _beside[record.Run] = _beside.GetValueOrDefault(record.Run) + usage.Total;
            }

            _events.Transcript.Apply(record);
        };
        _journal.Beside = run => _beside.GetValueOrDefault(run);
        _context = new ContextAssembler(Prompt(records), Tools, null) { FreezesTools = false };
    }

    /// <summary>Replays to the end or to the first difference.</summary>
    public async Task<ReplayReport> RunAsync(CancellationToken cancellationToken)
    {
        ReplayDifference? difference = null;
        _journal.FoldOutside();
        while (difference is null && _feed.Next is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (NextRun() is { } started)
            {
                _runs++;
                difference = await RunAsync(started, cancellationToken);
            }
            else
            {
                // Made by no run of this program: adopted, imported, or accepted by a process that died before it began.
                _given++;
                _events.Transcript.Apply(_feed.Take());
                _journal.FoldOutside();
            }
        }

        _events.Dispose();
        return new ReplayReport(_runs, _journal.Requests.All, _journal.Requests.Whole, _given, difference);
    }

    private async Task<ReplayDifference?> RunAsync(Recorded started, CancellationToken cancellationToken)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var session = new Session(Parts(started, interrupted.Cancel));
        _afterEach = () => LookAhead(started.Run, interrupted.Cancel, session);
        var spoken = _feed.UpToNextRun().Where(ReplayFeed.IsMade).Select(record => record.Event).OfType<UserSpoke>().FirstOrDefault();
        try
        {
            await session.RunAsync(spoken?.Parts ?? [], spoken?.MessageId ?? "", interrupted.Token);
            return null;
        }
        catch (ReplayDiffersException differs)
        {
            return differs.Difference;
        }
        catch (ReplayRunOverException)
        {
            return Over(started.Run);
        }
        finally
        {
            _afterEach = () => { };
        }
    }

    private SessionParts Parts(Recorded started, Action interrupt)
    {
        var run = (RunStarted)started.Event;
        var world = new ReplayWorld();
        ReplayModel Replayed() => new(_feed, _priceOf, started.Run, run.Model, () => Interrupt(started.Run, interrupt));
        return new SessionParts
        {
            Events = _events,
            Model = Replayed(),
            Roles = new RoleModels { Fallbacks = [Replayed()], Recorded = () => _feed.Ahead(started.Run).SkipWhile(one => one is ReplyCut).FirstOrDefault() as ModelStoodIn },
            Workspace = world,
            Pipeline = new ToolPipeline([]),
            FindTool = _ => null,
            Context = _context,
            Approver = world,
            Hooks = new HookSet([new Hook("replay", HookEvents.Stop, (_, _) => ValueTask.FromResult(StopAnswer()))]),
            BeforeDone = [new ReplayedBeforeDone(_feed)],
            Acceptance = new() { Recorded = () => _feed.Next?.Event is RunFinished { Outcome: TurnOutcome.NotAccepted } ended ? ended.Error : null },
            Compaction = new CompactionOptions { Recorded = trigger => _feed.Next?.Event is Compacted done && done.Trigger == trigger ? done : null },
            Sensors = SensorSet.None with { Recorded = SensorsSaid },
            SharedBudget = new ReplayedSharedBudget(_feed),
            Limits = run.Limits,
            Mode = run.Mode,
            Time = _clock,
            NewId = () => "replay",
        };
    }

    // What happened between two records of the loop by itself: somebody interrupted it, its time ran out, or a person wrote meanwhile.
    private void LookAhead(RunId run, Action interrupt, Session session)
    {
        _journal.FoldOutside();
        if (_feed.Next is not { } next || next.Run != run)
        {
            return;
        }

        if (next.Event is RunFinished { Outcome: TurnOutcome.Interrupted })
        {
            interrupt();
        }
        else if (next.Event is ReminderAdded { Source: "budget" } budget && budget.Text.Contains("the time limit of ", StringComparison.Ordinal))
        {
            _clock.RunOut();
        }
        else if (next.Event is InboxDrained drained && next.N != _posted)
        {
            _posted = next.N;
            foreach (var message in drained.Messages)
            {
                session.Post(message.Text);
            }
        }
    }

    private void Interrupt(RunId run, Action interrupt)
    {
        if (_feed.Ahead(run).OfType<RunFinished>().FirstOrDefault()?.Outcome is TurnOutcome.LimitReached)
        {
            _clock.RunOut();
        }
        else
        {
            interrupt();
        }
    }

    private HookAnswer StopAnswer() => _feed.Next?.Event is ReminderAdded kept && ReplayFeed.IsKept(kept)
        ? new HookAnswer(Verdict.Deny, kept.Text[Loop.TurnHooks.NotDone.Length..])
        : HookAnswer.None;

    private SensorEnd SensorsSaid() => _feed.Next?.Event switch
    {
        ReminderAdded kept when ReplayFeed.IsSensorKept(kept) => new(kept.Text, null),
        RunFinished { Outcome: TurnOutcome.SensorRed } red => new(null, red.Error ?? ""),
        _ => default,
    };

    private ReplayDifference? Over(RunId run)
    {
        switch (_feed.Next)
        {
            case null or { Event: RunFinished { Outcome: TurnOutcome.Crashed } or UserSpoke or RunStarted }:
                return null;
            case { Event: RunFinished { Outcome: TurnOutcome.Stopped or TurnOutcome.Waiting } } ended:
                _events.Transcript.Apply(_feed.Take());
                _journal.FoldOutside();
                return null;
            case var next:
                return new ReplayDifference(next.N, $"run {run} cannot have come here: a call before it has no answer in the log", next.Event.GetType().Name, "a call that waits for its answer");
        }
    }

    // The run that begins next, or null when what comes next was made by none.
    private Recorded? NextRun()
    {
        var made = _feed.UpToNextRun().Where(ReplayFeed.IsMade).Take(3).ToList();
        var begun = made is [{ Event: RunFinished { Outcome: TurnOutcome.Crashed } }, ..] ? made[1..] : made;
        var started = begun is [{ Event: UserSpoke }, ..] ? begun.ElementAtOrDefault(1) : begun.FirstOrDefault();
        return started?.Event is RunStarted { Kind: not "imported" } ? started : null;
    }

    private IReadOnlyList<ToolSchema> Tools()
    {
        var requested = _feed.NextRequest();
        if (requested?.Parts.FirstOrDefault(part => part.Kind is "tools") is { } part && part.Hash != _tools.Hash)
        {
            _tools = (part.Hash, _blobs.Get(part.Hash) is { } text ? ToolListText.Read(text) : []);
        }

        return _tools.Tools;
    }

    private List<PromptPart> Prompt(IReadOnlyList<Recorded> records) =>
    [
        .. records.Where(record => !record.Run.Value.Contains('.')).Select(record => record.Event).OfType<ModelRequested>().FirstOrDefault()?.Parts.Where(part => part.Kind is not "tools")
            .Select(part => new PromptPart(part.Kind, part.Source, _blobs.Get(part.Hash) is { } text ? Encoding.UTF8.GetString(text) : "[no longer stored]")) ?? [],
    ];

    private sealed class Follower(SessionReplay replay) : IEventSink
    {
        public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
        {
            if (sessionEvent is Recorded { Event: not HookRan })
            {
                replay._journal.FoldOutside();
                replay._afterEach();
            }

            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>What a replay found.</summary>
/// <param name="Runs">Runs that were played.</param>
/// <param name="Requests">Requests that were built again and compared.</param>
/// <param name="WholeRequests">Those of them whose messages could be compared, too; logs of earlier versions say less.</param>
/// <param name="Given">Records of the conversation that no run of this program made (adopted, imported): taken as they are.</param>
/// <param name="Difference">The first difference, or null.</param>
public sealed record ReplayReport(int Runs, int Requests, int WholeRequests, long Given, ReplayDifference? Difference);

/// <summary>Where a replay left the log.</summary>
/// <param name="N">The record.</param>
/// <param name="What">What differs, in words.</param>
/// <param name="Recorded">What the log has.</param>
/// <param name="Replayed">What the replay made.</param>
public sealed record ReplayDifference(long N, string What, string Recorded, string Replayed);
