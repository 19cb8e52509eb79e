using System.IO.Compression;
using System.Text;
using Bridle.FakeVendors;

namespace Bridle.Hosting.Tests.Telemetry;

internal sealed record Span(string Name, string Trace, string Id, string Parent, ulong Kind, IReadOnlyDictionary<string, string> Tags, string Error, double Milliseconds);

/// <summary>Takes OTLP over HTTP and reads it.</summary>
internal sealed class Collector(Func<FakeRequest, FakeReply>? answer = null) : IAsyncDisposable
{
    public FakeHttpServer Server { get; } = new(answer ?? (_ => FakeReply.Json(200, "{}")));

    public Uri Url => Server.Url;

    /// <summary>All that came, as text in which a word can be looked for.</summary>
    public string Raw => string.Concat(Server.Requests.Select(request => $"{request.Path} {Encoding.UTF8.GetString(request.Body)}"));

    public IReadOnlyList<Span> Spans => [.. Of("/v1/traces").SelectMany(body => body.All(1)).SelectMany(resource => resource.All(2)).SelectMany(scope => scope.All(2)).Select(span => new Span(
        span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4), span.Number(6), span.Attributes(9), span.Has(15) && span.One(15).Number(3) == 2 ? span.One(15).Text(2) : "", (span.Number(8) - span.Number(7)) / 1e6))];

    public IReadOnlyDictionary<string, string> Resource => Of("/v1/traces").First().One(1).One(1).Attributes(1);

    /// <summary>The data points of a metric in its last export: tags, count and sum.</summary>
    public IReadOnlyList<(IReadOnlyDictionary<string, string> Tags, ulong Count, double Sum)> Figures(string name)
    {
        var metric = Of("/v1/metrics").Last().One(1).One(2).All(2).SingleOrDefault(one => one.Text(1) == name);
        return metric is null ? [] : metric.Has(9)
            ? [.. metric.One(9).All(1).Select(point => (point.Attributes(9), point.Number(4), point.Double(5)))]
            : [.. metric.One(7).All(1).Select(point => (point.Attributes(7), 1UL, point.Has(6) ? point.Number(6) : point.Double(4)))];
    }

    /// <summary>The bounds between the buckets of a histogram.</summary>
    public IReadOnlyList<double> Bounds(string name) =>
        [.. Of("/v1/metrics").Last().One(1).One(2).All(2).Single(one => one.Text(1) == name).One(9).All(1).First().Doubles(7)];

    public IReadOnlyList<(string Severity, string Event, string Text)> Logs => [.. LogRecords.Select(log => (log.Number(2) switch { >= 17 => "ERROR", >= 13 => "WARN", >= 9 => "INFO", _ => "" }, log.Text(12), log.One(5).Text(1)))];

    /// <summary>The span to which what was said belongs, by the name of the event.</summary>
    public IReadOnlyList<(string Event, string Trace, string Span)> LogSpans => [.. LogRecords.Select(log => (log.Text(12), log.Hex(9), log.Hex(10)))];

    private IEnumerable<ProtobufMessage> LogRecords => Of("/v1/logs").SelectMany(body => body.All(1)).SelectMany(resource => resource.All(2)).SelectMany(scope => scope.All(2));

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private IEnumerable<ProtobufMessage> Of(string path) => Server.Requests.Where(request => request.Path == path).Select(request => new ProtobufMessage(Plain(request)));

    private static byte[] Plain(FakeRequest request)
    {
        if (!request.Headers.TryGetValue("content-encoding", out var coding) || coding != "gzip")
        {
            return request.Body;
        }

        using var unpacked = new MemoryStream();
        using var packed = new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress);
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
