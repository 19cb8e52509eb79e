using System.Diagnostics;

namespace Bridle.Hosting.Telemetry;

/// <summary>What is said beside spans and figures.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Severity">9 for information, 13 for a warning, 17 for an error, as OTLP counts.</param>
/// <param name="Event">The name of the event.</param>
/// <param name="Text">In words.</param>
/// <param name="Tags">What belongs to it.</param>
/// <param name="Span">The span that it belongs to.</param>
internal sealed record TelemetryLog(DateTimeOffset At, int Severity, string Event, string Text, IReadOnlyList<KeyValuePair<string, object?>> Tags, ActivityContext Span);

/// <summary>Spans, figures and words in the form of OTLP 1.x: <c>ExportTraceServiceRequest</c> and its kin. The numbers are those of the published <c>.proto</c> files.</summary>
internal static class OtlpWords
{
    private const string Scope = "Bridle";

    public static byte[] Traces(IReadOnlyList<KeyValuePair<string, object?>> resource, IEnumerable<Activity> spans)
    {
        var scope = ScopeOf();
        foreach (var span in spans)
        {
            scope.Message(2, Span(span));
        }

        return Whole(resource, scope);
    }

    public static byte[] Logs(IReadOnlyList<KeyValuePair<string, object?>> resource, IEnumerable<TelemetryLog> logs)
    {
        var scope = ScopeOf();
        foreach (var log in logs)
        {
            var record = new ProtobufWriter().Fixed(1, Nanoseconds(log.At)).Number(2, log.Severity).Text(3, log.Severity switch { >= 17 => "ERROR", >= 13 => "WARN", _ => "INFO" }).Message(5, Value(log.Text));
            Attributes(record, 6, log.Tags);
            if (log.Span.TraceId != default)
            {
                record.Bytes(9, Convert.FromHexString(log.Span.TraceId.ToHexString())).Bytes(10, Convert.FromHexString(log.Span.SpanId.ToHexString()));
            }

            scope.Message(2, record.Fixed(11, Nanoseconds(log.At)).Text(12, log.Event));
        }

        return Whole(resource, scope);
    }

    public static byte[] Metrics(IReadOnlyList<KeyValuePair<string, object?>> resource, IEnumerable<ProtobufWriter> metrics)
    {
        var scope = ScopeOf();
        foreach (var metric in metrics)
        {
            scope.Message(2, metric);
        }

        return Whole(resource, scope);
    }

    public static ulong Nanoseconds(DateTimeOffset at) => (ulong)(at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    public static void Attributes(ProtobufWriter to, int field, IEnumerable<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (value is not null)
            {
                to.Message(field, new ProtobufWriter().Text(1, name).Message(2, Value(value)));
            }
        }
    }

    private static byte[] Whole(IReadOnlyList<KeyValuePair<string, object?>> resource, ProtobufWriter scope)
    {
        var about = new ProtobufWriter();
        Attributes(about, 1, resource);
        return new ProtobufWriter().Message(1, new ProtobufWriter().Message(1, about).Message(2, scope)).ToArray();
    }

    private static ProtobufWriter ScopeOf() => new ProtobufWriter().Message(1, new ProtobufWriter().Text(1, Scope).Text(2, BridleVersion.Text));

    private static ProtobufWriter Span(Activity span)
    {
        var start = new DateTimeOffset(span.StartTimeUtc, TimeSpan.Zero);
        var written = new ProtobufWriter().Bytes(1, Convert.FromHexString(span.TraceId.ToHexString())).Bytes(2, Convert.FromHexString(span.SpanId.ToHexString())).Text(3, span.TraceStateString);
        if (span.ParentSpanId != default)
        {
            written.Bytes(4, Convert.FromHexString(span.ParentSpanId.ToHexString()));
        }

        written.Text(5, span.DisplayName).Number(6, (int)span.Kind + 1).Fixed(7, Nanoseconds(start)).Fixed(8, Nanoseconds(start + span.Duration));
        Attributes(written, 9, span.TagObjects);
        foreach (var one in span.Events)
        {
            var happened = new ProtobufWriter().Fixed(1, Nanoseconds(one.Timestamp)).Text(2, one.Name);
            Attributes(happened, 3, one.Tags);
            written.Message(11, happened);
        }

        return span.Status is ActivityStatusCode.Unset ? written : written.Message(15, new ProtobufWriter().Text(2, span.StatusDescription).Number(3, span.Status is ActivityStatusCode.Error ? 2 : 1));
    }

    private static ProtobufWriter Value(object value) => value switch
    {
        bool truth => new ProtobufWriter().Always(2, truth ? 1 : 0),
        int number => new ProtobufWriter().Always(3, number),
        long number => new ProtobufWriter().Always(3, number),
        double number => new ProtobufWriter().Double(4, number),
        IEnumerable<string> texts => new ProtobufWriter().Message(5, texts.Aggregate(new ProtobufWriter(), (list, text) => list.Message(1, Value(text)))),
        _ => new ProtobufWriter().Bytes(1, System.Text.Encoding.UTF8.GetBytes(value.ToString() ?? "")),
    };
}
