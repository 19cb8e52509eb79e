using Bridle.Events;
using Bridle.Journal;
using Bridle.Loop;
using Bridle.Loop.Accepting;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Runs;
using Bridle.Sensors;

namespace Bridle.Sessions;

/// <summary>
/// Takes a message, runs a turn, nothing else. One turn at a time; <see cref="Post"/> may be called from any thread.
/// Disposing ends the background processes; the journal belongs to whoever opened it.
/// </summary>
public sealed class Session : IAsyncDisposable
{
    private readonly SessionParts _parts;
    private readonly Inbox _inbox = new();
    private readonly AgentLoop _loop;
    private readonly Acceptance _acceptance;
    private readonly TurnBeginning _beginning;
    private int _running;

    /// <summary>Puts a session together. Its transcript is what the log holds.</summary>
    public Session(SessionParts parts)
    {
        (_parts, Model) = (parts, parts.Model);
        var hooks = new TurnHooks(parts.Hooks, parts.Skills);
        var skills = new SkillHearing(parts.Skills);
        _beginning = new TurnBeginning(parts.Events, hooks, skills);
        var compacting = new Compacting(parts.Context, parts.Hooks, parts.Compaction, parts.Time, parts.Roles);
        var commands = new DeclaredCommands(parts.Pipeline, parts.FindTool, parts.Workspace, parts.Background, parts.NewId, parts.Time);
        _acceptance = new Acceptance(parts.Acceptance, commands, parts.Workspace, parts.Time);
        _loop = new AgentLoop(
            new ModelAsking(parts.Context, compacting, new StandingIn(parts.Roles, parts.Context), parts.Time, parts.OnToolsUnsupported), compacting,
            new CallAnswering(parts.Pipeline, parts.FindTool, parts.Workspace, parts.Background, parts.Approver, parts.NewId, parts.Time, parts.PointsToEarlierReads),
            _inbox, hooks, new Guiding(parts.Guides, commands), skills, new Sensing(parts.Sensors, new SensorDoors(() => parts.Pipeline, parts.Workspace, parts.NewId, parts.Time), parts.FindTool),
            [.. parts.BeforeDone, _acceptance]);
    }

    /// <summary>The conversation so far.</summary>
    public Transcript Transcript => _parts.Events.Transcript;

    /// <summary>The model that answers the next turn.</summary>
    public IModel Model { get; private set; }

    /// <summary>The permission mode in force.</summary>
    public string Mode => Transcript.Mode ?? _parts.Mode;

    /// <summary>Whether replies are asked for piece by piece. A change counts from the next request on and is not recorded.</summary>
    public bool Stream { get => _parts.Context.Stream; set => _parts.Context.Stream = value; }

    /// <summary>Leaves a message that the model sees at its next step, or at the next turn when none runs.</summary>
    public void Post(string text) => _inbox.Post(new InboxMessage(_parts.NewId(), text));

    /// <summary>Takes back what was posted and no step has seen, in order: a turn may end between a person's first key and their last.</summary>
    public IReadOnlyList<string> TakeUnread() => [.. _inbox.Take().Select(message => message.Text)];

    /// <summary>Runs a turn on a text message.</summary>
    public Task<TurnResult> RunAsync(string text, CancellationToken cancellationToken) => RunAsync([new TextPart(text)], _parts.NewId(), cancellationToken);

    /// <summary>
    /// Accepts a message (synced to the log before anything else; a message id that is known already is not accepted twice) and runs a turn.
    /// With no parts, goes on with the conversation as it stands. Cancelling ends the turn with a valid log and the outcome interrupted. Where another program changed
    /// the log the outcome says so, and the session must be opened again. Throws <see cref="JournalException"/> when the log fails otherwise.
    /// </summary>
    public async Task<TurnResult> RunAsync(IReadOnlyList<MessagePart> parts, string messageId, CancellationToken cancellationToken)
    {
        using var turn = OneTurn();
        var planner = Mode is "plan" && _parts.Roles.Planner is { } find ? await find(cancellationToken) : null;
        var model = planner ?? Model;
        var run = new Run(new RunId($"{Transcript.Runs + 1}"), "turn", model, new RunBudget(_parts.Limits, model.Info.Price, _parts.Time, shared: _parts.SharedBudget), _parts.Events);
        var started = new RunStarted(run.Kind, model.Info.FullName, Mode, _parts.Limits, model.Info.Simulated) { Isolation = _parts.Isolation, Acceptance = _acceptance.Words, Role = planner is null ? null : "planner" };
        var end = new TurnEnd(TurnOutcome.LogChanged, "");
        try
        {
            if (await _beginning.BeginAsync(run, parts, messageId, started, cancellationToken) is { } refusal)
            {
                return TurnResult.Of(run, new TurnEnd(TurnOutcome.Stopped, "", refusal));
            }

            end = await RunLoopAsync(run, cancellationToken);
            await _beginning.EndAsync(run, end, cancellationToken);
            await run.RecordAsync(end.Record(run), Durability.Synced, CancellationToken.None);
            return TurnResult.Of(run, end);
        }
        catch (JournalChangedException changed)
        {
            return UnrecordedTurn.Of(run, _parts.Events, end.Answer, (messageId, IsSent: parts.Count > 0), changed);
        }
    }

    /// <summary>Writes down what a turn left when another program changed the log, as far as it fits this one: results of calls that wait for them, and what came of a reply. Says what does not fit.</summary>
    public ValueTask<KeptTurn> KeepAsync(UnrecordedTurn left, CancellationToken cancellationToken) => left.KeepAsync(_parts.Events, cancellationToken);

    /// <summary>Writes down, on the disk, that a person came here from another session by going back, before any file is changed for it.</summary>
    public async ValueTask NoteAsync(Rewound rewound, CancellationToken cancellationToken) => await _parts.Events.RecordAsync(RunId.Session, rewound, Durability.Synced, cancellationToken);

    /// <summary>Changes the permission mode in a person's name.</summary>
    public async ValueTask ChangeModeAsync(string mode, CancellationToken cancellationToken)
    {
        if (mode != Mode)
        {
            await _parts.Events.RecordAsync(RunId.Session, new ModeChanged(Mode, mode, "person"), Durability.Written, cancellationToken);
        }
    }

    /// <summary>Lets another model answer from the next turn on.</summary>
    public async ValueTask ChangeModelAsync(IModel model, CancellationToken cancellationToken)
    {
        if (model.Info.FullName != Model.Info.FullName)
        {
            await _parts.Events.RecordAsync(RunId.Session, new ModelChanged(Model.Info.FullName, model.Info.FullName), Durability.Written, cancellationToken);
        }

        Model = model;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _parts.Background.DisposeAsync();

    private Turn OneTurn() => Interlocked.Exchange(ref _running, 1) is 0
        ? new Turn(this)
        : throw new InvalidOperationException("A turn is running. Post the message, or wait for the turn to end.");

    private async Task<TurnEnd> RunLoopAsync(Run run, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var clock = run.Budget.TimeLeft is { } left ? new CancellationTokenSource(left, _parts.Time) : null;
        using var link = clock?.Token.Register(limited.Cancel);
        try
        {
            return await _acceptance.BeginAsync(run, limited.Token) is { } why ? new TurnEnd(TurnOutcome.NotAccepted, "", why) : await _loop.RunAsync(run, limited.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new TurnEnd(TurnOutcome.Interrupted, run.Partial, "Interrupted.");
        }
        catch (OperationCanceledException) when (clock?.IsCancellationRequested is true)
        {
            return await _loop.CloseAsync(run, $"the time limit of {run.Budget.Limits.Seconds:0.#} s is reached", TurnOutcome.LimitReached, "", cancellationToken, ModelAsking.TimeToClose(run.Budget.Limits.Seconds));
        }
    }

    private readonly record struct Turn(Session Session) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref Session._running, 0);
    }
}
