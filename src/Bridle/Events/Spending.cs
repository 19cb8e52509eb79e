using Bridle.Messages;

namespace Bridle.Events;

/// <summary>One time that a model was paid for, as a record of the log says it.</summary>
/// <param name="N">The record.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Run">The run that spent it.</param>
/// <param name="Agent">Who asked: <c>main</c>, <c>compaction</c>, the purpose of a question beside the conversation, or the kind of a delegated run.</param>
/// <param name="Model">The model as <c>provider/model</c>; <c>unknown</c> where the log does not say.</param>
/// <param name="Usage">Tokens; none where the server did not say.</param>
/// <param name="Cost">US dollars, or null when there is no known price.</param>
/// <param name="Simulated">True for the rehearsal, which costs nothing.</param>
public sealed record Spent(long N, DateTimeOffset At, RunId Run, string Agent, string Model, Usage Usage, decimal? Cost, bool Simulated)
{
    /// <summary>Whether money was spent whose amount nobody knows.</summary>
    public bool IsUnpriced => Cost is null && Guess is null && !Simulated;

    /// <summary>Whether <see cref="Usage"/> is about what a reply took that broke off, because the server did not say.</summary>
    public bool IsGuess { get; init; }

    /// <summary>US dollars that a reply took, about, that broke off; it is shown and added up apart from what is known. Null for all else.</summary>
    public decimal? Guess => IsGuess && Cost is null ? Estimated : null;

    /// <summary>US dollars that it may have been, where the server did not say what it took; null where it did.</summary>
    public decimal? Estimated { get; init; }

    /// <summary>What a limit counts: what is known, or else what is estimated.</summary>
    public decimal Counted => Cost ?? Estimated ?? 0m;
}

/// <summary>
/// Reads from the records of one log, first to last, what was spent: replies, replies that broke off, summaries and questions beside the conversation. What another
/// program spent, before its transcript was imported, is none of it. Give it every record of <see cref="Types"/>; others change nothing.
/// </summary>
/// <param name="withCopied">Whether what a clone took over from its original counts. It was spent once, and the original's log says so.</param>
public sealed class SpendingFold(bool withCopied = false)
{
    private const string Imported = "imported";
    private static readonly Running s_nothing = new("unknown", "main", false, false);

    private readonly Dictionary<RunId, Running> _runs = [];
    private Running _last = s_nothing;
    private long _copied;

    /// <summary>The types of records that it needs, as the log names them.</summary>
    public static IReadOnlySet<string> Types { get; } = new HashSet<string>
    {
        "session_started", "run_started", "model_changed", "model_requested", "model_replied", "reply_cut", "compacted", "model_consulted",
    };

    /// <summary>All that the records spent, in their order.</summary>
    public static IReadOnlyList<Spent> Of(IEnumerable<Recorded> records, bool withCopied = true)
    {
        var fold = new SpendingFold(withCopied);
        return [.. records.Select(fold.Take).OfType<Spent>()];
    }

    /// <summary>What one record spent, or null.</summary>
    public Spent? Take(Recorded recorded)
    {
        switch (recorded.Event)
        {
            case SessionStarted started:
                _copied = withCopied ? 0 : started.ClonedUpTo ?? 0;
                return null;
            case RunStarted started:
                _last = _runs[recorded.Run] = new(started.Model, recorded.Run.Value.Contains('.', StringComparison.Ordinal) ? started.Kind : "main", started.Simulated, started.Kind == Imported);
                return null;
            case ModelChanged changed:
                _last = _last with { Model = changed.To, Simulated = false, IsImported = false };
                return null;
            case ModelRequested requested:
                _runs[recorded.Run] = In(recorded.Run) with { Model = requested.Model };
                return null;
            case ModelReplied replied:
                return Made(recorded, In(recorded.Run), replied.Reply.Usage, replied.Cost, replied.EstimatedCost);
            case ReplyCut { Usage: not null } or ReplyCut { Cost: not null } or ReplyCut { EstimatedUsage: not null } or ReplyCut { EstimatedCost: not null } or ReplyCut { PartialText.Length: > 0 }:
                var cut = (ReplyCut)recorded.Event;

                // Logs from before estimates were kept apart have them as the cost.
                return cut.Usage is not null ? Made(recorded, In(recorded.Run), cut.Usage, cut.Cost)
                    : Made(recorded, In(recorded.Run), cut.EstimatedUsage, null, cut.EstimatedCost ?? cut.Cost) is { } spent ? spent with { IsGuess = spent.Estimated is not null || cut.EstimatedUsage is not null } : null;
            case Compacted { Usage: not null } or Compacted { Cost: not null } or Compacted { EstimatedCost: not null }:
                var compacted = (Compacted)recorded.Event;
                return Made(recorded, Beside(recorded.Run, compacted.Model, "compaction"), compacted.Usage, compacted.Cost, compacted.EstimatedCost);
            case ModelConsulted consulted:
                return Made(recorded, Beside(recorded.Run, consulted.Model, consulted.Purpose), consulted.Usage ?? consulted.EstimatedUsage, consulted.Cost, consulted.EstimatedCost) is { } asked
                    ? asked with { IsGuess = consulted is { Usage: null, EstimatedUsage: not null } } : null;
            default:
                return null;
        }
    }

    private Spent? Made(Recorded recorded, Running running, Usage? usage, decimal? cost, decimal? estimated = null) => recorded.N <= _copied || running.IsImported ? null
        : new Spent(recorded.N, recorded.At, recorded.Run, running.Agent, running.Model, usage ?? Usage.None, cost, running.Simulated) { Estimated = cost is null ? estimated : null };

    private Running In(RunId run) => _runs.GetValueOrDefault(run) ?? _last with { Agent = "main" };

    // Another model than the rehearsal's may be asked beside it, and costs what it costs.
    private Running Beside(RunId run, string? model, string agent) =>
        In(run) is var running && (model is null || model == running.Model) ? running with { Agent = agent } : new(model, agent, false, running.IsImported);

    private sealed record Running(string Model, string Agent, bool Simulated, bool IsImported);
}
