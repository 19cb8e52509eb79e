using System.Diagnostics;
using System.Diagnostics.Metrics;
using Bridle.Messages;
using OpenTelemetry.Trace;

namespace Bridle.Telemetry;

/// <summary>The source of spans and the instruments of one session, all by the name <c>Bridle</c>, so that a program with a telemetry of its own can hear them too.</summary>
internal sealed class TelemetryInstruments : IDisposable
{
    /// <summary>What to listen for.</summary>
    public const string Name = "Bridle";

    private static readonly double[] s_seconds = Array.ConvertAll([.. Enumerable.Range(0, 14)], power => 0.01 * Math.Pow(2, power));
    private static readonly long[] s_tokens = Array.ConvertAll([.. Enumerable.Range(0, 14)], power => 1L << (2 * power));

    private const string Keeper = "bridle.kept";

    // Which session makes a span on this thread just now, whether it keeps the one above, and whether it keeps this one.
    [ThreadStatic]
    private static (TelemetryInstruments? By, bool? AboveIsKept, bool IsKept) t_making;

    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<long>? _tokens;
    private readonly Counter<long>[] _counted = [];
    private readonly Histogram<double>? _agent;
    private readonly Histogram<double>? _tool;
    private readonly Counter<double> _cost;

    public TelemetryInstruments(GenAiNames names, string version)
    {
        (Source, Meter) = (new(Name, version), new(Name, version));
        _duration = Seconds(names.Duration, "How long asking a model took.");
        _firstChunk = Seconds(names.FirstChunk, "How long the first piece of a reply took.");
        _cost = Meter.CreateCounter<double>("bridle.cost", "USD", "Money, where prices are known.");
        if (names.IsLatest)
        {
            _counted = [.. new[] { "input_tokens", "output_tokens", "cache_read.input_tokens", "cache_write.input_tokens", "reasoning.output_tokens" }
                .Select(kind => Meter.CreateCounter<long>($"gen_ai.client.inference.usage.{kind}", "{token}"))];
            _agent = Seconds("gen_ai.invoke_agent.duration", "How long a turn took.");
            _tool = Seconds("gen_ai.execute_tool.duration", "How long a call took.");
        }
        else
        {
            _tokens = Meter.CreateHistogram(GenAiNames.TokenUsage, "{token}", "Tokens of a request and its reply.", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = s_tokens });
        }
    }

    public ActivitySource Source { get; }

    public Meter Meter { get; }

    /// <summary>Makes a span below another of this session or else below what called us, not begun yet; null when nobody wants it.</summary>
    public Activity? Make(string name, ActivityKind kind, Activity? above, ActivityContext otherwise)
    {
        t_making = (this, above is null ? null : Keeps(above), false);
        try
        {
            var span = Source.CreateActivity(name, kind, above?.Context ?? otherwise);
            span?.SetCustomProperty(Keeper, t_making.IsKept ? this : null);
            return span;
        }
        finally
        {
            t_making = default;
        }
    }

    /// <summary>Whether a span is one of this session that its sampler keeps. That it was made says little: anybody in the process who listens has it made.</summary>
    public bool Keeps(Activity span) => ReferenceEquals(span.GetCustomProperty(Keeper), this);

    /// <summary>
    /// Asks the sampler of this session about the span that is being made. One of another session is none of ours. What is above counts as we keep it, not as it is
    /// marked, because whoever listens marks it.
    /// </summary>
    public SamplingResult Decide(Sampler sampler, in SamplingParameters asked)
    {
        if (!ReferenceEquals(t_making.By, this))
        {
            return new(SamplingDecision.Drop);
        }

        var above = asked.ParentContext;
        var decided = sampler.ShouldSample(t_making.AboveIsKept is not { } kept ? asked : new(
            new(above.TraceId, above.SpanId, kept ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None, above.TraceState), asked.TraceId, asked.Name, asked.Kind, asked.Tags, asked.Links));
        t_making.IsKept = decided.Decision is SamplingDecision.RecordAndSample;
        return decided;
    }

    public void Asked(TimeSpan took, TimeSpan? first, TagList tags)
    {
        _duration.Record(took.TotalSeconds, tags);
        if (first is { } chunk)
        {
            _firstChunk.Record(chunk.TotalSeconds, tags);
        }
    }

    // What came from the cache counts as input, as the conventions have it.
    public void Paid(Usage? usage, decimal? cost, TagList tags)
    {
        if (cost is { } money)
        {
            _cost.Add((double)money, tags);
        }

        if (usage is null)
        {
            return;
        }

        var input = usage.Input + usage.CacheRead + usage.CacheWrite;
        foreach (var (counter, value) in _counted.Zip([input, usage.Output, usage.CacheRead, usage.CacheWrite, usage.Reasoning]))
        {
            counter.Add(value, tags);
        }

        if (_tokens is { } tokens)
        {
            foreach (var (kind, value) in new[] { ("input", input), ("output", usage.Output) })
            {
                var own = tags;
                own.Add(GenAiNames.TokenType, kind);
                tokens.Record(value, own);
            }
        }
    }

    public void Turned(TimeSpan took, TagList tags) => _agent?.Record(took.TotalSeconds, tags);

    public void Called(TimeSpan took, TagList tags) => _tool?.Record(took.TotalSeconds, tags);

    public void Dispose()
    {
        Source.Dispose();
        Meter.Dispose();
    }

    private Histogram<double> Seconds(string name, string about) => Meter.CreateHistogram(name, "s", about, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = s_seconds });
}
