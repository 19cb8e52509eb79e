using System.Diagnostics.Metrics;

namespace Bridle.Hosting.Telemetry;

/// <summary>Adds up what the instruments of one meter measure, since the session began. Safe to use concurrently.</summary>
internal sealed class MetricFigures : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(Instrument Instrument, string Tags), Series> _series = [];
    private readonly Lock _lock = new();
    private readonly ulong _start;
    private bool _changed;

    public MetricFigures(Meter meter, DateTimeOffset start)
    {
        _start = OtlpWords.Nanoseconds(start);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The metrics in the form of OTLP; none when nothing was measured since the last time.</summary>
    public IReadOnlyList<ProtobufWriter> Take(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_changed)
            {
                return [];
            }

            _changed = false;
            return [.. _series.GroupBy(one => one.Key.Instrument).Select(group => Metric(group.Key, [.. group.Select(one => one.Value)], OtlpWords.Nanoseconds(now)))];
        }
    }

    /// <summary>Measured again with the next: the last did not arrive.</summary>
    public void PutBack()
    {
        lock (_lock)
        {
            _changed = true;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var own = tags.ToArray();
        var key = string.Join('\n', own.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
        lock (_lock)
        {
            if (!_series.TryGetValue((instrument, key), out var series))
            {
                _series[(instrument, key)] = series = new(own, BoundsOf(instrument));
            }

            series.Add(value);
            _changed = true;
        }
    }

    private static IReadOnlyList<double> BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => bounds,
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => [],
    };

    private ProtobufWriter Metric(Instrument instrument, IReadOnlyList<Series> all, ulong now)
    {
        var isHistogram = instrument is Histogram<double> or Histogram<long>;
        var data = new ProtobufWriter();
        foreach (var series in all)
        {
            data.Message(1, isHistogram ? series.Histogram(_start, now) : series.Sum(_start, now));
        }

        // Cumulative: each export says all since the start, so that one that is lost loses nothing.
        data.Number(2, 2);
        return new ProtobufWriter().Text(1, instrument.Name).Text(2, instrument.Description).Text(3, instrument.Unit).Message(isHistogram ? 9 : 7, isHistogram ? data : data.Number(3, 1));
    }

    private sealed class Series(KeyValuePair<string, object?>[] tags, IReadOnlyList<double> bounds)
    {
        private readonly ulong[] _counts = new ulong[bounds.Count + 1];
        private ulong _count;
        private double _sum;
        private double _least = double.MaxValue;
        private double _most = double.MinValue;

        public void Add(double value)
        {
            var at = 0;
            while (at < bounds.Count && value > bounds[at])
            {
                at++;
            }

            _counts[at]++;
            (_count, _sum, _least, _most) = (_count + 1, _sum + value, Math.Min(_least, value), Math.Max(_most, value));
        }

        public ProtobufWriter Histogram(ulong start, ulong now)
        {
            var point = new ProtobufWriter().Fixed(2, start).Fixed(3, now).Fixed(4, _count).Double(5, _sum).Packed(6, _counts).Packed(7, [.. bounds.Select(bound => (ulong)BitConverter.DoubleToInt64Bits(bound))]);
            OtlpWords.Attributes(point, 9, tags);
            return point.Double(11, _least).Double(12, _most);
        }

        public ProtobufWriter Sum(ulong start, ulong now)
        {
            var point = new ProtobufWriter().Fixed(2, start).Fixed(3, now).Double(4, _sum);
            OtlpWords.Attributes(point, 7, tags);
            return point;
        }
    }
}
