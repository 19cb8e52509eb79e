using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Runs;

/// <summary>One run: the only thing that anything executes as. It has an id, a kind, a budget and a place in one journal.</summary>
public sealed class Run(RunId id, string kind, IModel model, RunBudget budget, SessionEvents events)
{
    private readonly List<DeniedCall> _denied = [];
    private readonly HashSet<string> _away = new(StringComparer.Ordinal);
    private readonly StringBuilder _said = new();
    private IModel? _standIn;
    private readonly List<SensorRan> _sensors = [];

    /// <summary>Its path in the session.</summary>
    public RunId Id => id;

    /// <summary>Such as <c>turn</c>.</summary>
    public string Kind => kind;

    /// <summary>The model that answers it: its own, or the one that stands in for it.</summary>
    public IModel Model => _standIn ?? model;

    /// <summary>Whether another model than the run's own answers.</summary>
    public bool HasStandIn => _standIn is not null;

    /// <summary>What it may spend.</summary>
    public RunBudget Budget => budget;

    /// <summary>The conversation it continues.</summary>
    public Transcript Transcript => events.Transcript;

    /// <summary>Where large values go.</summary>
    public IBlobs Blobs => events.Blobs;

    /// <summary>How a model is asked something beside the conversation, in the run's name and within its limits.</summary>
    public AskingBeside Beside => new(budget.RefuseBeside, PayAsync, budget.Time);

    /// <summary>Whether the run began without a message.</summary>
    public bool IsAskedForMore { get; set; }

    /// <summary>Why no further step should follow, once a hook said so.</summary>
    public string? StopReason { get; private set; }

    /// <summary>The text of the reply that is coming or broke off last; empty once a whole one is written down.</summary>
    public string Partial => _said.ToString();

    /// <summary>The calls that were denied so far.</summary>
    public IReadOnlyList<DeniedCall> Denied
    {
        get
        {
            lock (_denied)
            {
                return [.. _denied];
            }
        }
    }

    /// <summary>What each sensor last came to that looked in this run.</summary>
    public IReadOnlyList<SensorRan> Sensors
    {
        get
        {
            lock (_sensors)
            {
                return [.. _sensors];
            }
        }
    }

    /// <summary>Appends a record in this run's name.</summary>
    public async ValueTask RecordAsync(DurableEvent durableEvent, Durability durability, CancellationToken cancellationToken)
    {
        if (durableEvent is ModelReplied { Reply.Text: var whole })
        {
            _said.Clear().Append(whole);
        }

        var recorded = await events.RecordAsync(id, durableEvent, durability, cancellationToken);
        if (recorded.Event is ModelReplied or ModelRequested)
        {
            _said.Clear();
        }

        if (recorded.Event is SensorRan ran)
        {
            Note(ran);
        }
    }

    private async ValueTask PayAsync(ModelConsulted consulted)
    {
        budget.SpendBeside(consulted);
        await RecordAsync(consulted, Durability.Written, CancellationToken.None);
    }

    /// <summary>The session's records of some types, named as in the log, of all its runs.</summary>
    public IEnumerable<Recorded> Records(IReadOnlySet<string> types) => events.Records(types);

    /// <summary>A text as the log keeps it: without secrets.</summary>
    public string Redact(string text) => events.Redact(text);

    /// <summary>Shows a transient event in this run's name.</summary>
    public ValueTask ShowAsync(TransientEvent transientEvent, CancellationToken cancellationToken)
    {
        if (transientEvent is TextStreamed piece)
        {
            _said.Append(piece.Text);
        }

        return events.ShowAsync(id, transientEvent, cancellationToken);
    }

    /// <summary>Shows a transient event from code that cannot wait asynchronously.</summary>
    public void Show(TransientEvent transientEvent) => events.Show(id, transientEvent);

    /// <summary>Lets another model answer the rest of the run. With <paramref name="isAway"/> the present one is not asked again in it.</summary>
    public void StandIn(IModel other, bool isAway)
    {
        _away.UnionWith(isAway ? [Model.Info.FullName] : Array.Empty<string>());
        _standIn = other;
    }

    /// <summary>Whether a model could not answer in this run.</summary>
    public bool IsAway(ModelInfo one) => _away.Contains(one.FullName);

    /// <summary>Asks the loop to take no further step. The first reason counts.</summary>
    public void Stop(string reason) => StopReason ??= reason;

    private void Note(SensorRan ran)
    {
        lock (_sensors)
        {
            var known = _sensors.FindIndex(one => one.Sensor == ran.Sensor);
            if (known < 0)
            {
                _sensors.Add(ran);
            }
            else
            {
                _sensors[known] = ran;
            }
        }
    }

    /// <summary>Notes a call that did not run.</summary>
    public void Deny(DeniedCall call)
    {
        lock (_denied)
        {
            _denied.Add(call);
        }
    }
}
